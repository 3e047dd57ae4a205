//! The call that waits until a document is processed.

use factify_types::DocumentId;
use factify_types::documents::Document;

use super::config::ClientConfig;
use super::options::{Options, option_setters};
use super::parts::PartsRun;
use super::run::{Cancel, Running};
use super::{Client, blocking};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::operations::documents::wait::{DEADLINE, NAME, Step, Wait};
use crate::transport::{self, HttpTransport, Now};

/// A call of [`DocumentResource::wait_until_processed`](crate::documents::DocumentResource::wait_until_processed).
///
/// Nothing happens before `send`. Without [`deadline`](Self::deadline), it waits five minutes at most. The other
/// options apply to each request. If a request fails and a later one may succeed, it waits on.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct WaitCall<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    document_id: DocumentId,
    options: Options,
}

impl<'c, C> WaitCall<'c, C> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, document_id: DocumentId) -> Self {
        Self {
            client,
            config,
            document_id,
            options: Options::default(),
        }
    }

    option_setters!();
}

/// The code of both drivers, which differ only in how they wait.
macro_rules! drive {
    ($call:ident, $run:ident, $transport:ident $(, $await:tt)?) => {{
        let mut step = $run.wait.woke($transport.now());
        loop {
            step = match step {
                Step::Read(get, left) => {
                    let result = $call.client.call_with(get, $run.parts.options(Some(left))).send()$(.$await)?;
                    $run.wait.read($transport.now(), result)
                }
                Step::Sleep(wait) => {
                    let () = $transport.sleep(wait)$(.$await)?;
                    $run.wait.woke($transport.now())
                }
                Step::Done(result) => break $run.parts.finish($transport.now(), *result),
            };
        }
    }};
}

impl<T: HttpTransport> WaitCall<'_, Client<T>> {
    /// Waits until the document is processed, and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::Processing`] if the processing failed, [`ErrorKind::Timeout`] if it did not end within the
    /// deadline, and the errors of [`GetDocument`](crate::documents::GetDocument). A retryable one ends the wait only
    /// at the deadline, or if the server allows no other request before it.
    pub async fn send(self) -> Result<Document, Error> {
        let transport = self.client.transport();
        let run = WaitRun::new(self.config, self.document_id, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        {
            let span = run.parts.span();
            let driven = async { drive!(self, run, transport, await) };
            tracing::Instrument::instrument(driven, span).await
        }
        #[cfg(not(feature = "tracing"))]
        drive!(self, run, transport, await)
    }
}

impl<T: transport::blocking::HttpTransport> WaitCall<'_, blocking::Client<T>> {
    /// Waits until the document is processed, and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::Processing`] if the processing failed, [`ErrorKind::Timeout`] if it did not end within the
    /// deadline, and the errors of [`GetDocument`](crate::documents::GetDocument). A retryable one ends the wait only
    /// at the deadline, or if the server allows no other request before it.
    pub fn send(self) -> Result<Document, Error> {
        let transport = self.client.transport();
        let run = WaitRun::new(self.config, self.document_id, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        let span = run.parts.span();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        drive!(self, run, transport)
    }
}

/// The machine of a call, and its requests.
struct WaitRun {
    wait: Wait,
    parts: PartsRun,
}

impl WaitRun {
    fn new(config: &ClientConfig, document_id: DocumentId, options: Options, now: Now) -> Self {
        let deadline = options.deadline.unwrap_or(DEADLINE);
        Self {
            wait: Wait::new(document_id, deadline, now),
            parts: PartsRun::new(NAME, &config.watch, options, now),
        }
    }
}

impl Cancel for WaitRun {
    fn is_reported(&self) -> bool {
        self.parts.has_ended()
    }

    fn cancel(&mut self, now: Now) {
        self.parts.cancel(now, false);
    }
}
