use std::time::Duration;

use factify_types::{InviteId, OrganizationId};

use super::{EnsureRevoked, EnsureStep, Ensured};
use crate::client::{Call, Client, ClientConfig, Options, blocking, option_setters};
use crate::error::Error;
use crate::operation::Operation;
use crate::transport::{self, HttpTransport, Now};

/// A call of [`EnsureRevoked`], with its options.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct EnsureRevokedCall<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    organization_id: OrganizationId,
    invite_id: InviteId,
    options: Options,
}

impl<'c, C> EnsureRevokedCall<'c, C> {
    pub(crate) fn new(
        client: &'c C,
        config: &'c ClientConfig,
        organization_id: OrganizationId,
        invite_id: InviteId,
    ) -> Self {
        Self {
            client,
            config,
            organization_id,
            invite_id,
            options: Options::default(),
        }
    }

    option_setters!();

    fn begin(&self, now: Now) -> EnsureRevoked {
        let deadline = self.options.deadline.unwrap_or(self.config.deadline);
        EnsureRevoked::new(self.organization_id, self.invite_id, deadline, now)
    }

    fn call<O: Operation>(&self, operation: O, left: Duration) -> Call<'c, C, O> {
        let options = self.options.clone();
        Call::with_options(self.client, self.config, operation, options).deadline(left)
    }
}

impl<T: HttpTransport> EnsureRevokedCall<'_, Client<T>> {
    /// Makes sure that nobody can join with the invite, and returns its state:
    /// [`Ensured::AlreadyAccepted`] means that somebody has joined. You can call it again at any time;
    /// it sends no email.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) if the state could not be verified, and
    /// the errors of [`RevokeOrganizationInvite`](crate::invites::RevokeOrganizationInvite), such as a
    /// wrong token or id. After an error somebody may still join.
    pub async fn send(self) -> Result<Ensured, Error> {
        let transport = self.client.transport();
        let mut ensure = self.begin(transport.now());
        let mut step = ensure.start(transport.now());
        loop {
            step = match step {
                EnsureStep::Revoke(revoke, left) => {
                    let result = self.call(revoke, left).send_with_meta().await;
                    ensure.revoked(transport.now(), result)
                }
                EnsureStep::List(list, left) => {
                    let result = self.call(*list, left).send_with_meta().await;
                    ensure.listed(transport.now(), result)
                }
                EnsureStep::Done(result) => return *result,
            };
        }
    }
}

impl<T: transport::blocking::HttpTransport> EnsureRevokedCall<'_, blocking::Client<T>> {
    /// Makes sure that nobody can join with the invite, and returns its state:
    /// [`Ensured::AlreadyAccepted`] means that somebody has joined. You can call it again at any time;
    /// it sends no email.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) if the state could not be verified, and
    /// the errors of [`RevokeOrganizationInvite`](crate::invites::RevokeOrganizationInvite), such as a
    /// wrong token or id. After an error somebody may still join.
    pub fn send(self) -> Result<Ensured, Error> {
        let transport = self.client.transport();
        let mut ensure = self.begin(transport.now());
        let mut step = ensure.start(transport.now());
        loop {
            step = match step {
                EnsureStep::Revoke(revoke, left) => {
                    let result = self.call(revoke, left).send_with_meta();
                    ensure.revoked(transport.now(), result)
                }
                EnsureStep::List(list, left) => {
                    let result = self.call(*list, left).send_with_meta();
                    ensure.listed(transport.now(), result)
                }
                EnsureStep::Done(result) => return *result,
            };
        }
    }
}
