//! Responses as the v1beta document defines them.

use std::borrow::Cow;

use bytes::Bytes;
use factify_core::types::{ErrorBody, ErrorDetail};
use factify_core::{ErrorCode, ErrorReason, InvalidRequest};
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde::Serialize;

/// The largest JSON body, in bytes: room for a logo in Base64.
const MAX_JSON: usize = 4 << 20;

/// The largest form, in bytes. The sandbox keeps uploads in memory.
const MAX_FORM: usize = 64 << 20;

/// The largest body of a request with these headers, in bytes.
pub(crate) fn max_body(headers: &HeaderMap) -> usize {
    let content_type = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let form = b"multipart/form-data";
    let start = content_type.get(..form.len()).unwrap_or_default();
    if start.eq_ignore_ascii_case(form) {
        MAX_FORM
    } else {
        MAX_JSON
    }
}

/// The content type without parameters.
pub(crate) fn content_type(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// An error response.
pub(crate) struct Refusal {
    status: StatusCode,
    code: ErrorCode,
    reason: ErrorReason,
    message: String,
    param: Option<Cow<'static, str>>,
    /// The value of `Allow`, for a wrong method.
    allow: Option<Box<str>>,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, reason: ErrorReason, message: &str) -> Self {
        Self {
            status,
            code,
            reason,
            message: message.into(),
            param: None,
            allow: None,
        }
    }

    pub(crate) fn unauthenticated(reason: ErrorReason, message: &str) -> Self {
        let (status, code) = (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated);
        Self::new(status, code, reason, message)
    }

    pub(crate) fn forbidden() -> Self {
        let (status, code) = (StatusCode::FORBIDDEN, ErrorCode::PermissionDenied);
        Self::new(
            status,
            code,
            ErrorReason::InsufficientPermissions,
            "Permission denied",
        )
    }

    /// For a presigned URL.
    pub(crate) fn forbidden_for(message: &str) -> Self {
        Self {
            message: message.into(),
            ..Self::forbidden()
        }
    }

    /// For a file that is not the expected one.
    pub(crate) fn changed() -> Self {
        Self {
            status: StatusCode::PRECONDITION_FAILED,
            ..Self::precondition("The file has changed")
        }
    }

    pub(crate) fn not_found(message: &str) -> Self {
        let (status, code) = (StatusCode::NOT_FOUND, ErrorCode::NotFound);
        Self::new(status, code, ErrorReason::ResourceNotFound, message)
    }

    pub(crate) fn route() -> Self {
        Self::not_found("There is no such route")
    }

    /// For a path that has only other methods.
    pub(crate) fn method<'m>(allowed: impl IntoIterator<Item = &'m Method>) -> Self {
        let allowed: Vec<_> = allowed.into_iter().map(Method::as_str).collect();
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let message = "This method is not allowed here";
        let (code, reason) = (ErrorCode::Unimplemented, ErrorReason::Unimplemented);
        Self {
            allow: Some(allowed.join(", ").into()),
            ..Self::new(status, code, reason, message)
        }
    }

    /// For a body with more bytes than this.
    pub(crate) fn too_large(max: usize) -> Self {
        let message = format!("The body has more than {max} bytes");
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            ..Self::invalid(ErrorReason::InvalidFieldValue, "body", &message)
        }
    }

    pub(crate) fn media_type(expected: &str) -> Self {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let message = &format!("The body must be {expected}");
        Self::new(
            status,
            ErrorCode::InvalidArgument,
            ErrorReason::InvalidFieldValue,
            message,
        )
    }

    pub(crate) fn rate_limited() -> Self {
        let (status, code) = (StatusCode::TOO_MANY_REQUESTS, ErrorCode::ResourceExhausted);
        Self::new(
            status,
            code,
            ErrorReason::RateLimitExceeded,
            "Too many requests",
        )
    }

    pub(crate) fn quota_exceeded() -> Self {
        let (status, code) = (StatusCode::TOO_MANY_REQUESTS, ErrorCode::ResourceExhausted);
        Self::new(
            status,
            code,
            ErrorReason::QuotaExceeded,
            "The quota is used up",
        )
    }

    /// The error of an injected fault.
    pub(crate) fn injected(status: StatusCode) -> Self {
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Self::rate_limited();
        }
        let message = "Service temporarily unavailable";
        Self::new(
            status,
            ErrorCode::Unavailable,
            ErrorReason::ServiceUnavailable,
            message,
        )
    }

    /// An internal error, which should not happen.
    pub(crate) fn internal() -> Self {
        let (status, code) = (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal);
        Self::new(
            status,
            code,
            ErrorReason::InternalError,
            "The sandbox failed",
        )
    }

    pub(crate) fn invalid(
        reason: ErrorReason,
        param: impl Into<Cow<'static, str>>,
        message: &str,
    ) -> Self {
        let (status, code) = (StatusCode::BAD_REQUEST, ErrorCode::InvalidArgument);
        Self {
            param: Some(param.into()),
            ..Self::new(status, code, reason, message)
        }
    }

    /// The same for another parameter.
    pub(crate) fn about(self, param: &'static str) -> Self {
        Self {
            param: Some(param.into()),
            ..self
        }
    }

    pub(crate) fn precondition(message: &str) -> Self {
        let (status, code) = (StatusCode::BAD_REQUEST, ErrorCode::FailedPrecondition);
        Self::new(status, code, ErrorReason::PreconditionFailed, message)
    }

    pub(crate) fn into_response(self, request_id: String) -> Response<Bytes> {
        let mut detail = ErrorDetail::default();
        detail.reason = Some(self.reason);
        detail.param = self.param.map(Cow::into_owned);
        detail.request_id = Some(request_id);
        let mut body = ErrorBody::new(self.code, self.message);
        body.details.push(detail);
        let mut response = json(self.status, &body);
        let headers = response.headers_mut();
        // The headers that HTTP requires with these statuses.
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(allow) = self.allow.and_then(|allow| allow.parse().ok()) {
            headers.insert(ALLOW, allow);
        }
        response
    }
}

impl From<InvalidRequest> for Refusal {
    fn from(invalid: InvalidRequest) -> Self {
        Self::invalid(invalid.reason, invalid.param, &invalid.message)
    }
}

/// A success with this JSON.
pub(crate) fn ok(body: Bytes) -> Response<Bytes> {
    response(StatusCode::OK, body)
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Bytes> {
    match serde_json::to_vec(value) {
        Ok(body) => response(status, body.into()),
        Err(_) => response(StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()),
    }
}

fn response(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
