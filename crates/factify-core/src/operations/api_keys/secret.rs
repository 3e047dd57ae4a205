use std::fmt;

use zeroize::Zeroizing;

use crate::bearer_token::{BearerToken, InvalidBearerToken};
use crate::error::from_invalid;
use crate::from_text::deserialize_from_text;

/// The secret of a new API key.
///
/// It is never printed, and its memory is zeroed when it is dropped. The buffers of the connection that
/// received it are not zeroed.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::api_keys::ApiKeySecret;
///
/// let secret = ApiKeySecret::new("ffy_test_secret")?;
/// assert_eq!(format!("{secret:?}"), "ApiKeySecret(…)");
/// let token = secret.to_token()?; // for a client that uses the new key
/// # let _ = token;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(Zeroizing<Box<str>>);

impl ApiKeySecret {
    /// Creates a secret from its text.
    ///
    /// # Errors
    /// If it is empty. Any other text is kept, because a secret that was refused here would be lost.
    pub fn new(secret: impl Into<String>) -> Result<Self, InvalidApiKeySecret> {
        let secret = Zeroizing::new(secret.into());
        if secret.is_empty() {
            return Err(InvalidApiKeySecret(()));
        }
        Ok(Self(Zeroizing::new(secret.as_str().into())))
    }

    /// The text of the secret, to store it in a safe place.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The token of a client that uses the key.
    ///
    /// # Errors
    /// If the secret cannot be sent in a header. The API documents that it can.
    pub fn to_token(&self) -> Result<BearerToken, InvalidBearerToken> {
        BearerToken::new(self.expose())
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(…)")
    }
}

impl std::str::FromStr for ApiKeySecret {
    type Err = InvalidApiKeySecret;

    fn from_str(secret: &str) -> Result<Self, Self::Err> {
        Self::new(secret)
    }
}

/// The secret of an API key is empty. If it comes from the API, revoke the key and create another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidApiKeySecret(());

impl fmt::Display for InvalidApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the secret of an API key: it is empty")
    }
}

impl std::error::Error for InvalidApiKeySecret {}

from_invalid!(InvalidApiKeySecret);
deserialize_from_text!(ApiKeySecret, "the secret of an API key");

#[cfg(feature = "serve")]
impl serde::Serialize for ApiKeySecret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for ApiKeySecret {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let limit = crate::wire::ParameterLimit::characters(&(1..=80));
        let text = crate::wire::generate::text(u, Some(limit))?;
        Self::new(text).map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}
