//! What a process uses.

/// The resources of this process, if the system reports them.
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
    /// The current ones.
    pub fn now() -> Self {
        let count = |path| std::fs::read_dir(path).map_or(0, Iterator::count);
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Self {
            files: count("/proc/self/fd"),
            threads: count("/proc/self/task"),
            memory: number.and_then(|it| it.parse().ok()).unwrap_or_default(),
        }
    }
}
