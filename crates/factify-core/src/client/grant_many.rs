//! The call that gives access to any number of recipients.

use std::time::Duration;

use super::config::ClientConfig;
use super::machine_call::MachineRun;
use super::options::{Options, option_setters};
use super::run::Running;
use super::{Client, blocking};
use crate::error::Error;
use crate::operations::sharing::GrantReport;
use crate::operations::sharing::grant_many::{GrantMany, Step};
use crate::transport::{self, HttpTransport};

machine_call! {
    /// A call of [`SharingResource::grant_many`](crate::sharing::SharingResource::grant_many).
    ///
    /// Nothing happens before `send`. [`deadline`](Self::deadline) is the time limit of all its requests; the other
    /// options apply to each request.
    pub struct GrantManyCall(GrantMany);

    /// Sends the grants. If a request fails after others have succeeded, the report says so.
    ///
    /// # Errors
    /// Those of [`GrantDocumentAccess`](crate::sharing::GrantDocumentAccess), for the first request.
    send -> GrantReport, within None;

    Grant => granted,
}

impl<C> GrantManyCall<'_, C> {
    /// Whether the API notifies the recipients. The API does not document its default.
    pub fn should_send_notification(mut self, should_send_notification: bool) -> Self {
        self.machine.request.should_send_notification = Some(should_send_notification);
        self
    }

    /// A message for the notification.
    pub fn custom_message(mut self, custom_message: impl Into<String>) -> Self {
        self.machine.request.custom_message = Some(custom_message.into());
        self
    }
}
