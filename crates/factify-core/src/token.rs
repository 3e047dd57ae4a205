use std::fmt;

use zeroize::Zeroizing;

/// The secret of an invitation's email, with which its recipient joins.
///
/// It is never printed, and its memory is zeroed when the last copy is dropped. The body of the
/// request that accepts with it holds it, of course: a transport must not print bodies.
///
/// ```
/// let token = factify_core::InvitationToken::new("from-the-email")?;
/// assert_eq!(format!("{token:?}"), "InvitationToken(…)");
/// # Ok::<(), factify_core::InvalidInvitationToken>(())
/// ```
#[derive(Clone)]
pub struct InvitationToken(Zeroizing<Box<str>>);

impl InvitationToken {
    /// The longest token, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Takes a token.
    ///
    /// # Errors
    /// When it is empty or longer than 128 characters. The error does not repeat it.
    pub fn new(token: impl Into<String>) -> Result<Self, InvalidInvitationToken> {
        let token = Zeroizing::new(token.into());
        let chars = token.chars().count();
        if chars == 0 || chars > Self::MAX_CHARS {
            return Err(InvalidInvitationToken { chars });
        }
        Ok(Self(Zeroizing::new(token.as_str().into())))
    }

    pub(crate) fn expose(&self) -> &str {
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

/// A token that is empty or too long. It does not hold the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidInvitationToken {
    chars: usize,
}

impl fmt::Display for InvalidInvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { chars } = self;
        write!(f, "token: {chars} characters, not from 1 to 128")
    }
}

impl std::error::Error for InvalidInvitationToken {}
