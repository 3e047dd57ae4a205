//! Measures the cost of work in this process, and selects its processor.

use std::time::{Duration, Instant};

use rustix::thread::CpuSet;
use rustix::time::{ClockId, clock_gettime};

/// Elapsed time and CPU time.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Elapsed time.
    pub wall: Duration,
    /// CPU time of all threads of this process.
    pub cpu: Duration,
}

impl Cost {
    /// Runs the work and measures it.
    pub fn of(work: impl FnOnce()) -> Self {
        let (started, cpu) = (Instant::now(), cpu_time());
        work();
        Self {
            wall: started.elapsed(),
            cpu: cpu_time().saturating_sub(cpu),
        }
    }
}

/// The CPU time of all threads of this process so far.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap_or_default(),
        time.tv_nsec.try_into().unwrap_or_default(),
    )
}

/// Pins this thread and the threads that it starts to a processor.
pub fn pin(processor: usize) {
    let mut set = CpuSet::new();
    set.set(processor);
    // If there are fewer processors, it runs anywhere.
    let _ = rustix::thread::sched_setaffinity(None, &set);
}

/// The peak memory of this process in KB, if the system reports it.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
