//! Tells the polls of connections apart.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of polls so far, on all threads.
static POLLS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The number of the poll that runs on this thread. 0 outside of a poll.
    static CURRENT: Cell<u64> = const { Cell::new(0) };
}

/// Spawns the tasks of connections on the current runtime of tokio, and numbers their polls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tasks;

impl<F> hyper::rt::Executor<F> for Tasks
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    fn execute(&self, task: F) {
        tokio::spawn(async move {
            let mut task = pin!(task);
            poll_fn(|context| {
                CURRENT.set(POLLS.fetch_add(1, Ordering::Relaxed) + 1);
                let polled = task.as_mut().poll(context);
                CURRENT.set(0);
                polled
            })
            .await
        });
    }
}

/// The number of the poll that runs on this thread.
pub(crate) fn current() -> Option<u64> {
    Some(CURRENT.get()).filter(|poll| *poll != 0)
}
