use alloc::boxed::Box;
use alloc::string::ToString;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A time in a record, as the API wrote it.
///
/// A text that is not a time is kept, so that it does not hide the rest of the record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimestampText(Box<str>);

impl TimestampText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time, if the text is one.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.0.parse().ok()
    }
}

impl From<Timestamp> for TimestampText {
    fn from(time: Timestamp) -> Self {
        Self(time.to_string().into())
    }
}

impl From<&str> for TimestampText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for TimestampText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Usually a time, sometimes another text.
#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for TimestampText {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        if u.ratio(1, 8)? {
            return crate::generate::text(u).map(|text| text.as_str().into());
        }
        u.arbitrary::<Timestamp>().map(Self::from)
    }
}

generate_by_proptest!(TimestampText);
