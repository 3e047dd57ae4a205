use http::StatusCode;

use crate::rate_limit::RateLimit;

/// A successful response, with what came along with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiResponse<T> {
    /// The decoded value of the response.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The id for Factify's support, of the header `X-Request-Id`. v1beta documents none for a
    /// success, so expect `None`.
    pub request_id: Option<String>,
    /// The rate limit headers, where the server sent any.
    pub rate_limit: RateLimit,
    /// How many requests were handed to the transport.
    pub attempts: u32,
}
