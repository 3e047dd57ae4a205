//! What work costs this process, and where it runs.

use std::time::{Duration, Instant};

use rustix::thread::CpuSet;
use rustix::time::{ClockId, clock_gettime};

/// Time on the clock and on the processor.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Time that passed.
    pub wall: Duration,
    /// Time of all threads of this process on a processor.
    pub cpu: Duration,
}

impl Cost {
    /// Does the work.
    pub fn of(work: impl FnOnce()) -> Self {
        let (started, cpu) = (Instant::now(), cpu_time());
        work();
        Self {
            wall: started.elapsed(),
            cpu: cpu_time().saturating_sub(cpu),
        }
    }
}

/// The time of all threads of this process on a processor, until now.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap_or_default(),
        time.tv_nsec.try_into().unwrap_or_default(),
    )
}

/// Keeps this thread, and those that it starts, on one of the processors.
pub fn pin(processor: usize) {
    let mut set = CpuSet::new();
    set.set(processor);
    // Where there are not so many, it runs anywhere.
    let _ = rustix::thread::sched_setaffinity(None, &set);
}

/// The most memory that this process has had, in KB, where the system tells.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
