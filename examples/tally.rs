//! The results of many files.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Failure;

/// Counts files, from several tasks or threads.
#[derive(Debug, Default)]
pub struct Tally {
    done: AtomicUsize,
    done_before: AtomicUsize,
    failed: AtomicUsize,
}

impl Tally {
    /// Counts a file: whether it was done now, or before.
    pub fn count(&self, result: &Result<bool, Failure>) {
        let count = match result {
            Ok(true) => &self.done,
            Ok(false) => &self.done_before,
            Err(_) => &self.failed,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// The summary, such as "3 saved, 9 saved before, 0 failed".
    ///
    /// # Errors
    /// The summary, if a file failed.
    pub fn summary(&self, done: &str) -> Result<String, Failure> {
        let [now, before, failed] = [&self.done, &self.done_before, &self.failed]
            .map(|count| count.load(Ordering::Relaxed));
        let summary = format!("{now} {done}, {before} {done} before, {failed} failed");
        if failed > 0 {
            return Err(summary.into());
        }
        Ok(summary)
    }
}
