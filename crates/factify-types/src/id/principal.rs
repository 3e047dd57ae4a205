use core::borrow::Borrow;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{BotId, Id, IdKind, InvalidId, UserId, parse::IdVisitor};

/// The ID of a user or a bot. The API's pattern is `^(user|bot)_…`.
///
/// It sorts and hashes like its text, as every ID does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum PrincipalId {
    /// A program.
    Bot(BotId),
    /// A person.
    User(UserId),
}

generate_by_proptest!(PrincipalId);

impl super::sealed::Sealed for PrincipalId {}

impl Id for PrincipalId {
    const KINDS: &'static [IdKind] = &[IdKind::User, IdKind::Bot];
}

impl PrincipalId {
    /// Parses the ID of a user or a bot.
    ///
    /// # Errors
    /// If the text is neither. The error says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if text.starts_with(BotId::PREFIX) {
            BotId::parse(text).map(Self::Bot)
        } else if text.starts_with(UserId::PREFIX) {
            UserId::parse(text).map(Self::User)
        } else {
            Err(InvalidId::wrong_prefix(Self::KINDS, text))
        }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Bot(id) => id.as_str(),
        }
    }
}

impl FromStr for PrincipalId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for PrincipalId {
    type Error = InvalidId;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl PartialEq<str> for PrincipalId {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == text
    }
}

impl PartialEq<&str> for PrincipalId {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

impl AsRef<str> for PrincipalId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for PrincipalId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Hash for PrincipalId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for PrincipalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<UserId> for PrincipalId {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<BotId> for PrincipalId {
    fn from(id: BotId) -> Self {
        Self::Bot(id)
    }
}

impl Serialize for PrincipalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PrincipalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(IdVisitor::<Self>::new())
    }
}
