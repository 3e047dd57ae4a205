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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use hyper::rt::Executor;
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn each_poll_of_a_task_has_its_own_number() {
        let (sender, numbers) = mpsc::channel();
        for _ in 0..2 {
            let sender = sender.clone();
            Tasks.execute(async move {
                for _ in 0..3 {
                    sender.send(current()).unwrap();
                    yield_now().await;
                }
            });
        }
        drop(sender);
        let mut seen = Vec::new();
        while seen.len() < 6 {
            assert_eq!(current(), None, "outside of the tasks");
            yield_now().await;
            seen.extend(numbers.try_iter().map(Option::unwrap));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 6);
    }
}
