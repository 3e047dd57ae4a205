use factify_types::Id;
use factify_types::parameter::QueryParameter;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::{Body, JSON};
use crate::base_url::BaseUrl;
use crate::bearer_token::BearerToken;
use crate::error::Error;
use crate::transport::RequestBody;

/// The default `User-Agent`.
pub(crate) const DEFAULT_USER_AGENT: &str = concat!("factify-rust/", env!("CARGO_PKG_VERSION"));

/// The characters to escape in a query: all except the unreserved ones of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Room for the IDs of a path and a few query parameters.
const PARAMETERS: usize = 128;

/// Room for the headers of a request, including the one for compression and two from the transport.
const HEADERS: usize = if cfg!(feature = "gzip") { 7 } else { 6 };

/// Fills the placeholders of a path with validated IDs.
#[derive(Debug)]
pub struct PathBuilder {
    out: String,
    rest: &'static str,
    too_many: bool,
}

impl PathBuilder {
    /// Starts a path after the text `before`.
    pub(crate) fn after(before: &str, template: &'static str) -> Self {
        let mut out = String::with_capacity(before.len() + template.len() + PARAMETERS);
        out.push_str(before);
        Self {
            out,
            rest: template,
            too_many: false,
        }
    }

    /// A path without placeholders.
    pub(crate) fn complete(before: &str, path: &str) -> Self {
        let mut builder = Self::after(before, "");
        builder.out.push_str(path);
        builder
    }

    /// Replaces the next placeholder with an ID.
    pub fn id<I: Id>(&mut self, id: &I) -> &mut Self {
        if let Some((before, after)) = self.rest.split_once('{') {
            self.out.push_str(before);
            self.out.push_str(id.as_ref());
            self.rest = after.split_once('}').map_or("", |(_, rest)| rest);
        } else {
            self.too_many = true;
        }
        self
    }

    /// The path, or `None` if the number of IDs differs from the number of placeholders.
    fn finish(mut self) -> Option<String> {
        self.out.push_str(self.rest);
        (!self.too_many && !self.rest.contains('{')).then_some(self.out)
    }
}

/// Adds query parameters, percent-encoded.
#[derive(Debug)]
pub struct QueryBuilder {
    out: String,
    separator: char,
}

impl QueryBuilder {
    /// Continues a path, which may have a query.
    pub(crate) fn after(out: String) -> Self {
        let separator = if out.contains('?') { '&' } else { '?' };
        Self { out, separator }
    }

    /// The path with its query.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds one parameter. You can repeat a name.
    pub fn pair(&mut self, name: &str, value: &str) -> &mut Self {
        self.out.push(self.separator);
        self.separator = '&';
        self.out.extend(utf8_percent_encode(name, QUERY));
        self.out.push('=');
        self.out.extend(utf8_percent_encode(value, QUERY));
        self
    }

    /// Adds one declared parameter.
    pub(crate) fn parameter(&mut self, name: &str, value: &impl QueryParameter) {
        self.pair(name, &value.to_text());
    }
}

/// Builds a request: first its path, then its query, then its body.
pub(crate) fn request(
    method: Method,
    base: &BaseUrl,
    token: &BearerToken,
    path: PathBuilder,
    query: impl FnOnce(&mut QueryBuilder),
    body: Result<Body, serde_json::Error>,
) -> Result<Request<RequestBody>, Error> {
    let out = path
        .finish()
        .ok_or_else(|| Error::invalid("the path needs exactly one id for each placeholder"))?;
    let mut builder = QueryBuilder::after(out);
    query(&mut builder);
    let uri = base
        .with_path_and_query(builder.out)
        .map_err(|cause| Error::invalid(format!("the request's URL is not valid: {cause}")))?;
    let body = body.map_err(|cause| {
        Error::invalid(format!("the request's body cannot be written: {cause}"))
    })?;
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(AUTHORIZATION, token.header());
    headers.insert(ACCEPT, JSON);
    headers.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
    if let Some(content_type) = body.content_type {
        headers.insert(CONTENT_TYPE, content_type);
    }
    if body.content.is_empty() && [Method::POST, Method::PUT, Method::PATCH].contains(&method) {
        // RFC 9110, section 8.6: without it, a server may wait for a body or refuse the request.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let mut request = Request::new(body.content);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}
