//! Reads the query, the JSON object or the form of a request.
//!
//! Values are taken out one by one. Remaining values are refused.

#![allow(dead_code)] // Not every set of operations uses all kinds of parameters.

mod body;
mod form;
mod query;
mod text;

use std::borrow::Cow;

use bytes::Bytes;
use factify_types::ErrorReason;
use http::Request;

pub(crate) use body::{BodyValues, secret};
pub(crate) use form::FormValues;
pub(crate) use query::QueryValues;
pub(crate) use text::TextValues;

use super::InvalidParameter;

/// For an operation without a query and without a body.
pub(crate) struct NoValues;

impl NoValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        refuse_query(request)?;
        refuse_body(request).map(|()| Self)
    }

    #[allow(clippy::unnecessary_wraps, clippy::unused_self)] // Same signature as the others.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        Ok(())
    }
}

/// Refuses a query for an operation without one.
fn refuse_query(request: &Request<Bytes>) -> Result<(), InvalidRequest> {
    let query = request.uri().query().unwrap_or_default();
    let names = form_urlencoded::parse(query.as_bytes());
    refuse_rest(names.map(|(name, _)| name.into_owned()))
}

/// Refuses a body for an operation without one.
fn refuse_body(request: &Request<Bytes>) -> Result<(), InvalidRequest> {
    if request.body().is_empty() {
        return Ok(());
    }
    let reason = ErrorReason::InvalidFieldValue;
    Err(InvalidRequest::new(
        "body",
        reason,
        "the operation has no body",
    ))
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

/// Why a request cannot be read as an operation. A server responds with status 400 and this reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRequest {
    /// The wrong parameter, or `body` for the whole body.
    pub param: Cow<'static, str>,
    /// The API's reason.
    pub reason: ErrorReason,
    /// A description of the problem.
    pub message: String,
}

impl InvalidRequest {
    /// Describes the problem with this parameter.
    pub fn new(
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
