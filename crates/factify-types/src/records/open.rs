use alloc::boxed::Box;
use alloc::string::String;
use core::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An object with any fields. Schema `Struct`, v1beta.
///
/// It is the `Map` of `serde_json`, which you can also make with `serde_json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
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

/// The fields of a value whose kind this version does not know. They are kept and sent back unchanged.
///
/// Usually it is one field: the kind, with its content. Only parsing creates it, so it never has a known kind.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownFields(Box<Struct>);

impl UnknownFields {
    pub(super) fn new(fields: Struct) -> Option<Self> {
        (!fields.is_empty()).then(|| Self(Box::new(fields)))
    }

    /// The fields.
    pub fn fields(&self) -> &Struct {
        &self.0
    }

    /// The name of the kind: that of the first field.
    pub fn name(&self) -> &str {
        self.0.keys().next().map_or("", String::as_str)
    }
}

generate_by_proptest!(Struct);
generate_by_proptest!(UnknownFields);

#[cfg(feature = "arbitrary1")]
mod generate {
    use alloc::string::ToString;
    use arbitrary::{Arbitrary, Result, Unstructured};
    use serde_json::{Map, Number, Value};

    use super::{Box, String, Struct, UnknownFields};
    use crate::generate::text;

    /// How deep generated values are nested.
    const DEPTH: usize = 3;

    impl<'a> Arbitrary<'a> for Struct {
        fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
            object(u, DEPTH, "").map(Self)
        }
    }

    /// No known kind begins like its names.
    impl<'a> Arbitrary<'a> for UnknownFields {
        fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
            let mut fields = object(u, DEPTH, "x_")?;
            fields.retain(|_, value| !value.is_null());
            fields.insert("x_new".into(), text(u)?.into());
            Ok(Self(Box::new(Struct(fields))))
        }
    }

    fn object(u: &mut Unstructured<'_>, depth: usize, prefix: &str) -> Result<Map<String, Value>> {
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
