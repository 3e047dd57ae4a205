//! What a call costs, in time and memory.

use std::time::{Duration, Instant};

/// Measures from its start on.
pub(super) struct Meter {
    started: Instant,
    memory: u64,
}

impl Meter {
    pub(super) fn start() -> Self {
        // Lets the kernel count the peak anew.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self {
            started: Instant::now(),
            memory: peak(),
        }
    }

    /// The time since the start, and the memory on top of that at the start, in KB.
    pub(super) fn read(&self) -> (Duration, u64) {
        let memory = peak().saturating_sub(self.memory);
        (self.started.elapsed(), memory)
    }
}

/// The peak memory of this process in KB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
