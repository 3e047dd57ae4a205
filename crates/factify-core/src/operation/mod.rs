//! The trait of all operations.

mod info;
mod raw;
#[cfg(feature = "serve")]
mod serve;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};

use crate::base_url::BaseUrl;
use crate::bearer_token::BearerToken;
use crate::error::{ApiError, Error, ErrorKind, Outcome, Printable};
use crate::scrub::{QUOTED_BYTES, Scrub, Secret};
use crate::transport::{RequestBody, SensitiveResponse};
use crate::wire::{Body, DecodeError, InvalidParameter, PathBuilder, QueryBuilder, decode, encode};

pub(crate) use info::OperationBrief;
pub use info::{OperationInfo, ParameterInfo, ParameterPlace};
pub use raw::RawRequest;
#[cfg(feature = "serve")]
pub use serve::{PathValues, ServeOperation};

/// An API call as a value, with its parameters and its conversion to a request.
///
/// You can use an operation without a client: [`encode`](Operation::encode) makes the request and
/// [`decode`](Operation::decode) reads the response. You can also implement an operation that this crate
/// does not have:
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::http::Method;
/// use factify::{
///     BaseUrl, BearerToken, DecodeError, DocumentId, Operation, OperationInfo, PathBuilder,
/// };
///
/// struct GenerateDocumentEntryPage {
///     document_id: DocumentId,
/// }
///
/// impl Operation for GenerateDocumentEntryPage {
///     type Output = String;
///
///     const INFO: OperationInfo = OperationInfo::new(
///         "generateDocumentEntryPage",
///         Method::POST,
///         "/v1beta/documents/{document_id}/entry_page",
///     );
///
///     fn path(&self, path: &mut PathBuilder) {
///         path.id(&self.document_id);
///     }
///
///     fn decode_body(body: &[u8]) -> Result<String, DecodeError> {
///         Ok(String::from_utf8_lossy(body).into_owned())
///     }
/// }
///
/// let document_id = "doc_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
/// let generate = GenerateDocumentEntryPage { document_id };
/// let request = generate.encode(&BaseUrl::production(), &BearerToken::new("ffy_test_example")?)?;
/// assert_eq!(request.uri().path(), "/v1beta/documents/doc_01h2xcejqtf2nbrexx3vqjhp41/entry_page");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Operation: Send + Sync {
    /// The value of a successful response.
    type Output;

    /// The fixed properties of the operation, as in the API document.
    const INFO: OperationInfo;

    /// The properties of this call. They are [`INFO`](Self::INFO), except for a type that can send more than one
    /// operation, such as a [`RawRequest`].
    fn info(&self) -> OperationInfo {
        Self::INFO
    }

    /// Fills the placeholders of [`OperationInfo::path`], in their order.
    fn path(&self, path: &mut PathBuilder);

    /// Adds the query parameters.
    fn query(&self, query: &mut QueryBuilder) {
        let _ = query;
    }

    /// Makes the body. The default is no body.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    fn body(&self) -> Result<Body, serde_json::Error> {
        Ok(Body::none())
    }

    /// Checks the documented rules for the parameters. If it fails, nothing is sent.
    ///
    /// # Errors
    /// With the parameter that breaks a rule.
    fn validate(&self) -> Result<(), InvalidParameter> {
        Ok(())
    }

    /// The secret parameter, if there is one. It must have at least eight bytes. No log and no error
    /// shows it, even if the server repeats it.
    fn secret(&self) -> Option<&str> {
        None
    }

    /// What may exist if the outcome of the call is not [`Outcome::NotApplied`], and what to do about it.
    /// [`Error::report`] prints it instead of its own advice.
    fn in_doubt(&self) -> Option<String> {
        None
    }

    /// Whether repeating the request with these parameters has the same effect as sending it once. By default, as
    /// [`OperationInfo::idempotent`].
    fn is_idempotent(&self) -> bool {
        self.info().idempotent
    }

    /// Reads the body of a successful response.
    ///
    /// # Errors
    /// If the body does not match the API document.
    fn decode_body(body: &[u8]) -> Result<Self::Output, DecodeError>;

    /// Checks that the output is the result of the request, for example that it has the same ID.
    ///
    /// # Errors
    /// Why it is not.
    fn verify(&self, output: &Self::Output) -> Result<(), Rejection> {
        let _ = output;
        Ok(())
    }

    /// Makes the HTTP request.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if a parameter breaks a documented rule.
    fn encode(&self, base: &BaseUrl, token: &BearerToken) -> Result<Request<RequestBody>, Error> {
        let encode = || {
            self.validate()?;
            let mut path = PathBuilder::after(base.path(), Self::INFO.path);
            self.path(&mut path);
            let query = |query: &mut QueryBuilder| self.query(query);
            let body = self.body().map(|body| match self.secret() {
                Some(_) => body.sensitive(),
                None => body,
            });
            encode::request(Self::INFO.method, base, token, path, query, body)
        };
        let mut request = encode().map_err(|error: Error| error.with_operation(Self::INFO.id))?;
        if Self::INFO.has_secret_response {
            request.extensions_mut().insert(SensitiveResponse);
        }
        Ok(request)
    }

    /// Reads a response. A 2xx status gives the value, any other status an error.
    ///
    /// The error's outcome is based on this response only, not on earlier attempts.
    ///
    /// # Errors
    /// [`ErrorKind::Api`] for a status of 400 or more, [`ErrorKind::Redirect`] for any other status
    /// outside 2xx, [`ErrorKind::Decode`] for a body that cannot be read,
    /// [`ErrorKind::Mismatch`] for a body that does not match the request, and [`ErrorKind::Refused`] for a body
    /// that says that the operation was refused.
    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error> {
        let status = response.status();
        let secret = Secret::new(self.secret());
        if !status.is_success() {
            let error = ApiError::at(&response, None, secret.scrub(None));
            return Err(Self::INFO.complete(error.into()));
        }
        let output = Self::decode_body(response.body()).map_err(|cause| {
            let error = decode::undecodable(status, response.headers(), cause);
            Self::INFO.complete(error.scrubbed(secret.scrub(None)))
        })?;
        match self.verify(&output) {
            Ok(()) => Ok(output),
            Err(rejection) => {
                let error = rejection.error(status, response.headers(), secret.scrub(None));
                Err(Self::INFO.complete(error.with_status(Some(status))))
            }
        }
    }
}

/// Why the output of a response with a success status is not the result of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// This field differs from the request.
    Differs(&'static str),
    /// The response says that the server refused the request, in the server's words. They can be empty.
    Refused(String),
    /// The response does not say whether the request succeeded: this field is absent.
    Unclear(&'static str),
}

impl Rejection {
    #[cold]
    fn error(self, status: StatusCode, headers: &HeaderMap, scrub: Scrub<'_>) -> Error {
        match self {
            Self::Differs(field) => mismatch(field),
            Self::Refused(words) => {
                let detail = match &*scrub.quote(&words, QUOTED_BYTES) {
                    "" => "the API refused it, and gave no reason".to_owned(),
                    words => format!("the API refused it: {}", Printable(words)),
                };
                Error::new(ErrorKind::Refused, Outcome::NotApplied).with_detail(detail)
            }
            Self::Unclear(field) => {
                let problem = format!(
                    "{field} is absent, so the response does not say if the call succeeded"
                );
                let error = decode::undecodable(status, headers, DecodeError::new(problem));
                error.with_outcome(Outcome::Unknown)
            }
        }
    }
}

/// The error of a response that does not match the request.
pub(crate) fn mismatch(field: &str) -> Error {
    let detail = format!("the response does not match the request: {field} differs");
    Error::new(ErrorKind::Mismatch, Outcome::Unknown).with_detail(detail)
}
