use http::StatusCode;

use crate::rate_limit::RateLimit;

/// A successful response with its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiResponse<T> {
    /// The decoded value of the response.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The request id for Factify's support, from the header `X-Request-Id`. v1beta documents no id for
    /// a success, so expect `None`.
    pub request_id: Option<String>,
    /// The rate limit headers, if the server sent any.
    pub rate_limit: RateLimit,
    /// The number of requests that were passed to the transport.
    pub attempts: u32,
}

impl<T> ApiResponse<T> {
    /// A response with this value, for your tests: status 200, one attempt and no headers. Set the other
    /// fields afterwards.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::ApiResponse;
    ///
    /// let mut response = ApiResponse::new("the value");
    /// response.attempts = 3;
    /// assert_eq!((response.value, response.status.as_u16()), ("the value", 200));
    /// ```
    pub fn new(value: T) -> Self {
        Self {
            value,
            status: StatusCode::OK,
            request_id: None,
            rate_limit: RateLimit::default(),
            attempts: 1,
        }
    }
}
