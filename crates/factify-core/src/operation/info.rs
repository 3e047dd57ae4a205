use factify_types::IdKind;
use http::Method;

use crate::error::{Error, Outcome};
use crate::wire::ParameterLimit;

/// The constants of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The API's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its placeholders in braces.
    pub path: &'static str,
    /// The content type of its request, without parameters; `None` when the request has no body.
    pub content_type: Option<&'static str>,
    /// Whether two of the same request have the same effect as one: RFC 9110, section 9.2.2.
    pub idempotent: bool,
    /// The parameters; empty for an operation that does not declare them.
    pub parameters: &'static [ParameterInfo],
    /// The method that makes a call of it, such as `InvitesResource::revoke`; empty when there is none.
    pub call: &'static str,
    /// What to do after an error that changed nothing, where the operation knows better than the kind of
    /// the error.
    pub advice: Option<fn(&Error) -> Option<&'static str>>,
}

/// The constants of a parameter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name that the API uses.
    pub name: &'static str,
    /// Where it stands in the request.
    pub place: ParameterPlace,
    /// Whether the API requires it.
    pub required: bool,
    /// Whether it can be given several times.
    pub repeated: bool,
    /// The kinds of IDs that it holds, for a parameter of the path.
    pub ids: &'static [IdKind],
    /// Its documented limit.
    pub limit: Option<ParameterLimit>,
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// In the place of a placeholder of the path.
    Path,
    /// In the query.
    Query,
    /// In the body: a property of its JSON object, or a field of its form.
    Body,
}

impl OperationInfo {
    /// Describes an operation. Unless [`idempotent`](Self::idempotent) says otherwise, `GET`, `PUT`
    /// and `DELETE` are idempotent, and nothing else is.
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        let idempotent = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        Self {
            id,
            method,
            path,
            content_type: None,
            idempotent,
            parameters: &[],
            call: "",
            advice: None,
        }
    }

    /// Says whether the operation is idempotent.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Says what the body of its request is.
    #[must_use]
    pub const fn content_type(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }

    /// Lists the parameters.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [ParameterInfo]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Names the method that makes a call of it.
    #[must_use]
    pub const fn call(mut self, call: &'static str) -> Self {
        self.call = call;
        self
    }

    /// Says what to do after an error that changed nothing.
    #[must_use]
    pub const fn advice(mut self, advice: fn(&Error) -> Option<&'static str>) -> Self {
        self.advice = Some(advice);
        self
    }

    /// Whether it only reads, and so changes nothing whatever happens: "safe" in HTTP's words.
    pub fn is_safe(&self) -> bool {
        self.method.is_safe()
    }

    /// Completes an error of this operation.
    pub(crate) fn complete(&self, error: Error) -> Error {
        self.brief().complete(error)
    }

    /// What the exchange of a call needs to know.
    pub(crate) fn brief(&self) -> OperationBrief {
        OperationBrief {
            id: self.id,
            path: self.path,
            is_safe: self.is_safe(),
            is_idempotent: self.idempotent,
            advice: self.advice,
        }
    }
}

/// The constants of an operation that a call under way needs; they are copied for each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperationBrief {
    pub(crate) id: &'static str,
    #[cfg_attr(not(feature = "tracing"), allow(dead_code))]
    pub(crate) path: &'static str,
    pub(crate) is_safe: bool,
    pub(crate) is_idempotent: bool,
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
        // Where it is not known whether it was applied, that comes first.
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
    /// Describes a parameter that is required once.
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
