use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{BotId, Id, IdKind, InvalidId, OrganizationId, UserId, parse::IdVisitor};

/// Declares an ID that is one of several kinds.
macro_rules! union_id {
    (
        $(#[$meta:meta])*
        $Name:ident { $($(#[$kind_doc:meta])* $Kind:ident($Id:ident),)+ }
    ) => {
        $(#[$meta])*
        ///
        /// It sorts and hashes like its text, as every ID does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub enum $Name {
            $($(#[$kind_doc])* $Kind($Id),)+
        }

        generate_by_proptest!($Name);

        crate::parameter::id_parameter!($Name);

        impl super::sealed::Sealed for $Name {}

        impl Id for $Name {
            const KINDS: &'static [IdKind] = &[$(IdKind::$Kind),+];
        }

        impl $Name {
            /// Parses the ID.
            ///
            /// # Errors
            /// If the text is not an ID of one of these kinds. The error says what is wrong and where.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                $(if text.starts_with($Id::PREFIX) {
                    return $Id::parse(text).map(Self::$Kind);
                })+
                Err(InvalidId::wrong_prefix(Self::KINDS, text))
            }

            /// The text.
            pub const fn as_str(&self) -> &str {
                match self {
                    $(Self::$Kind(id) => id.as_str(),)+
                }
            }
        }

        impl FromStr for $Name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $Name {
            type Error = InvalidId;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl Ord for $Name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $Name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq<str> for $Name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $Name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl AsRef<str> for $Name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl Borrow<str> for $Name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl Hash for $Name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        $(impl From<$Id> for $Name {
            fn from(id: $Id) -> Self {
                Self::$Kind(id)
            }
        })+

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(IdVisitor::<Self>::new())
            }
        }
    };
}

union_id! {
    /// The ID of a user or a bot. The API's pattern is `^(user|bot)_…`.
    PrincipalId {
        /// A person.
        User(UserId),
        /// A program.
        Bot(BotId),
    }
}

union_id! {
    /// The ID of somebody who has access to a document: a user, a bot or an organization.
    RecipientId {
        /// A person.
        User(UserId),
        /// A program.
        Bot(BotId),
        /// All members of an organization.
        Organization(OrganizationId),
    }
}

impl From<PrincipalId> for RecipientId {
    fn from(id: PrincipalId) -> Self {
        match id {
            PrincipalId::Bot(id) => Self::Bot(id),
            PrincipalId::User(id) => Self::User(id),
        }
    }
}
