//! What every API call is.

use bytes::Bytes;
use http::{Method, Request, Response};

use crate::auth::ApiKey;
use crate::base_url::BaseUrl;
use crate::encode::{self, PathBuilder, QueryBuilder};
use crate::error::Error;
use crate::{api_error::ApiError, decode};

/// A call of the API as a value: its parameters, and how it becomes a request.
///
/// An operation needs no client: [`encode`](Operation::encode) and [`decode`](Operation::decode)
/// serve anyone who moves the bytes in another way.
pub trait Operation: Send + Sync {
    /// What a successful answer holds.
    type Output;

    /// The constants of the operation, as in the API document.
    const INFO: OperationInfo;

    /// Fills the placeholders of [`OperationInfo::path`], in their order.
    fn path(&self, path: &mut PathBuilder);

    /// Adds the query parameters.
    fn query(&self, query: &mut QueryBuilder) {
        let _ = query;
    }

    /// Makes the JSON body; `None` for no body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    fn body(&self) -> Result<Option<Bytes>, serde_json::Error> {
        Ok(None)
    }

    /// Checks what the API documents about the parameters together; nothing is sent when it fails.
    ///
    /// # Errors
    /// With a sentence that says which parameters contradict each other.
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }

    /// A secret among the parameters, of eight bytes or more: a call's errors do not show it, not
    /// even when the server repeats it.
    fn secret(&self) -> Option<&str> {
        None
    }

    /// Reads the body of a successful answer.
    ///
    /// # Errors
    /// When the body is not what the API documents.
    fn decode_body(body: &[u8]) -> Result<Self::Output, decode::DecodeError>;

    /// Makes the HTTP request.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) when a parameter breaks a documented rule.
    fn encode(&self, base: &BaseUrl, key: &ApiKey) -> Result<Request<Bytes>, Error> {
        encode::request(self, base, key)
    }

    /// Reads an answer: the value of a 2xx, else an error.
    ///
    /// The error's outcome is that of this one answer: it knows nothing of earlier attempts.
    ///
    /// # Errors
    /// [`ErrorKind::Api`](crate::ErrorKind::Api) for a status of 400 or more,
    /// [`ErrorKind::Redirect`](crate::ErrorKind::Redirect) for another one outside of 2xx, and
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) for a body that cannot be read.
    fn decode(response: Response<Bytes>) -> Result<Self::Output, Error> {
        if !response.status().is_success() {
            let error = ApiError::from_response(&response).into_error();
            return Err(error.of(&Self::INFO));
        }
        Self::decode_body(response.body()).map_err(|cause| {
            Error::undecodable(response.status(), response.headers(), cause).of(&Self::INFO)
        })
    }
}

/// The constants of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The API's `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its placeholders in braces.
    pub path: &'static str,
    /// Whether sending it again converges.
    pub repeat: Repeat,
}

impl OperationInfo {
    /// Describes an operation.
    pub const fn new(id: &'static str, method: Method, path: &'static str, repeat: Repeat) -> Self {
        Self {
            id,
            method,
            path,
            repeat,
        }
    }

    /// Whether it only reads, and so changes nothing whatever happens: "safe" in HTTP's words.
    pub fn is_safe(&self) -> bool {
        self.method.is_safe()
    }
}

/// What sending an operation a second time does when the first may have been applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// The state is the same as after once: reads, PUT, DELETE, revoke.
    Converges,
    /// It happens twice, for instance a second email. Never sent again when the first attempt may
    /// have been applied.
    Repeats,
}
