use bytes::Bytes;
use factify_types::Id;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::auth::ApiKey;
use crate::base_url::BaseUrl;
use crate::error::Error;
use crate::operation::Operation;

/// The default `User-Agent`.
pub(crate) const DEFAULT_USER_AGENT: &str = concat!("factify-rust/", env!("CARGO_PKG_VERSION"));

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What is escaped in a query: all but the unreserved characters of RFC 3986.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Enough for the IDs of a path, and for a few query parameters.
const PARAMETERS: usize = 128;

/// The headers of a request, with that of compression and two that a transport adds.
const HEADERS: usize = if cfg!(feature = "gzip") { 7 } else { 6 };

/// Fills the placeholders of a path with validated IDs, so that a segment can hold nothing else.
#[derive(Debug)]
pub struct PathBuilder {
    out: String,
    rest: &'static str,
    too_many: bool,
}

impl PathBuilder {
    /// Begins after what stands before the path.
    fn after(before: &str, template: &'static str) -> Self {
        let mut out = String::with_capacity(before.len() + template.len() + PARAMETERS);
        out.push_str(before);
        Self {
            out,
            rest: template,
            too_many: false,
        }
    }

    /// Puts an ID in the place of the next placeholder.
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

    /// The path; `None` when it has not as many placeholders as there were IDs.
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
    /// Adds one parameter; a repeated name is sent repeatedly.
    pub fn pair(&mut self, name: &str, value: &str) -> &mut Self {
        self.out.push(self.separator);
        self.separator = '&';
        self.out.extend(utf8_percent_encode(name, QUERY));
        self.out.push('=');
        self.out.extend(utf8_percent_encode(value, QUERY));
        self
    }
}

pub(crate) fn request<O: Operation + ?Sized>(
    operation: &O,
    base: &BaseUrl,
    key: &ApiKey,
) -> Result<Request<Bytes>, Error> {
    let invalid = |reason: String| Error::invalid(reason).with_operation(O::INFO.id);
    operation.validate().map_err(invalid)?;
    let mut path = PathBuilder::after(base.path(), O::INFO.path);
    operation.path(&mut path);
    let path = path.finish();
    let out = path.ok_or_else(|| invalid("the path needs as many ids as it has places".into()))?;
    let mut query = QueryBuilder {
        out,
        separator: '?',
    };
    operation.query(&mut query);
    let uri = base
        .with_path_and_query(query.out)
        .map_err(|cause| invalid(format!("the request's URL is not valid: {cause}")))?;
    let body = operation
        .body()
        .map_err(|cause| invalid(format!("the request's body cannot be written: {cause}")))?;
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(AUTHORIZATION, key.header());
    headers.insert(ACCEPT, JSON);
    headers.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
    if body.is_some() {
        headers.insert(CONTENT_TYPE, JSON);
    }
    let mut request = Request::new(body.unwrap_or_default());
    *request.method_mut() = O::INFO.method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}
