use bytes::Bytes;
use factify_types::Id;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};

use crate::auth::ApiKey;
use crate::base_url::BaseUrl;
use crate::error::Error;
use crate::operation::Operation;

/// The default `User-Agent`.
pub(crate) const DEFAULT_USER_AGENT: &str = concat!("factify-rust/", env!("CARGO_PKG_VERSION"));

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Fills the placeholders of a path with validated IDs, so that a segment can hold nothing else.
#[derive(Debug)]
pub struct PathBuilder {
    out: String,
    rest: &'static str,
    too_many: bool,
}

impl PathBuilder {
    pub(crate) fn new(template: &'static str) -> Self {
        Self {
            out: String::with_capacity(template.len() + 64),
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
    pub(crate) fn finish(mut self) -> Option<String> {
        self.out.push_str(self.rest);
        (!self.too_many && !self.rest.contains('{')).then_some(self.out)
    }
}

/// Adds query parameters, percent-encoded.
#[derive(Debug)]
pub struct QueryBuilder {
    out: String,
}

impl QueryBuilder {
    /// Adds one parameter; a repeated name is sent repeatedly.
    pub fn pair(&mut self, name: &str, value: &str) -> &mut Self {
        self.out
            .push(if self.out.contains('?') { '&' } else { '?' });
        self.out
            .extend(form_urlencoded::byte_serialize(name.as_bytes()));
        self.out.push('=');
        self.out
            .extend(form_urlencoded::byte_serialize(value.as_bytes()));
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
    let mut path = PathBuilder::new(O::INFO.path);
    operation.path(&mut path);
    let path = path.finish();
    let path = path.ok_or_else(|| invalid("the path needs as many ids as it has places".into()))?;
    let mut query = QueryBuilder { out: path };
    operation.query(&mut query);
    let uri = base
        .join(&query.out)
        .map_err(|cause| invalid(format!("the request's URL is not valid: {cause}")))?;
    let body = operation
        .body()
        .map_err(|cause| invalid(format!("the request's body cannot be written: {cause}")))?;
    let authorization = key
        .header()
        .ok_or_else(|| invalid("the API key cannot be sent in a header".into()))?;

    let mut request = Request::new(Bytes::new());
    *request.method_mut() = O::INFO.method;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.reserve(4);
    headers.insert(AUTHORIZATION, authorization);
    headers.insert(ACCEPT, JSON);
    headers.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
    if let Some(body) = body {
        headers.insert(CONTENT_TYPE, JSON);
        *request.body_mut() = body;
    }
    Ok(request)
}
