use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// An email address to send to.
///
/// It has one `@` with text on both sides, no space, no control character and at most 254 bytes. The
/// server may have more rules: the API documents only `format: email`. A response may contain other
/// addresses, so models keep them as plain text.
///
/// ```
/// # extern crate factify_types as factify;
/// use factify::EmailAddress;
///
/// let address: EmailAddress = "dwight@example.com".parse()?;
/// assert!("dwight".parse::<EmailAddress>().is_err());
/// # let _ = address;
/// # Ok::<(), factify::InvalidEmailAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text is the same address for the API, which ignores case.
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// let address: factify::EmailAddress = "dwight@example.com".parse()?;
    /// assert!(address.is_same_as("Dwight@Example.com"));
    /// # Ok::<(), factify::InvalidEmailAddress>(())
    /// ```
    pub fn is_same_as(&self, text: &str) -> bool {
        self.0 == text || self.0.to_lowercase() == text.to_lowercase()
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    let Some((local, domain)) = text.split_once('@') else {
        return Err("it has no @");
    };
    if domain.contains('@') {
        return Err("it has more than one @");
    }
    if local.is_empty() {
        return Err("it has no text before the @");
    }
    if domain.is_empty() {
        return Err("it has no text after the @");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("it has a space or a control character");
    }
    if text.len() > 254 {
        return Err("it is longer than 254 bytes");
    }
    Ok(())
}

impl FromStr for EmailAddress {
    type Err = InvalidEmailAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match check(text) {
            Ok(()) => Ok(Self(text.into())),
            Err(problem) => Err(InvalidEmailAddress { problem }),
        }
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl AsRef<str> for EmailAddress {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress({})", self.0)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Why a text is not an [`EmailAddress`]. Correct what the message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidEmailAddress {
    problem: &'static str,
}

impl fmt::Display for InvalidEmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an email address: {}", self.problem)
    }
}

impl core::error::Error for InvalidEmailAddress {}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for EmailAddress {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        const SYMBOLS: &[char] = &['a', 'Z', '0', '.', '-', '_', '+', '"', '<', 'é', '漢'];
        let mut some = || -> arbitrary::Result<String> {
            let length = u.int_in_range(1..=20)?;
            (0..length).map(|_| u.choose(SYMBOLS).copied()).collect()
        };
        let text = alloc::format!("{}@{}", some()?, some()?);
        text.parse().map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}

generate_by_proptest!(EmailAddress);
