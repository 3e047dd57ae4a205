//! The call that waits until a document is processed.

use std::time::Duration;

use factify_types::documents::Document;

use super::config::ClientConfig;
use super::machine_call::MachineRun;
use super::options::{Options, option_setters};
use super::run::Running;
use super::{Client, blocking};
use crate::error::Error;
use crate::operations::documents::wait::{DEADLINE, Step, Wait};
use crate::transport::{self, HttpTransport};

machine_call! {
    /// A call of [`DocumentResource::wait_until_processed`](crate::documents::DocumentResource::wait_until_processed).
    ///
    /// Nothing happens before `send`. Without [`deadline`](Self::deadline), it waits five minutes at most. The other
    /// options apply to each request. If a request fails and a later one may succeed, it goes on waiting.
    pub struct WaitCall(Wait);

    /// Waits until the document is processed, and returns it.
    ///
    /// # Errors
    /// [`ErrorKind::Processing`](crate::ErrorKind::Processing) if the processing failed,
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if it did not end within the deadline, and the errors of
    /// [`GetDocument`](crate::documents::GetDocument). A retryable error ends the wait only at the deadline, or if the
    /// server allows no other request before it.
    send -> Document, within Some(DEADLINE);

    Read => read,
}
