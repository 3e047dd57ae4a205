use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BotId, ParseIdError, UserId};

/// Who acts: a user or a bot. The API's pattern `^(user|bot)_…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PrincipalId {
    /// A person.
    User(UserId),
    /// A program.
    Bot(BotId),
}

impl PrincipalId {
    /// The text.
    pub const fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Bot(id) => id.as_str(),
        }
    }
}

impl FromStr for PrincipalId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with(BotId::PREFIX) {
            text.parse().map(Self::Bot)
        } else if text.starts_with(UserId::PREFIX) {
            text.parse().map(Self::User)
        } else {
            Err(ParseIdError::neither_user_nor_bot(text))
        }
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
