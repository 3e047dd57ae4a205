use factify_types::IdKind;
use http::Method;

use crate::error::{Error, Outcome};
use crate::wire::ParameterLimit;

/// The fixed properties of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The API's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its placeholders in braces.
    pub path: &'static str,
    /// The content type of the request without parameters, or `None` if the request has no body.
    pub content_type: Option<&'static str>,
    /// Whether repeating the request has the same effect as sending it once: RFC 9110, section 9.2.2.
    pub idempotent: bool,
    /// Whether the response has a secret, such as that of a new API key. Then no log shows its body.
    pub has_secret_response: bool,
    /// Whether only the body of a successful response says if the operation took effect, and not its status.
    pub result_in_body: bool,
    /// The parameters. Empty for an operation that does not declare them.
    pub parameters: &'static [ParameterInfo],
    /// The method that makes a call, for example `InvitesResource::revoke`, or empty if there is none.
    pub call: &'static str,
    /// What to do after an error that changed nothing, if the operation has better advice than the error
    /// kind.
    pub advice: Option<fn(&Error) -> Option<&'static str>>,
    /// The default limit of the response in bytes, if it differs from that of
    /// [`ClientConfig::max_response_bytes`](crate::ClientConfig::max_response_bytes).
    pub max_response_bytes: Option<usize>,
}

/// The fixed properties of a parameter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name in the API.
    pub name: &'static str,
    /// Its place in the request.
    pub place: ParameterPlace,
    /// Whether the API requires it.
    pub required: bool,
    /// Whether it can be repeated.
    pub repeated: bool,
    /// The kinds of ID that a path parameter accepts.
    pub ids: &'static [IdKind],
    /// Its documented limit.
    pub limit: Option<ParameterLimit>,
}

/// The place of a parameter in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// In the path, instead of a placeholder.
    Path,
    /// In the query.
    Query,
    /// In the body, as a property of the JSON object or a field of the form.
    Body,
}

impl OperationInfo {
    /// Describes an operation. By default `GET`, `PUT` and `DELETE` are idempotent and other methods
    /// are not; change this with [`idempotent`](Self::idempotent).
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self {
            id,
            method,
            path,
            content_type: None,
            idempotent,
            has_secret_response: false,
            result_in_body: false,
            parameters: &[],
            call: "",
            advice: None,
            max_response_bytes: None,
        }
    }

    /// Sets whether the operation is idempotent.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets whether the response has a secret.
    #[must_use]
    pub const fn secret_response(mut self, has_secret: bool) -> Self {
        self.has_secret_response = has_secret;
        self
    }

    /// Sets whether only the body of a successful response says if the operation took effect.
    #[must_use]
    pub const fn result_in_body(mut self, is_in_body: bool) -> Self {
        self.result_in_body = is_in_body;
        self
    }

    /// Sets the content type of the request.
    #[must_use]
    pub const fn content_type(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }

    /// Sets the parameters.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [ParameterInfo]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets the method that makes a call.
    #[must_use]
    pub const fn call(mut self, call: &'static str) -> Self {
        self.call = call;
        self
    }

    /// Sets what to do after an error that changed nothing.
    #[must_use]
    pub const fn advice(mut self, advice: fn(&Error) -> Option<&'static str>) -> Self {
        self.advice = Some(advice);
        self
    }

    /// Sets the default limit of the response in bytes.
    #[must_use]
    pub const fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// Whether the operation only reads. HTTP calls this "safe".
    pub fn is_safe(&self) -> bool {
        self.method.is_safe()
    }

    /// Adds the facts about this operation to an error.
    pub(crate) fn complete(&self, error: Error) -> Error {
        self.brief().complete(error)
    }

    /// The part that an exchange needs.
    pub(crate) fn brief(&self) -> OperationBrief {
        OperationBrief {
            id: self.id,
            path: self.path,
            is_safe: self.is_safe(),
            is_post: self.method == Method::POST,
            is_idempotent: self.idempotent,
            result_in_body: self.result_in_body,
            advice: self.advice,
        }
    }
}

/// The properties of an operation that a running call needs. Each call has a copy.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // Each is a property of its own.
pub(crate) struct OperationBrief {
    pub(crate) id: &'static str,
    #[cfg_attr(not(feature = "tracing"), allow(dead_code))]
    pub(crate) path: &'static str,
    pub(crate) is_safe: bool,
    pub(crate) is_post: bool,
    pub(crate) is_idempotent: bool,
    result_in_body: bool,
    advice: Option<fn(&Error) -> Option<&'static str>>,
}

impl OperationBrief {
    /// Adds the operation's name and advice to an error. The outcome of an operation that only reads
    /// becomes `NotApplied`.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let mut error = error.with_operation(self.id);
        if self.is_safe {
            error = error.with_outcome(Outcome::NotApplied);
        }
        // The body that could not be read may say that nothing was done.
        if self.result_in_body && error.outcome() == Outcome::Applied {
            error = error.with_outcome(Outcome::Unknown);
        }
        // If the outcome is unknown, finding it out comes first.
        let is_known = error.outcome() == Outcome::NotApplied;
        match self
            .advice
            .filter(|_| is_known)
            .and_then(|advice| advice(&error))
        {
            Some(advice) => error.with_advice(advice),
            None => error,
        }
    }
}

impl ParameterInfo {
    /// Describes a required parameter that is not repeated.
    pub const fn new(name: &'static str, place: ParameterPlace) -> Self {
        Self {
            name,
            place,
            required: true,
            repeated: false,
            ids: &[],
            limit: None,
        }
    }
}
