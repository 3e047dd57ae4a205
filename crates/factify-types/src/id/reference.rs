use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::Id;

/// An ID in a response that only refers to another resource.
///
/// The API has changed prefixes of such IDs before. A text of another kind is therefore kept and does
/// not fail the whole response.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdRef<I> {
    /// A validated ID.
    Known(I),
    /// Another text. You cannot use it as an ID.
    Other(Box<str>),
}

impl<I: Id> IdRef<I> {
    /// The text, validated or not.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(id) => id.as_ref(),
            Self::Other(text) => text,
        }
    }

    /// The ID, if it is valid.
    pub fn id(&self) -> Option<I> {
        match self {
            Self::Known(id) => Some(*id),
            Self::Other(_) => None,
        }
    }
}

impl<I: Id> From<&str> for IdRef<I> {
    fn from(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Other(text.into()), Self::Known)
    }
}

impl<I: Id> From<I> for IdRef<I> {
    fn from(id: I) -> Self {
        Self::Known(id)
    }
}

impl<I: Id> PartialEq<I> for IdRef<I> {
    fn eq(&self, other: &I) -> bool {
        self.id().as_ref() == Some(other)
    }
}

impl<I: Id> fmt::Display for IdRef<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<I: Id> Serialize for IdRef<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, I: Id> Deserialize<'de> for IdRef<I> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<I>(PhantomData<I>);

        impl<I: Id> Visitor<'_> for Text<I> {
            type Value = IdRef<I>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(Text(PhantomData))
    }
}

/// Usually a valid reference, sometimes another text.
#[cfg(feature = "arbitrary1")]
impl<'a, I: Id + arbitrary::Arbitrary<'a>> arbitrary::Arbitrary<'a> for IdRef<I> {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        if u.ratio(1, 8)? {
            return crate::generate::text(u).map(|text| Self::from(text.as_str()));
        }
        I::arbitrary(u).map(Self::from)
    }
}
