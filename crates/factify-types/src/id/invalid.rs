use core::fmt;

use super::{IdKind, SUFFIX, parse};

/// What is wrong with a text that is not an ID: the first problem in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdProblem {
    /// It is empty.
    Empty,
    /// It starts with another prefix. `found` is the kind of a known prefix.
    Prefix {
        /// The kind that the prefix belongs to.
        found: Option<IdKind>,
    },
    /// It has the right prefix, but is too short or too long.
    Length {
        /// Its length in bytes.
        actual: usize,
    },
    /// After the prefix it has a byte that is not one of `0-9a-hjkmnp-tv-z`.
    Symbol {
        /// The position, in bytes from the start of the text.
        position: usize,
        /// The byte.
        byte: u8,
    },
}

/// Why a text is not an ID of the expected kind: the message says what to correct. It does not contain the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvalidId {
    expected: &'static [IdKind],
    problem: IdProblem,
}

impl InvalidId {
    /// The expected kinds: one or more.
    pub const fn expected(&self) -> &'static [IdKind] {
        self.expected
    }

    /// What is wrong.
    pub const fn problem(&self) -> IdProblem {
        self.problem
    }

    /// Finds what is wrong with a text that was refused.
    #[cold]
    #[allow(clippy::indexing_slicing)] // The positions are compared with the length first.
    pub(super) const fn explain(expected: &'static [IdKind], prefix: &str, text: &str) -> Self {
        let (text, prefix) = (text.as_bytes(), prefix.as_bytes());
        let problem = if text.is_empty() {
            IdProblem::Empty
        } else if !starts_with(text, prefix) {
            IdProblem::Prefix {
                found: kind_of(text),
            }
        } else if text.len() != prefix.len() + SUFFIX {
            IdProblem::Length { actual: text.len() }
        } else {
            let mut position = prefix.len();
            while position + 1 < text.len() && parse::value(text[position]).is_some() {
                position += 1;
            }
            IdProblem::Symbol {
                position,
                byte: text[position],
            }
        };
        Self { expected, problem }
    }

    /// The prefix does not belong to an expected kind.
    #[cold]
    pub(super) const fn wrong_prefix(expected: &'static [IdKind], text: &str) -> Self {
        let problem = if text.is_empty() {
            IdProblem::Empty
        } else {
            IdProblem::Prefix {
                found: kind_of(text.as_bytes()),
            }
        };
        Self { expected, problem }
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

/// Joins them with "or".
struct AnyOf<'a>(&'a [IdKind], fn(IdKind) -> &'static str);

impl fmt::Display for AnyOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, kind) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(self.1(*kind))?;
        }
        Ok(())
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = AnyOf(self.expected, IdKind::with_article);
        let prefix = AnyOf(self.expected, IdKind::prefix);
        write!(f, "not {expected}: ")?;
        match self.problem {
            IdProblem::Empty => f.write_str("it is empty"),
            IdProblem::Prefix { found: Some(found) } => {
                let found = found.with_article();
                write!(f, "that is {found}; {expected} starts with {prefix}")
            }
            IdProblem::Prefix { found: None } => write!(f, "it does not start with {prefix}"),
            IdProblem::Length { actual } => {
                let length = self.expected.first().map_or(0, |kind| kind.prefix().len()) + SUFFIX;
                write!(f, "it has {actual} bytes instead of {length}")
            }
            IdProblem::Symbol { position, byte } if byte.is_ascii_graphic() => {
                let symbol = char::from(byte);
                write!(
                    f,
                    "{symbol:?} at position {position} is not one of 0-9a-hjkmnp-tv-z"
                )
            }
            IdProblem::Symbol { position, byte } => {
                write!(
                    f,
                    "byte 0x{byte:02x} at position {position} is not one of 0-9a-hjkmnp-tv-z"
                )
            }
        }
    }
}

impl core::error::Error for InvalidId {}
