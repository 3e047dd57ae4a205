use std::fmt;
use std::sync::Arc;

/// How far a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes that were handed over so far: to the transport by an upload, to you by a download.
    /// They start again at 0 when the transfer is sent again.
    pub bytes: u64,
    /// The bytes of the whole transfer; `None` when the server does not say.
    pub total: Option<u64>,
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
