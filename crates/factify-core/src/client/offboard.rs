//! The call that offboards a person.

use std::time::Duration;

use factify_types::{EmailAddress, UserId};

use super::config::ClientConfig;
use super::machine_call::MachineRun;
use super::options::{Options, option_setters};
use super::run::Running;
use super::{Client, blocking};
use crate::error::Error;
use crate::operations::organizations::OffboardReport;
use crate::operations::organizations::offboard::machine::{DEADLINE, Offboard, Step};
use crate::transport::{self, HttpTransport};

machine_call! {
    /// A call of [`OrganizationResource::offboard`](crate::organizations::OrganizationResource::offboard).
    ///
    /// Nothing happens before `send`. Each item may take two minutes; without [`deadline`](Self::deadline), the call
    /// has a day. The other options apply to each request.
    pub struct OffboardCall(Offboard);

    /// Works on one thing after the other, and reports each. You can call it again at any time: it continues with what
    /// is left.
    ///
    /// # Errors
    /// Nothing is changed if the members cannot be read, if the person cannot be removed (the caller may not do it, or the
    /// person owns the organization), if the person has another email address, or if the new owner is not a member. All
    /// other errors are in the report.
    send -> OffboardReport, within Some(DEADLINE);

    ListMembers => members_listed,
    RemoveMember => member_removed,
    UnreadMembers => members_read,
    ListInvites => invites_listed,
    RevokeInvite => invite_revoked,
    UnreadInvites => invites_read,
    ListDocuments => documents_listed,
    GetDocument => document_read,
    ListAccess => access_listed,
    ListPolicies => policies_listed,
    Revoke => access_revoked,
    Transfer => transferred,
}

impl<C> OffboardCall<'_, C> {
    /// Who gets the documents of the person: another member of the organization. Without it, the person keeps them,
    /// and the report says so.
    pub fn transfer_documents_to(mut self, new_owner_id: UserId) -> Self {
        self.machine.new_owner_id = Some(new_owner_id);
        self
    }

    /// The address of the person: pending invites to it are revoked too, so that the person cannot join again. If the
    /// person is a member with another address, the call is refused.
    pub fn email(mut self, email: EmailAddress) -> Self {
        self.machine.email = Some(email);
        self
    }

    /// Changes nothing: the call only reads, and reports what it would remove.
    pub fn dry_run(mut self) -> Self {
        self.machine.is_dry_run = true;
        self
    }
}
