use bytes::Bytes;
use http::{Method, Request};

use super::{Operation, OperationInfo};
use crate::base_url::BaseUrl;
use crate::bearer_token::BearerToken;
use crate::error::Error;
use crate::transport::{RequestBody, SensitiveResponse};
use crate::wire::{Body, DecodeError, PathBuilder, QueryBuilder, encode};

/// A request to any path of the API, for what this crate has no operation for.
///
/// It has the retries, the pace, the limits and the errors of an operation, and its value is the body of the
/// response. It goes only to the [`BaseUrl`] of the client, and only below its path.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::http::Method;
/// use factify::{BaseUrl, BearerToken, Operation, OperationInfo, RawRequest};
///
/// let info = OperationInfo::new("listWidgets", Method::GET, "/v1beta/widgets");
/// let request = RawRequest::new(info, "/v1beta/widgets?color=red")?.query("size", "2 m");
/// let request = request.encode(&BaseUrl::production(), &BearerToken::new("ffy_test_example")?)?;
/// assert_eq!(request.uri(), "https://api.factify.com/v1beta/widgets?color=red&size=2%20m");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RawRequest {
    info: OperationInfo,
    path: String,
    body: Body,
}

impl RawRequest {
    /// A request of this operation to a path, which may have a query. The operation says the method, and whether the
    /// request is idempotent. Its own path is only a name for logs.
    ///
    /// # Errors
    /// If the path does not begin with a slash, or has a segment that is empty, `.` or `..`, a slash that is
    /// percent-encoded, or a character that a URL does not allow there. The error does not contain the path.
    pub fn new(operation: OperationInfo, path: &str) -> Result<Self, Error> {
        match problem(path) {
            Some(problem) => Err(Error::invalid(format!("the path is not usable: {problem}"))),
            None => Ok(Self {
                info: operation,
                path: path.to_owned(),
                body: Body::none(),
            }),
        }
    }

    /// Adds a parameter to the query. You can repeat a name.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let mut query = QueryBuilder::after(self.path);
        query.pair(name, value);
        self.path = query.finish();
        self
    }

    /// Sets the body. No log shows it.
    pub fn body(mut self, body: Body) -> Self {
        self.body = body.sensitive();
        self
    }
}

impl Operation for RawRequest {
    type Output = Bytes;

    /// Each request has its [own properties](Operation::info).
    const INFO: OperationInfo = OperationInfo::new("raw", Method::GET, "");

    fn info(&self) -> OperationInfo {
        self.info.clone()
    }

    fn path(&self, _: &mut PathBuilder) {}

    fn encode(&self, base: &BaseUrl, token: &BearerToken) -> Result<Request<RequestBody>, Error> {
        let path = PathBuilder::complete(base.path(), &self.path);
        let (method, body) = (self.info.method.clone(), Ok(self.body.clone()));
        let mut request = encode::request(method, base, token, path, |_| (), body)
            .map_err(|error| self.info.complete(error))?;
        if self.info.has_secret_response {
            request.extensions_mut().insert(SensitiveResponse);
        }
        Ok(request)
    }

    fn decode_body(body: &[u8]) -> Result<Bytes, DecodeError> {
        Ok(Bytes::copy_from_slice(body))
    }
}

/// Why a path could leave the API, or would be another path for a server.
fn problem(path_and_query: &str) -> Option<&'static str> {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, query),
        None => (path_and_query, ""),
    };
    let Some(segments) = path.strip_prefix('/') else {
        return Some("it does not begin with a slash");
    };
    if let Some(problem) = [path, query].into_iter().find_map(wrong_symbol) {
        return Some(problem);
    }
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        // A slash at the end is allowed.
        if segment.is_empty() && segments.peek().is_some() {
            return Some("it has an empty segment");
        }
        let segment = segment.to_ascii_lowercase();
        if segment.contains("%2f") || segment.contains("%5c") {
            return Some("it has a slash or backslash that is percent-encoded");
        }
        if ["%00", "%25"].iter().any(|code| segment.contains(code)) {
            return Some("it has a zero or a percent sign that is percent-encoded");
        }
        if matches!(&*segment.replace("%2e", "."), "." | "..") {
            return Some("it has a segment . or ..");
        }
    }
    None
}

/// Why the text has a symbol that RFC 3986 does not allow in a path or a query.
fn wrong_symbol(text: &str) -> Option<&'static str> {
    let mut rest = text.bytes();
    while let Some(symbol) = rest.next() {
        match symbol {
            b'%' => {
                let digits = [rest.next(), rest.next()];
                if !digits.iter().flatten().all(u8::is_ascii_hexdigit) || digits.contains(&None) {
                    return Some(
                        "it has a percent sign that is not followed by two hexadecimal digits",
                    );
                }
            }
            b'#' => return Some("it has a fragment"),
            b'{' | b'}' => return Some("it has a placeholder"),
            _ if symbol.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&symbol) => {}
            _ => {
                return Some(
                    "it has a character that must be percent-encoded, such as a space or a letter \
                     outside of ASCII",
                );
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(path: &str) -> Result<RawRequest, Error> {
        RawRequest::new(OperationInfo::new("raw", Method::GET, ""), path)
    }

    #[test]
    fn a_path_stays_below_that_of_the_api() {
        for (path, problem) in [
            ("/v1beta/organizations", ""),
            ("/v1beta/organizations/?a=b&created.after=1%2F2&c=/?:@", ""),
            ("/v1beta/a:b@c;d=1,2(3)!*'$+~", ""),
            ("/v1beta/a%20b/..c/.d", ""),
            ("/?a=..", ""),
            ("", "does not begin with a slash"),
            ("v1beta", "does not begin with a slash"),
            ("?a", "does not begin with a slash"),
            ("@evil.example/", "does not begin with a slash"),
            (".evil.example/", "does not begin with a slash"),
            (":80/", "does not begin with a slash"),
            ("//evil.example", "empty segment"),
            ("/v1beta//x", "empty segment"),
            ("/v1beta/../x", "segment . or .."),
            ("/v1beta/.", "segment . or .."),
            ("/v1beta/%2e%2E/x", "segment . or .."),
            ("/v1beta/.%2e", "segment . or .."),
            ("/v1beta/%252e%252e", "percent sign that is percent-encoded"),
            ("/v1beta/a%00", "zero"),
            ("/v1beta/..%2fx", "percent-encoded"),
            ("/v1beta/..%5Cx", "percent-encoded"),
            ("/v1beta\\..\\x", "must be percent-encoded"),
            ("/v1beta/x#y", "fragment"),
            ("/v1beta/x?y#z", "fragment"),
            ("/v1beta/{document_id}", "placeholder"),
            ("/v1beta/a b", "must be percent-encoded"),
            ("/v1beta/\r\nHost:evil", "must be percent-encoded"),
            ("/v1beta/é", "must be percent-encoded"),
            ("/v1beta/%4", "two hexadecimal digits"),
            ("/v1beta/%4x", "two hexadecimal digits"),
            ("/v1beta/x?%", "two hexadecimal digits"),
        ] {
            match request(path) {
                Ok(_) => assert_eq!(problem, "", "{path}"),
                Err(error) => {
                    let shown = error.to_string();
                    assert!(
                        !problem.is_empty() && shown.contains(problem),
                        "{path}: {shown}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_request_has_the_properties_of_its_operation() {
        let info = OperationInfo::new("createWidget", Method::POST, "/v1beta/widgets")
            .idempotent(true)
            .secret_response(true);
        let body = Body::json(&["secret"]).unwrap();
        let raw = RawRequest::new(info, "/v1beta/widgets?a=1")
            .unwrap()
            .body(body);
        assert!(raw.is_idempotent());
        assert!(!format!("{raw:?}").contains("secret\""));
        let token = BearerToken::new("ffy_test_x").unwrap();
        let base = BaseUrl::parse("https://proxy.example/factify").unwrap();
        let request = raw.query("b", "&").encode(&base, &token).unwrap();
        assert_eq!(
            request.uri(),
            "https://proxy.example/factify/v1beta/widgets?a=1&b=%26"
        );
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.headers()["content-type"], "application/json");
        assert!(request.extensions().get::<SensitiveResponse>().is_some());
        assert!(request.body().is_sensitive());
    }

    proptest! {
        #[test]
        fn every_request_goes_to_the_api(
            path in "[/.%a-f0-9@:?#\\\\ A-F{}]{0,12}|(/|//|\\.\\.|%2e|%2f|@|:|\\?|#|a|\\PC){0,12}",
            name in "\\PC{0,8}",
            value in "\\PC{0,8}",
        ) {
            let base = BaseUrl::parse("https://api.example:8443/below").unwrap();
            let token = BearerToken::new("ffy_test_x").unwrap();
            let Ok(raw) = request(&path) else { return Ok(()) };
            let encoded = raw.query(&name, &value).encode(&base, &token).unwrap();
            let uri = encoded.uri();
            prop_assert_eq!(uri.scheme_str(), Some("https"));
            prop_assert_eq!(uri.authority().unwrap().as_str(), "api.example:8443");
            prop_assert!(uri.path().starts_with("/below/"), "{}", uri);
            // As a browser would read it: a parser of its own, which resolves dots and slashes.
            let mut depth = 0_i32;
            for segment in uri.path().split(['/', '\\']).skip(2) {
                depth += match &*segment.to_ascii_lowercase().replace("%2e", ".") {
                    "." | "" => 0,
                    ".." => -1,
                    _ => 1,
                };
                prop_assert!(depth >= 0, "{}", uri);
            }
        }
    }
}
