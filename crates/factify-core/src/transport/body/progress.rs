use std::fmt;
use std::sync::Arc;

/// The progress of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes moved so far: passed to the transport in an upload, or to you in a download. A retry
    /// starts again, but the download of a document goes on.
    pub bytes: u64,
    /// The size of the whole transfer in bytes: in an upload, with the other fields of the form. `None` if the server
    /// does not announce it.
    pub total: Option<u64>,
}

impl Progress {
    /// A value for tests of your own callback.
    pub const fn new(bytes: u64, total: Option<u64>) -> Self {
        Self { bytes, total }
    }
}

/// Called after each part of a transfer, on the thread that moves it.
#[derive(Clone)]
pub(crate) struct ProgressFn(Arc<dyn Fn(Progress) + Send + Sync>);

impl ProgressFn {
    pub(crate) fn new(report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(report))
    }

    pub(crate) fn report(&self, bytes: u64, total: Option<u64>) {
        (self.0)(Progress { bytes, total });
    }
}

impl fmt::Debug for ProgressFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgressFn")
    }
}
