//! The call that makes sure that somebody has no access to a document.

use std::time::Duration;

use super::config::ClientConfig;
use super::machine_call::MachineRun;
use super::options::{Options, option_setters};
use super::run::Running;
use super::{Client, blocking};
use crate::error::Error;
use crate::operations::sharing::Ensured;
use crate::operations::sharing::no_access::{NoAccess, Step};
use crate::transport::{self, HttpTransport};

machine_call! {
    /// A call of [`SharingResource::ensure_no_access`](crate::sharing::SharingResource::ensure_no_access).
    ///
    /// Nothing happens before `send`. It sends as many requests as necessary within its deadline. The other options
    /// apply to each request.
    pub struct EnsureNoAccessCall(NoAccess);

    /// Revokes the access, verifies it and returns what is left. You can call it again at any time.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) if the state could not be verified, and the errors of
    /// the operations, such as a wrong token or ID. After an error nothing is certain, even if its outcome is
    /// [`Outcome::NotApplied`](crate::Outcome::NotApplied).
    send -> Ensured, within None;

    Revoke => revoked,
    Access => listed,
    Document => read,
    Members => read_members,
    Policies => read_policies,
}
