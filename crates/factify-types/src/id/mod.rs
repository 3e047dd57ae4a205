//! The kinds of IDs: a prefix and 26 symbols, like the patterns in the v1beta document.

mod invalid;
mod parse;
mod reference;
mod union_id;

use core::borrow::Borrow;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

pub use invalid::{IdProblem, InvalidId};
pub use reference::IdRef;
pub use union_id::{PrincipalId, RecipientId};

/// The number of symbols after the prefix.
const SUFFIX: usize = 26;

/// The common trait of all ID types.
///
/// It is sealed: only the IDs of this crate can be used in a path.
pub trait Id:
    sealed::Sealed
    + Copy
    + Eq
    + Ord
    + Hash
    + fmt::Debug
    + fmt::Display
    + FromStr<Err = InvalidId>
    + AsRef<str>
{
    /// The kinds that it can identify: several for a union such as [`PrincipalId`], else one.
    const KINDS: &'static [IdKind];
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! ids {
    ($d:tt $($(#[$doc:meta])* $Name:ident = $prefix:literal, $Kind:ident: $words:literal;)+) => {
        /// The kinds of IDs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum IdKind {$(
            #[doc = concat!("`", $prefix, "`")]
            $Kind,
        )+}

        impl IdKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$Kind),+];

            /// The prefix of an ID of this kind, including the underscore.
            pub const fn prefix(self) -> &'static str {
                match self {
                    $(Self::$Kind => $prefix,)+
                }
            }

            /// The name, such as "an invite id".
            pub(crate) const fn with_article(self) -> &'static str {
                match self {
                    $(Self::$Kind => $words,)+
                }
            }
        }

        /// Calls a macro with the type of every kind of ID.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! for_each_id {
            ($d callback:ident) => {
                $d callback! { $($crate::$Name),+ }
            };
        }

        $(
        $(#[$doc])*
        ///
        /// The whole text is stored inline. The ID is `Copy`, and parsing, comparing, hashing and
        /// printing allocate nothing. IDs sort like their texts.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $Name([u8; Self::LEN]);

        impl sealed::Sealed for $Name {}

        impl Id for $Name {
            const KINDS: &'static [IdKind] = &[IdKind::$Kind];
        }

        impl $Name {
            /// The prefix of its text.
            pub const PREFIX: &'static str = $prefix;

            /// The length of its text, in bytes.
            pub const LEN: usize = $prefix.len() + SUFFIX;

            /// Parses an ID: the prefix and 26 symbols of `0-9a-hjkmnp-tv-z`.
            ///
            /// # Errors
            /// If the text is anything else. The error says what is wrong and where.
            pub const fn parse(text: &str) -> Result<Self, InvalidId> {
                match parse::parse($prefix.as_bytes(), text.as_bytes()) {
                    Some(bytes) => Ok(Self(bytes)),
                    None => Err(InvalidId::explain(<Self as Id>::KINDS, $prefix, text)),
                }
            }

            /// An ID from a literal. In a `const`, an invalid one does not compile.
            ///
            /// # Panics
            /// If the text is not such an ID. Use it only for constants.
            #[allow(clippy::panic)]
            pub const fn literal(text: &'static str) -> Self {
                match Self::parse(text) {
                    Ok(id) => id,
                    Err(_) => panic!(concat!("not an id that starts with ", $prefix)),
                }
            }

            /// The text.
            pub const fn as_str(&self) -> &str {
                match core::str::from_utf8(&self.0) {
                    Ok(text) => text,
                    // Only ASCII is ever stored.
                    Err(_) => "",
                }
            }

            /// The 26 symbols after the prefix.
            pub fn suffix(&self) -> &str {
                self.as_str().strip_prefix($prefix).unwrap_or_default()
            }

            /// Creates the ID of a UUID, with the encoding of TypeID.
            pub const fn from_uuid_bytes(uuid: [u8; 16]) -> Self {
                Self(parse::with_suffix($prefix.as_bytes(), u128::from_be_bytes(uuid)))
            }

            /// The UUID in the suffix, with the encoding of TypeID. `None` if it has more than 128
            /// bits, which the API's pattern allows.
            pub fn uuid_bytes(&self) -> Option<[u8; 16]> {
                parse::uuid_bytes(self.suffix().as_bytes())
            }

            /// When the ID was created, to the millisecond. `None` unless the suffix is a UUID version
            /// 7.
            pub fn created_at(&self) -> Option<crate::Timestamp> {
                parse::created_at(self.uuid_bytes()?)
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

        /// The same hash as that of the text, so that you can query a map by ID with a text.
        impl Hash for $Name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl Borrow<str> for $Name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<str> for $Name {
            fn as_ref(&self) -> &str {
                self.as_str()
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

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($Name), self.as_str())
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(parse::IdVisitor::<Self>::new())
            }
        }

        /// Any ID, even one that is not a UUID.
        #[cfg(feature = "arbitrary1")]
        impl<'a> arbitrary::Arbitrary<'a> for $Name {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                crate::generate::id(u, $prefix)
            }
        }

        crate::parameter::id_parameter!($Name);
        generate_by_proptest!($Name);
        )+
    };
}

impl fmt::Display for IdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.with_article();
        f.pad(words.split_once(' ').map_or(words, |(_, words)| words))
    }
}

ids! {
    $
    /// The ID of an organization, `org_…`.
    OrganizationId = "org_", Organization: "an organization id";
    /// The ID of a user, `user_…`.
    UserId = "user_", User: "a user id";
    /// The ID of a bot, `bot_…`.
    BotId = "bot_", Bot: "a bot id";
    /// The ID of a document, `doc_…`.
    DocumentId = "doc_", Document: "a document id";
    /// The ID of a version of a document, `ver_…`.
    VersionId = "ver_", Version: "a version id";
    /// The ID of a governance policy, `pol_…`.
    PolicyId = "pol_", Policy: "a policy id";
    /// The ID of an access request, `acr_…`.
    AccessRequestId = "acr_", AccessRequest: "an access request id";
    /// The ID of an API key, `key_…`. It is not the key's secret.
    ApiKeyId = "key_", ApiKey: "an API key id";
    /// The ID of an invite to an organization, `inv_…`.
    InviteId = "inv_", Invite: "an invite id";
}
