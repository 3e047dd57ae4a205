//! What a process uses.

use std::iter::repeat_with;
use std::thread::sleep;
use std::time::Duration;
use std::{fs, io};

/// The resources of this process, as Linux reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// The open files.
    pub files: usize,
    /// The threads.
    pub threads: usize,
    /// The memory in KB.
    pub memory: u64,
}

impl Resources {
    /// The current ones. It needs a free file, so it may have to wait for one.
    pub fn now() -> Self {
        let tries = repeat_with(|| Self::read().inspect_err(|_| sleep(Duration::from_millis(1))));
        let mut read = tries.take(30_000).flatten();
        read.next().expect("a file was free within 30 seconds")
    }

    fn read() -> io::Result<Self> {
        let count = |path| fs::read_dir(path).map(Iterator::count);
        let status = fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(Self {
            files: count("/proc/self/fd")?,
            threads: count("/proc/self/task")?,
            memory: number.expect("Linux has it").parse().expect("a number"),
        })
    }
}
