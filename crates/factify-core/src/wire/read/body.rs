use std::fmt;

use bytes::Bytes;
use factify_types::ErrorReason;
use factify_types::parameter::Parameter;
use http::Request;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{InvalidRequest, refuse_query, refuse_rest};

/// The properties of a JSON object. You take them out one by one.
pub(crate) struct BodyValues(Vec<(String, Value)>);

impl BodyValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        refuse_query(request)?;
        serde_json::from_slice(request.body()).map_err(|_| {
            let message = "the body is not a JSON object, or has a duplicate name";
            InvalidRequest::new("body", ErrorReason::InvalidFieldValue, message)
        })
    }

    /// The value of this name. `null` counts as absent.
    pub(crate) fn optional<T: DeserializeOwned + Parameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidRequest> {
        let Some(at) = self.0.iter().position(|(other, _)| other == name) else {
            return Ok(None);
        };
        let (_, value) = self.0.swap_remove(at);
        if value.is_null() {
            return Ok(None);
        }
        let read = serde_json::from_value::<T>(value).map_err(|error| error.to_string());
        read.and_then(|value| value.check().map(|()| Some(value)))
            .map_err(|message| InvalidRequest::new(name, T::REASON, message))
    }

    /// The list of this name. An absent list is empty.
    pub(crate) fn repeated<T: DeserializeOwned + Parameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        let list: Option<List<T>> = self.optional(name)?;
        Ok(list.map_or_else(Vec::new, |list| list.0))
    }

    /// The value of this name. An empty text counts as absent.
    pub(crate) fn required<T: DeserializeOwned + Parameter>(
        &mut self,
        name: &'static str,
    ) -> Result<T, InvalidRequest> {
        let empty = |(other, value): &(String, Value)| {
            other == name && value.as_str().is_some_and(str::is_empty)
        };
        let found = if self.0.iter().any(empty) {
            None
        } else {
            self.optional(name)?
        };
        found.ok_or_else(|| InvalidRequest::missing(name))
    }

    /// Refuses remaining properties.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.0.into_iter().map(|(name, _)| name))
    }
}

/// Reads a secret. The error does not show it.
pub(crate) fn secret<T, E: fmt::Display>(
    values: &mut BodyValues,
    name: &'static str,
    new: impl FnOnce(String) -> Result<T, E>,
) -> Result<T, InvalidRequest> {
    new(values.required(name)?).map_err(|error| {
        InvalidRequest::new(name, ErrorReason::InvalidFieldValue, error.to_string())
    })
}

/// A list in which each value is checked.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct List<T>(Vec<T>);

impl<T: Parameter> Parameter for List<T> {
    const REASON: ErrorReason = T::REASON;

    fn check(&self) -> Result<(), String> {
        self.0.iter().try_for_each(Parameter::check)
    }
}

impl<'de> Deserialize<'de> for BodyValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = BodyValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BodyValues, A::Error> {
                let mut properties: Vec<(String, Value)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if properties.iter().any(|(other, _)| *other == name) {
                        return Err(de::Error::custom("duplicate name"));
                    }
                    properties.push((name, value));
                }
                Ok(BodyValues(properties))
            }
        }

        deserializer.deserialize_map(Properties)
    }
}
