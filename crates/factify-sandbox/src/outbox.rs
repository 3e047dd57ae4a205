use std::fmt;

use factify_core::invites::{InvalidInvitationToken, InvitationToken};
use factify_core::{InviteId, Timestamp};
use serde::Serialize;

/// An email that the API would have sent. The invitation's token is nowhere else.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Email {
    /// Whom it goes to.
    pub to: String,
    /// The invite that it is about.
    pub invite_id: InviteId,
    /// When it was sent.
    pub sent_at: Timestamp,
    #[serde(skip)]
    pub(crate) token: String,
}

impl Email {
    /// The secret that accepts the invitation, to give to a client.
    ///
    /// # Errors
    /// Never for an email of the sandbox's own.
    pub fn token(&self) -> Result<InvitationToken, InvalidInvitationToken> {
        InvitationToken::new(self.token.as_str())
    }

    /// The text of the secret, for clients in other languages.
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
