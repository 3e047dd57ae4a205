//! The bodies of errors.

mod code;
mod envelope;

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

pub use code::{ErrorCode, ErrorReason};

/// The body of an error: schema `ErrorResponse`, v1beta.
///
/// It reads all three envelopes that Factify has published: that of v1beta, the `{"error": {…}}` of the
/// older guides, and the `{type, title, status, detail}` of the newer API generation. Every field is
/// optional, and a field of an unexpected type counts as absent, so that no error is lost because of
/// its format. Only a number that the parser cannot read, such as `1e999` for `serde_json`, is an error.
/// The order of the fields does not matter; a field of v1beta takes precedence over the same field inside
/// of `error`. It is written as the envelope of v1beta.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub struct ErrorBody {
    /// The code of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// A message for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::generate::optional_text))]
    pub message: Option<String>,
    /// The details of the error.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
    /// The wait that the older envelope asks for, in seconds, rounded up.
    #[serde(skip)]
    #[cfg_attr(feature = "arbitrary1", arbitrary(value = None))]
    pub retry_after_seconds: Option<u64>,
}

/// A detail of an error. Schema `ErrorDetail`, v1beta.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ErrorReason>,
    /// The invalid parameter, for a validation error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// The id of the request, for Factify's support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

generate_by_proptest!(ErrorBody);
generate_by_proptest!(ErrorDetail);

impl ErrorBody {
    /// An error with this code and a message for people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: Some(code),
            message: Some(message.into()),
            ..Self::default()
        }
    }

    /// Replaces each text of the server by what `edit` returns for it, for example to shorten it. A code
    /// and a reason that this version knows stay the same.
    pub fn edit_texts(&mut self, mut edit: impl FnMut(&str) -> String) {
        let Self {
            code,
            message,
            details,
            retry_after_seconds: _,
        } = self;
        if let Some(code) = code.as_mut().filter(|code| !code.is_known()) {
            *code = edit(code.as_str()).as_str().into();
        }
        for ErrorDetail {
            reason,
            param,
            request_id,
        } in details
        {
            if let Some(reason) = reason.as_mut().filter(|reason| !reason.is_known()) {
                *reason = edit(reason.as_str()).as_str().into();
            }
            for text in [param, request_id].into_iter().flatten() {
                *text = edit(text);
            }
        }
        if let Some(message) = message {
            *message = edit(message);
        }
    }

    /// The reasons, in the order of the details.
    pub fn reasons(&self) -> impl Iterator<Item = &ErrorReason> {
        self.details
            .iter()
            .filter_map(|detail| detail.reason.as_ref())
    }

    /// The first invalid parameter.
    pub fn param(&self) -> Option<&str> {
        self.details
            .iter()
            .find_map(|detail| detail.param.as_deref())
    }

    /// The first request id.
    pub fn request_id(&self) -> Option<&str> {
        self.details
            .iter()
            .find_map(|detail| detail.request_id.as_deref())
    }
}
