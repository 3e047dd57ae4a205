//! Reads what `encode` writes: the query or the JSON object of a request.

#![allow(dead_code)] // The operations that there are decide which of this is in use.

use std::borrow::Cow;
use std::fmt;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use factify_types::ErrorReason;
use factify_types::parameter::{Parameter, QueryParameter};
use http::Request;
use http::header::CONTENT_TYPE;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{InvalidParameter, Upload};

/// The parameters of a query, which are taken out one after the other.
pub(crate) struct QueryValues(Vec<(String, String)>);

impl QueryValues {
    #[allow(clippy::unnecessary_wraps)] // As of the others.
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        let query = request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }

    /// All values of this name. An empty text is as good as none.
    pub(crate) fn repeated<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        let (mut found, mut values) = (Ok(()), Vec::new());
        self.0.retain(|(other, text)| {
            if other != name {
                return true;
            }
            if found.is_ok() && !text.is_empty() {
                found = T::from_text(text)
                    .and_then(|value| value.check().map(|()| values.push(value)))
                    .map_err(|message| InvalidRequest::new(name, T::REASON, message));
            }
            false
        });
        found.map(|()| values)
    }

    pub(crate) fn optional<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidRequest> {
        let mut values = self.repeated(name)?;
        let last = values.pop();
        if values.is_empty() {
            return Ok(last);
        }
        Err(InvalidRequest::new(
            name,
            T::REASON,
            "it is given more than once",
        ))
    }

    pub(crate) fn required<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<T, InvalidRequest> {
        self.optional(name)?
            .ok_or_else(|| InvalidRequest::missing(name))
    }

    /// Refuses what was not taken out.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.0.into_iter().map(|(name, _)| name))
    }
}

/// The properties of a JSON object, which are taken out one after the other.
pub(crate) struct BodyValues(Vec<(String, Value)>);

impl BodyValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        serde_json::from_slice(request.body()).map_err(|_| {
            let message = "the body is not a JSON object whose names differ";
            InvalidRequest::new("body", ErrorReason::InvalidFieldValue, message)
        })
    }

    /// The value of this name; `null` is the same as absent.
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

    /// The list of this name; absent, it is empty.
    pub(crate) fn repeated<T: DeserializeOwned + Parameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        let list: Option<List<T>> = self.optional(name)?;
        Ok(list.map_or_else(Vec::new, |list| list.0))
    }

    /// The value of this name. An empty text is as good as none.
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

    /// Refuses what was not taken out.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.0.into_iter().map(|(name, _)| name))
    }
}

/// The fields of a multipart form, which are taken out one after the other.
pub(crate) struct FormValues {
    texts: QueryValues,
    files: Vec<(String, Upload)>,
}

impl FormValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        let malformed = || {
            let message = "the body is not a multipart form";
            InvalidRequest::new("body", ErrorReason::InvalidFieldValue, message)
        };
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(content_type.unwrap_or_default());
        let boundary = boundary.map_err(|_| malformed())?;
        let whole = Whole(Some(request.body().clone()));
        let mut form = multer::Multipart::new(whole, boundary);
        let (mut texts, mut files) = (Vec::new(), Vec::new());
        while let Some(field) = ready(form.next_field())
            .and_then(Result::ok)
            .ok_or_else(malformed)?
        {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let kind = field.headers().get(CONTENT_TYPE).cloned();
            let bytes = ready(field.bytes())
                .and_then(Result::ok)
                .ok_or_else(malformed)?;
            match (file_name, kind) {
                (None, None) => {
                    let text = String::from_utf8(bytes.into()).map_err(|_| malformed())?;
                    texts.push((name, text));
                }
                (file_name, kind) => {
                    let upload = Upload::bytes(file_name.unwrap_or_default(), bytes);
                    let upload = kind.into_iter().fold(upload, Upload::content_type);
                    files.push((name, upload));
                }
            }
        }
        let texts = QueryValues(texts);
        Ok(Self { texts, files })
    }

    pub(crate) fn optional<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidRequest> {
        self.texts.optional(name)
    }

    pub(crate) fn repeated<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        self.texts.repeated(name)
    }

    pub(crate) fn required<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<T, InvalidRequest> {
        self.texts.required(name)
    }

    pub(crate) fn file(&mut self, name: &'static str) -> Result<Upload, InvalidRequest> {
        let at = self.files.iter().position(|(other, _)| other == name);
        let at = at.ok_or_else(|| InvalidRequest::missing(name))?;
        Ok(self.files.swap_remove(at).1)
    }

    /// Refuses what was not taken out.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.files.into_iter().map(|(name, _)| name))?;
        self.texts.finish()
    }
}

/// A body that is there as a whole.
struct Whole(Option<Bytes>);

impl futures_core::Stream for Whole {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// The output of a future that waits for nothing.
fn ready<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Refuses a body where there is to be none.
pub(crate) struct NoValues;

impl NoValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        if request.body().is_empty() {
            return Ok(Self);
        }
        let message = "the operation has no body";
        let reason = ErrorReason::InvalidFieldValue;
        Err(InvalidRequest::new("body", reason, message))
    }

    #[allow(clippy::unnecessary_wraps, clippy::unused_self)] // As of the others.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        Ok(())
    }
}

/// A list of values that are checked each.
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
                        return Err(de::Error::custom("a name is given twice"));
                    }
                    properties.push((name, value));
                }
                Ok(BodyValues(properties))
            }
        }

        deserializer.deserialize_map(Properties)
    }
}

/// Reads a secret. Its own error does not show it.
pub(crate) fn secret<T, E: fmt::Display>(
    values: &mut BodyValues,
    name: &'static str,
    new: impl FnOnce(String) -> Result<T, E>,
) -> Result<T, InvalidRequest> {
    new(values.required(name)?).map_err(|error| {
        InvalidRequest::new(name, ErrorReason::InvalidFieldValue, error.to_string())
    })
}

fn refuse_rest(mut names: impl Iterator<Item = String>) -> Result<(), InvalidRequest> {
    names.next().map_or(Ok(()), |name| {
        let message = format!("there is no parameter {name:?}");
        Err(InvalidRequest::new(
            name,
            ErrorReason::InvalidFieldValue,
            message,
        ))
    })
}

/// Why a request is none of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRequest {
    /// The parameter that is wrong; `body` for the body as a whole.
    pub param: Cow<'static, str>,
    /// The API's reason.
    pub reason: ErrorReason,
    /// What is wrong with it.
    pub message: String,
}

impl InvalidRequest {
    pub(crate) fn new(
        param: impl Into<Cow<'static, str>>,
        reason: ErrorReason,
        message: impl Into<String>,
    ) -> Self {
        Self {
            param: param.into(),
            reason,
            message: message.into(),
        }
    }

    pub(crate) fn missing(name: &'static str) -> Self {
        let message = format!("{name} is required");
        Self::new(name, ErrorReason::MissingRequiredField, message)
    }
}

impl From<InvalidParameter> for InvalidRequest {
    fn from(invalid: InvalidParameter) -> Self {
        Self::new(
            invalid.name(),
            ErrorReason::InvalidFieldValue,
            invalid.to_string(),
        )
    }
}
