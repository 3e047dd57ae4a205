use core::fmt;

use super::{SUFFIX, parse};

/// The kinds of IDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdKind {
    /// `org_`
    Organization,
    /// `user_`
    User,
    /// `bot_`
    Bot,
    /// `doc_`
    Document,
    /// `ver_`
    Version,
    /// `pol_`
    Policy,
    /// `acr_`
    AccessRequest,
    /// `key_`
    ApiKey,
    /// `inv_`
    Invite,
}

impl IdKind {
    const ALL: [Self; 9] = [
        Self::Organization,
        Self::User,
        Self::Bot,
        Self::Document,
        Self::Version,
        Self::Policy,
        Self::AccessRequest,
        Self::ApiKey,
        Self::Invite,
    ];

    /// What an ID of this kind starts with, the underscore included.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Organization => "org_",
            Self::User => "user_",
            Self::Bot => "bot_",
            Self::Document => "doc_",
            Self::Version => "ver_",
            Self::Policy => "pol_",
            Self::AccessRequest => "acr_",
            Self::ApiKey => "key_",
            Self::Invite => "inv_",
        }
    }

    /// In words, such as "an invite id".
    pub(super) const fn with_article(self) -> &'static str {
        match self {
            Self::Organization => "an organization id",
            Self::User => "a user id",
            Self::Bot => "a bot id",
            Self::Document => "a document id",
            Self::Version => "a version id",
            Self::Policy => "a policy id",
            Self::AccessRequest => "an access request id",
            Self::ApiKey => "an API key id",
            Self::Invite => "an invite id",
        }
    }
}

impl fmt::Display for IdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.with_article();
        f.pad(words.split_once(' ').map_or(words, |(_, words)| words))
    }
}

/// What is wrong with a text that is not an ID. The first of these that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdFault {
    /// It starts with another prefix, that of `found` if any is known.
    Prefix {
        /// The kind that the prefix belongs to.
        found: Option<IdKind>,
    },
    /// It has the right prefix and is too short or too long.
    Length {
        /// Its length in bytes.
        actual: usize,
    },
    /// It has a byte that is none of `0-9a-hjkmnp-tv-z` after the prefix.
    Symbol {
        /// Where, in bytes from the start of the text.
        position: usize,
        /// The byte.
        byte: u8,
    },
}

/// Why a text is not an ID of the expected kind. It does not hold the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParseIdError {
    expected: IdKind,
    fault: IdFault,
}

impl ParseIdError {
    /// The kind that was expected.
    pub const fn expected(&self) -> IdKind {
        self.expected
    }

    /// What is wrong.
    pub const fn fault(&self) -> IdFault {
        self.fault
    }

    /// Finds out what is wrong with a text that was refused.
    #[cold]
    #[allow(clippy::indexing_slicing)] // The positions are compared with the length first.
    pub(super) const fn explain(expected: IdKind, text: &str) -> Self {
        let text = text.as_bytes();
        let prefix = expected.prefix().as_bytes();
        let fault = if !starts_with(text, prefix) {
            IdFault::Prefix {
                found: kind_of(text),
            }
        } else if text.len() != prefix.len() + SUFFIX {
            IdFault::Length { actual: text.len() }
        } else {
            let mut position = prefix.len();
            while position + 1 < text.len() && parse::value(text[position]).is_some() {
                position += 1;
            }
            IdFault::Symbol {
                position,
                byte: text[position],
            }
        };
        Self { expected, fault }
    }

    pub(super) const fn neither_user_nor_bot(text: &str) -> Self {
        Self::explain(IdKind::User, text)
    }
}

#[allow(clippy::indexing_slicing)] // The lengths are compared first.
const fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    if text.len() < prefix.len() {
        return false;
    }
    let mut at = 0;
    while at < prefix.len() {
        if text[at] != prefix[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[allow(clippy::indexing_slicing)] // Below the array's length.
const fn kind_of(text: &[u8]) -> Option<IdKind> {
    let mut at = 0;
    while at < IdKind::ALL.len() {
        if starts_with(text, IdKind::ALL[at].prefix().as_bytes()) {
            return Some(IdKind::ALL[at]);
        }
        at += 1;
    }
    None
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected.with_article();
        let prefix = self.expected.prefix();
        write!(f, "not {expected}: ")?;
        match self.fault {
            IdFault::Prefix { found: Some(found) } => {
                let found = found.with_article();
                write!(f, "that is {found}; {expected} starts with {prefix}")
            }
            IdFault::Prefix { found: None } => write!(f, "it does not start with {prefix}"),
            IdFault::Length { actual } => {
                let length = prefix.len() + SUFFIX;
                write!(f, "it has {actual} bytes instead of {length}")
            }
            IdFault::Symbol { position, byte } if byte.is_ascii_graphic() => {
                let symbol = char::from(byte);
                write!(
                    f,
                    "{symbol:?} at position {position} is none of 0-9a-hjkmnp-tv-z"
                )
            }
            IdFault::Symbol { position, byte } => {
                write!(
                    f,
                    "byte 0x{byte:02x} at position {position} is none of 0-9a-hjkmnp-tv-z"
                )
            }
        }
    }
}

impl core::error::Error for ParseIdError {}
