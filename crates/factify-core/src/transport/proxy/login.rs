use std::fmt;

use http::uri::Authority;
use percent_encoding::percent_decode_str;

/// The user and password of a proxy's URL, decoded. A missing password is an empty one.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyLogin {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl ProxyLogin {
    /// Reads the login before the `@`, if there is one.
    ///
    /// # Errors
    /// If the login cannot be sent: it is not UTF-8, or the user or the password has more than `longest`
    /// bytes.
    pub(super) fn of(authority: &Authority, longest: usize) -> Result<Option<Self>, Unusable> {
        let Some((login, _)) = authority.as_str().rsplit_once('@') else {
            return Ok(None);
        };
        let decoded = |text| match percent_decode_str(text).decode_utf8() {
            Ok(text) if text.len() <= longest => Ok(text.into_owned()),
            _ => Err(Unusable),
        };
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        Ok(Some(Self {
            user: decoded(user)?,
            password: decoded(password)?,
        }))
    }
}

/// The login cannot be sent.
pub(super) struct Unusable;

impl fmt::Debug for ProxyLogin {
    /// Omits the user too, because some proxies expect a token there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyLogin").finish_non_exhaustive()
    }
}
