use std::fmt;

use factify_core::invites::{InvalidInvitationToken, InvitationToken};
use factify_core::{InviteId, Timestamp};
use serde::Serialize;

/// An email that the API would have sent. The invitation's token is available only here.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Email {
    /// The recipient's address.
    pub to: String,
    /// The invite in the email.
    pub invite_id: InviteId,
    /// When it was sent.
    pub sent_at: Timestamp,
    #[serde(skip)]
    pub(crate) token: String,
}

impl Email {
    /// The token that accepts the invitation, for a client.
    ///
    /// # Errors
    /// Never for an email from the sandbox.
    pub fn token(&self) -> Result<InvitationToken, InvalidInvitationToken> {
        InvitationToken::new(self.token.as_str())
    }

    /// The token as text, for clients in other languages.
    pub fn expose_token(&self) -> &str {
        &self.token
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email")
            .field("to", &self.to)
            .field("invite_id", &self.invite_id)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}
