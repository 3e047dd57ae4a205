use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::invisible;

/// An email address to send to.
///
/// It has one `@` that is not quoted, a local part of 1 to 64 bytes, a domain of dot-separated
/// labels, and at most 254 bytes in all (RFC 5321); no space, no control character, and none that is
/// there to be ignored, such as the byte order mark at the start of a file: it would be another address
/// that looks the same. The API
/// says only `format: email`. Only sending an email shows whether the mailbox exists. A response
/// may hold other addresses, so models keep them as plain text.
///
/// ```
/// use factify_types::EmailAddress;
///
/// let address: EmailAddress = "dwight@example.com".parse()?;
/// assert!("dwight".parse::<EmailAddress>().is_err());
/// # let _ = address;
/// # Ok::<(), factify_types::InvalidEmailAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    let Some((local, domain)) = text.split_once('@') else {
        return Err("it has no @");
    };
    if text.len() > 254 {
        return Err("it is longer than 254 bytes");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("it has a space or a control character");
    }
    if text.contains(invisible::is_invisible) {
        return Err("it has an invisible character");
    }
    if domain.contains('@') {
        return Err("it has more than one @");
    }
    if local.is_empty() || local.len() > 64 {
        return Err("the part before @ is empty or longer than 64 bytes");
    }
    if local.starts_with('.') || local.ends_with('.') || local.contains("..") {
        return Err("the part before @ has a dot at its start or end, or two in a row");
    }
    if local.contains(['"', '(', ')', ',', ':', ';', '<', '>', '[', ']', '\\']) {
        return Err("the part before @ has a character that must be quoted");
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii())
    };
    if domain.split('.').all(label) {
        Ok(())
    } else {
        Err("the part after @ is not a domain name")
    }
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

/// Why a text is not an [`EmailAddress`].
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
        let mut some = |symbols: &[char], max: usize| -> arbitrary::Result<String> {
            let length = u.int_in_range(1..=max)?;
            (0..length).map(|_| u.choose(symbols).copied()).collect()
        };
        let text = alloc::format!(
            "{}@{}.{}.com",
            some(
                &[
                    'a', 'z', 'A', '0', '9', '!', '#', '+', '\'', '/', '`', '~', 'é', '漢'
                ],
                15
            )?,
            some(&['b', 'y', 'B', '1', '8', 'é'], 12)?,
            some(&['c', 'x', '2', '7'], 12)?,
        );
        text.parse().map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}

generate_by_proptest!(EmailAddress);
