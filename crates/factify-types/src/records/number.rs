//! Numbers. JSON has no text for those that are not finite; the API's format, that of protobuf, has strings.

use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::List;

/// The numbers that are written as strings.
const NAMED: [(&str, f64); 3] = [
    ("NaN", f64::NAN),
    ("Infinity", f64::INFINITY),
    ("-Infinity", f64::NEG_INFINITY),
];

/// A number as the API writes it.
pub(crate) struct Number(pub(crate) f64);

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        number.0
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named = NAMED.iter().find(|(_, number)| {
            let is_nan = number.is_nan() && self.0.is_nan();
            is_nan || number.total_cmp(&self.0).is_eq()
        });
        match named {
            Some((name, _)) => serializer.serialize_str(name),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyNumber;

        #[allow(clippy::cast_precision_loss)] // The API's numbers have this precision.
        impl<'de> Visitor<'de> for AnyNumber {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
                Ok(Number(number))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
                let named = NAMED.iter().find(|(name, _)| *name == text);
                named
                    .map(|(_, number)| Number(*number))
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }

            // If a program turns on `arbitrary_precision` of serde_json, it reads a number with a fraction as a map.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
                let number = serde_json::Number::deserialize(MapAccessDeserializer::new(map))?;
                let number = number.as_f64().map(Number);
                number.ok_or_else(|| A::Error::custom("the number is out of range"))
            }
        }

        deserializer.deserialize_any(AnyNumber)
    }
}

/// Reads a number or `null`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<f64>, D::Error> {
    Ok(Option::<Number>::deserialize(deserializer)?.map(f64::from))
}

/// Reads a list of numbers.
pub(crate) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<List<f64>, D::Error> {
    let numbers = List::<Number>::deserialize(deserializer)?;
    Ok(if numbers.is_absent() {
        List::default()
    } else {
        numbers.into_iter().map(f64::from).collect()
    })
}

/// Writes a list of numbers.
pub(crate) struct Numbers<'l>(pub(crate) &'l List<f64>);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().copied().map(Number))
    }
}

/// A finite number.
#[cfg(feature = "arbitrary1")]
pub(crate) fn generate(u: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<f64> {
    let number: f64 = u.arbitrary()?;
    Ok(if number.is_finite() { number } else { 0.0 })
}

#[cfg(feature = "arbitrary1")]
pub(crate) fn generate_optional(
    u: &mut arbitrary::Unstructured<'_>,
) -> arbitrary::Result<Option<f64>> {
    u.arbitrary::<bool>()?.then(|| generate(u)).transpose()
}

#[cfg(feature = "arbitrary1")]
pub(crate) fn generate_list(u: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<List<f64>> {
    let present: Option<alloc::vec::Vec<()>> = u.arbitrary()?;
    match present {
        Some(items) => items.iter().map(|()| generate(u)).collect(),
        None => Ok(List::default()),
    }
}
