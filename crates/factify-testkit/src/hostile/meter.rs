//! Measures the time and memory of a call.

use std::time::{Duration, Instant};

/// Measures from its creation.
pub(super) struct Meter {
    started: Instant,
    memory: u64,
}

impl Meter {
    pub(super) fn start() -> Self {
        // Resets the kernel's peak value.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self {
            started: Instant::now(),
            memory: peak(),
        }
    }

    /// The time since the start and the additional memory in KB.
    pub(super) fn read(&self) -> (Duration, u64) {
        let memory = peak().saturating_sub(self.memory);
        (self.started.elapsed(), memory)
    }
}

/// The peak memory of this process in KB, if the system reports it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
