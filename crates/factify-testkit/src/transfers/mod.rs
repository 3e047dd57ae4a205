//! Uploads and downloads of documents, over a line that breaks, stops, is slow or changes what passes.

mod downloads;
mod line;
mod many;
mod uploads;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use factify_core::{ClientConfig, RetryPolicy, TransferLimits};

use line::Step;

pub use downloads::{
    a_download_that_is_cut_at_any_boundary_is_resumed, each_download_ends_as_its_line_decides,
};
pub use many::uploads_at_once_create_a_document_each;
pub use uploads::{
    an_upload_that_is_cut_at_any_boundary_creates_no_second_document,
    each_upload_of_a_document_ends_as_its_line_decides,
};

/// The length of a file.
const LENGTH: usize = 1 << 20;

/// Where to cut.
const BOUNDARY: usize = 64 << 10;

static CONTENT: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..1_u32 << 18).flat_map(u32::to_le_bytes).collect());

/// How many cases run at once. More of them would wait for each other on a small machine.
const AT_ONCE: usize = 4;

/// Runs all cases.
fn each_of<C: Sync>(cases: &[C], run: impl Fn(&C) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(case);
                }
            });
        }
    });
}

/// Whether the line is slow, or silent for a while.
fn is_about_time(scripts: &[Vec<Step>]) -> bool {
    let is_slow =
        |step: &Step| matches!(step, Step::Wait | Step::UpSlowly(..) | Step::DownSlowly(..));
    scripts.iter().flatten().any(is_slow)
}

/// Limits that are short for a case about time, and else so long that a slow machine does not reach them. A transfer
/// takes longer than all of the short ones as long as it moves.
fn limited(config: ClientConfig, least_rate: u64, is_about_time: bool) -> ClientConfig {
    let limit = Duration::from_secs(if is_about_time { 3 } else { 120 });
    let policy = RetryPolicy::standard().backoff(Duration::ZERO, Duration::ZERO);
    let transfer = TransferLimits::standard()
        .idle(limit)
        .least_rate(least_rate);
    let config = config.retry(policy).transfer(transfer);
    config.timeout(limit).deadline(limit)
}
