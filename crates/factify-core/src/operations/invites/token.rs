use std::fmt;

use zeroize::Zeroizing;

use crate::error::from_invalid;
use crate::from_text::deserialize_from_text;

/// The secret token of an invitation's email, with which the recipient joins.
///
/// It is never printed, and its memory is zeroed when the last copy is dropped. If the server repeats it,
/// errors show `…` instead, unless it has fewer than eight bytes: a shorter token cannot be told apart from
/// ordinary text. The body of the accept request contains it, so a transport must not print bodies.
///
/// ```
/// # extern crate factify_core as factify;
/// let token = factify::invites::InvitationToken::new("from-the-email")?;
/// assert_eq!(format!("{token:?}"), "InvitationToken(…)");
/// # Ok::<(), factify::invites::InvalidInvitationToken>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(Zeroizing<Box<str>>);

impl InvitationToken {
    /// The longest token, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Creates a token from its text.
    ///
    /// # Errors
    /// If it is empty or longer than 128 characters. The error does not repeat the text.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidInvitationToken> {
        let token = Zeroizing::new(token.into());
        let chars = token.chars().count();
        if chars == 0 || chars > Self::MAX_CHARS {
            return Err(InvalidInvitationToken { chars });
        }
        Ok(Self(Zeroizing::new(token.as_str().into())))
    }

    /// The text of the token. Use it only for a request, or in a test server.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(…)")
    }
}

impl std::str::FromStr for InvitationToken {
    type Err = InvalidInvitationToken;

    fn from_str(token: &str) -> Result<Self, Self::Err> {
        Self::new(token)
    }
}

/// Why a text is not an [`InvitationToken`]: it is empty or too long. It does not contain the text. Copy the whole token
/// from the newest email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInvitationToken {
    chars: usize,
}

impl fmt::Display for InvalidInvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a valid invitation token: ")?;
        match self.chars {
            0 => f.write_str("it is empty"),
            chars => write!(f, "it has {chars} characters, but must have 1 to 128"),
        }
    }
}

impl std::error::Error for InvalidInvitationToken {}

from_invalid!(InvalidInvitationToken);
deserialize_from_text!(InvitationToken, "an invitation token");

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for InvitationToken {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let limit = crate::wire::ParameterLimit::characters(&(1..=Self::MAX_CHARS));
        let text = crate::wire::generate::text(u, Some(limit))?;
        Self::new(text).map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}
