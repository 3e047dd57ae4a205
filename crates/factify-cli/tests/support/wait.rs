use std::fmt::Debug;
use std::time::{Duration, Instant};

/// How long anything may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// Looks until the condition holds. After the time limit it fails and prints what it saw last.
pub(crate) fn until<T: Debug>(what: &str, mut look: impl FnMut() -> T, is_so: impl Fn(&T) -> bool) {
    let started = Instant::now();
    loop {
        let seen = look();
        if is_so(&seen) {
            return;
        }
        let waited = started.elapsed();
        assert!(
            waited < DEADLINE,
            "{what}: after {waited:?} there is {seen:?}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
