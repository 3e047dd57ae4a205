use std::fmt;

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, EXPECT, HOST, HeaderMap,
    HeaderName, HeaderValue, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use http::uri::{Authority, PathAndQuery};
use http::{Request, Uri};

use crate::base_url::BaseUrl;
use crate::error::from_invalid;
use crate::transport::RequestBody;
use crate::wire::encode::DEFAULT_USER_AGENT;

/// A URL from the API for one download, with its own headers.
///
/// The URL itself grants access, so it is a secret: its path and query are never printed. If the server
/// repeats a part of them, errors show `…` instead, unless the part has fewer than eight bytes: a shorter
/// part cannot be told apart from ordinary text.
///
/// A request to the URL contains only the URL and its headers, with a `User-Agent` and `Accept-Encoding: identity` if
/// it has none, so **it never carries the bearer token**.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::PresignedUrl;
///
/// let url = PresignedUrl::parse("https://files.example.com/report?signature=4f2a")?;
/// assert_eq!(format!("{url:?}"), "PresignedUrl(https://files.example.com/…)");
/// assert!(PresignedUrl::parse("http://files.example.com/report?signature=4f2a").is_err());
/// # Ok::<(), factify::InvalidPresignedUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl {
    uri: Uri,
    headers: HeaderMap,
}

/// The headers that frame a request or identify its sender.
const REFUSED: [HeaderName; 10] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    COOKIE,
    EXPECT,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Marks a request whose path and query are secret. It is in the request's extensions; a transport must
/// not log the URL of such a request.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SensitiveUrl;

impl PresignedUrl {
    /// Reads a URL. It must be `https`, or `http` to the loopback host.
    ///
    /// # Errors
    /// If the text is not such a URL, or has user information.
    pub fn parse(text: &str) -> Result<Self, InvalidPresignedUrl> {
        let invalid = |problem| InvalidPresignedUrl { problem };
        let text = text.split('#').next().unwrap_or_default();
        let uri: Uri = text.parse().map_err(|_| invalid("it is not a URL"))?;
        let mut server = uri.clone().into_parts();
        server.path_and_query = Some(PathAndQuery::from_static("/"));
        // The rules for scheme, host and port are the same as for the base URL.
        let server = Uri::from_parts(server).map(|server| server.to_string());
        let server = server.map_err(|_| invalid("it must begin with https:// and a host"))?;
        BaseUrl::parse(&server).map_err(|error| invalid(error.problem()))?;
        Ok(Self {
            uri,
            headers: HeaderMap::new(),
        })
    }

    /// Adds a header to the request. A `Host` header with the host of the URL is accepted and ignored, because each
    /// request has it.
    ///
    /// # Errors
    /// If the header frames the request or identifies its sender, for example `Authorization`, or is another `Host`.
    pub fn header(
        mut self,
        name: HeaderName,
        mut value: HeaderValue,
    ) -> Result<Self, InvalidPresignedUrl> {
        if name == HOST && self.is_host(&value) {
            return Ok(self);
        }
        if REFUSED.contains(&name) {
            let problem = "one of its headers is not allowed";
            return Err(InvalidPresignedUrl { problem });
        }
        value.set_sensitive(true);
        self.headers.append(name, value);
        Ok(self)
    }

    /// Whether this is the host and the port of the URL.
    fn is_host(&self, value: &HeaderValue) -> bool {
        let default = if self.uri.scheme_str() == Some("http") {
            80
        } else {
            443
        };
        let port = |authority: &Authority| authority.port_u16().unwrap_or(default);
        let other = Authority::try_from(value.as_bytes());
        let pair = self.uri.authority().zip(other.ok());
        pair.is_some_and(|(own, other)| {
            let is_same_host = own.host().eq_ignore_ascii_case(other.host());
            is_same_host && port(own) == port(&other) && !other.as_str().contains('@')
        })
    }

    /// Adds a header that is not secret, and does not come from the API.
    pub(crate) fn public_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The headers of the request. Those of the API are marked sensitive.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The parts of the URL that grant access, alone or together.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let mut secrets: Vec<_> = self
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .into_iter()
            .collect();
        secrets.push(self.uri.path().to_owned());
        let query = self.uri.query().unwrap_or_default();
        secrets.push(query.to_owned());
        for pair in query.split('&') {
            let value = pair.split_once('=').map_or(pair, |(_, value)| value);
            secrets.push(value.to_owned());
        }
        secrets
    }

    /// The request. Its URI is not hidden: do not print it.
    pub fn request(&self) -> Request<RequestBody> {
        let mut request = Request::new(RequestBody::empty());
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        // A file is stored as it is. What a server encodes on the way cannot be resumed.
        for (name, value) in [
            (USER_AGENT, DEFAULT_USER_AGENT),
            (ACCEPT_ENCODING, "identity"),
        ] {
            let value = HeaderValue::from_static(value);
            request.headers_mut().entry(name).or_insert(value);
        }
        request.extensions_mut().insert(SensitiveUrl);
        request
    }
}

impl fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let authority = self
            .uri
            .authority()
            .map_or("", |authority| authority.as_str());
        write!(f, "PresignedUrl({scheme}://{authority}/…)")
    }
}

/// Why a text is not a [`PresignedUrl`], or a header is not allowed. It does not contain the text. Get a new URL from the
/// API, and use it unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPresignedUrl {
    problem: &'static str,
}

impl fmt::Display for InvalidPresignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the presigned URL cannot be used: {}", self.problem)
    }
}

impl std::error::Error for InvalidPresignedUrl {}

from_invalid!(InvalidPresignedUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_secure_url_without_user_information_is_accepted() {
        for (text, problem) in [
            ("https://s.example.com/a?x=CANARY", None),
            ("https://s.example.com:8443/a%20b?x=CANARY#part", None),
            ("http://127.0.0.1:80/a?x=CANARY", None),
            ("http://s.example.com/a?x=CANARY", Some("https")),
            ("https://CANARY@s.example.com/a", Some("user name")),
            ("https://s.example.com:0/CANARY", Some("port")),
            ("ftp://s.example.com/CANARY", Some("https")),
            ("/CANARY", Some("https://")),
            ("CANARY?", Some("URL")),
            ("https://", Some("URL")),
        ] {
            let found = PresignedUrl::parse(text);
            assert!(!format!("{found:?}").contains("CANARY"), "{text}");
            match (found, problem) {
                (Ok(_), None) => {}
                (Err(error), Some(problem)) => {
                    assert!(error.to_string().contains(problem), "{text}: {error}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn the_request_has_the_headers_of_the_url_and_no_credentials() {
        let url = PresignedUrl::parse("https://s.example.com/a%2Fb?x=1&y=%20#part").unwrap();
        let name = HeaderName::from_static("x-key");
        let url = url
            .header(name, HeaderValue::from_static("CANARY"))
            .unwrap();
        let request = url.request();
        assert_eq!(request.uri(), "https://s.example.com/a%2Fb?x=1&y=%20");
        assert_eq!(request.headers()["x-key"], "CANARY");
        assert!(!format!("{request:?}").contains("CANARY"));
        assert_eq!(request.headers()[ACCEPT_ENCODING], "identity");
        let own = HeaderValue::from_static("gzip");
        let own = url.clone().header(ACCEPT_ENCODING, own).unwrap().request();
        let sent: Vec<_> = own.headers().get_all(ACCEPT_ENCODING).iter().collect();
        assert_eq!(sent, ["gzip"]);
        for name in REFUSED {
            assert!(!request.headers().contains_key(&name));
            let value = HeaderValue::from_static("Bearer CANARY");
            let error = url.clone().header(name, value).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("CANARY"));
        }
    }

    #[test]
    fn a_host_header_may_only_repeat_the_host_of_the_url() {
        for (url, host, is_same) in [
            ("https://s.example.com/a", "s.example.com", true),
            ("https://s.example.com/a", "S.Example.COM", true),
            ("https://s.example.com/a", "s.example.com:443", true),
            ("https://s.example.com:443/a", "s.example.com", true),
            ("https://s.example.com:8443/a", "s.example.com:8443", true),
            ("http://127.0.0.1/a", "127.0.0.1:80", true),
            ("http://[::1]:9/a", "[::1]:9", true),
            ("https://s.example.com:8443/a", "s.example.com", false),
            ("https://s.example.com/a", "s.example.com:80", false),
            ("https://s.example.com/a", "t.example.com", false),
            ("https://s.example.com/a", "me@s.example.com", false),
            ("https://s.example.com/a", "s.example.com/", false),
            ("https://s.example.com/a", "", false),
            ("https://s.example.com/a", "\u{e9}.example.com", false),
        ] {
            let url = PresignedUrl::parse(url).unwrap();
            let value = HeaderValue::from_str(host).unwrap();
            let found = url.clone().header(HOST, value);
            assert_eq!(found.ok(), is_same.then_some(url), "{host}");
        }
    }
}
