//! The target of a request.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::HOST;
use http::uri::PathAndQuery;
use http::{Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The characters of a segment that stay encoded: all except the unreserved ones of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes each segment of the path as an operation's path has it, since `%69nvites` means `invites`.
/// An encoded slash stays a part of its segment.
pub(crate) fn normal(uri: &Uri) -> Cow<'_, Uri> {
    let path = uri.path();
    if !path.contains('%') {
        return Cow::Borrowed(uri);
    }
    let segments = path.split('/').map(|segment| {
        let bytes: Vec<u8> = percent_decode_str(segment).collect();
        percent_encode(&bytes, ENCODED).to_string()
    });
    let mut target = segments.collect::<Vec<_>>().join("/");
    if let Some(query) = uri.query() {
        target = format!("{target}?{query}");
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(target).ok();
    Uri::from_parts(parts).map_or(Cow::Borrowed(uri), Cow::Owned)
}

/// The same for the target of a request.
pub(crate) fn normal_request(request: &Request<Bytes>) -> Cow<'_, Request<Bytes>> {
    match normal(request.uri()) {
        Cow::Borrowed(_) => Cow::Borrowed(request),
        Cow::Owned(uri) => {
            let mut request = request.clone();
            *request.uri_mut() = uri;
            Cow::Owned(request)
        }
    }
}

/// The URL of this path on the server of a request.
pub(crate) fn absolute<B>(request: &Request<B>, path: &str) -> String {
    let (uri, headers) = (request.uri(), request.headers());
    // On a port, the request has only a path.
    if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
        return format!("{scheme}://{authority}{path}");
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    format!("http://{}{path}", host.unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equivalent_paths_have_one_form() {
        for (given, expected) in [
            ("/v1beta/a?x=%69", "/v1beta/a?x=%69"),
            ("/v1%62eta/%61?x=%69", "/v1beta/a?x=%69"),
            ("/%7E%2d%2E%5f", "/~-._"),
            ("/a%2fb/%c3%A9", "/a%2Fb/%C3%A9"),
            ("/a%/%zz", "/a%25/%25zz"),
            ("http://a.example:80/%61", "http://a.example:80/a"),
            ("*", "*"),
        ] {
            let given: Uri = given.parse().unwrap();
            assert_eq!(normal(&given).to_string(), expected, "{given}");
        }
    }
}
