use alloc::string::String;
use core::ops::{Deref, DerefMut};

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// An object with any fields. Schema `Struct`, v1beta.
///
/// It is a `Map` of `serde_json`, so you can also make it with `serde_json`. In a binary format, it is written as a text
/// with its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Struct(Map<String, Value>);

impl Struct {
    /// An object without fields.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Deref for Struct {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Struct {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl From<Map<String, Value>> for Struct {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl From<Struct> for Map<String, Value> {
    fn from(fields: Struct) -> Self {
        fields.0
    }
}

impl Serialize for Struct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return self.0.serialize(serializer);
        }
        let json = serde_json::to_string(&self.0).map_err(S::Error::custom)?;
        serializer.serialize_str(&json)
    }
}

impl<'de> Deserialize<'de> for Struct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return Map::deserialize(deserializer).map(Self);
        }
        let json = String::deserialize(deserializer)?;
        serde_json::from_str(&json)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

generate_by_proptest!(Struct);

#[cfg(feature = "arbitrary1")]
pub(crate) mod generate {
    use alloc::string::ToString;
    use arbitrary::{Arbitrary, Result, Unstructured};
    use serde_json::{Map, Number, Value};

    use super::{String, Struct};
    use crate::generate::text;

    /// How deep generated values are nested.
    pub(crate) const DEPTH: usize = 3;

    impl<'a> Arbitrary<'a> for Struct {
        fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
            object(u, DEPTH, "").map(Self)
        }
    }

    pub(crate) fn object(
        u: &mut Unstructured<'_>,
        depth: usize,
        prefix: &str,
    ) -> Result<Map<String, Value>> {
        (0..u.int_in_range(0..=3)?)
            .map(|_| Ok((prefix.to_string() + &text(u)?, value(u, depth)?)))
            .collect()
    }

    fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
        Ok(match u.int_in_range(0..=if depth == 0 { 5 } else { 7 })? {
            0 => Value::Null,
            1 => u.arbitrary::<bool>()?.into(),
            2 => u.arbitrary::<i64>()?.into(),
            3 => u.arbitrary::<u64>()?.into(),
            4 => Number::from_f64(u.arbitrary()?).map_or(Value::Null, Value::Number),
            5 => text(u)?.into(),
            6 => (0..u.int_in_range(0..=3)?)
                .map(|_| value(u, depth - 1))
                .collect::<Result<_>>()?,
            _ => object(u, depth - 1, "")?.into(),
        })
    }
}
