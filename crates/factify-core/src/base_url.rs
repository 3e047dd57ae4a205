use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::str::FromStr;

use bytes::Bytes;
use http::Uri;
use http::uri::{self, Authority, PathAndQuery, Scheme};

use crate::environment::{self, InvalidVariable};
use crate::error::from_invalid;
use crate::from_text::deserialize_from_text;

/// The URL of the API: scheme, host, port and an optional path before `/v1beta`.
///
/// Only `https` is accepted, and `http` to the loopback host, so that a bearer token cannot leave the
/// machine unencrypted by accident.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::BaseUrl;
///
/// assert_eq!(BaseUrl::production().to_string(), "https://api.factify.com");
/// assert!(BaseUrl::parse("http://127.0.0.1:8080").is_ok());
/// assert!(BaseUrl::parse("http://api.factify.com").is_err());
/// # Ok::<(), factify::InvalidBaseUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    path: Box<str>,
}

impl BaseUrl {
    /// The name of the environment variable that [`from_env`](Self::from_env) reads.
    pub const VARIABLE: &'static str = "FACTIFY_BASE_URL";

    /// The production server of the v1beta document, `https://api.factify.com`.
    pub fn production() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api.factify.com"),
            path: Box::default(),
        }
    }

    /// Parses a URL. A trailing slash is ignored.
    ///
    /// # Errors
    /// If the text is not an absolute `http` or `https` URL, has user information, a query, a fragment
    /// or a port outside of 1 to 65535, ends with `/v1beta`, or is plaintext to a host other than
    /// loopback.
    pub fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let url = Self::parse_allowing_plaintext(text)?;
        if url.scheme == Scheme::HTTP && !is_loopback(&url.authority) {
            return Err(InvalidBaseUrl {
                problem: "http sends the token in the clear; use https, or http to loopback only",
            });
        }
        Ok(url)
    }

    /// Parses a URL and accepts `http` to any host: **the token then crosses the network unencrypted**,
    /// and everyone on the way can read it.
    ///
    /// # Errors
    /// As for [`BaseUrl::parse`], except for plaintext.
    pub fn parse_allowing_plaintext(text: &str) -> Result<Self, InvalidBaseUrl> {
        let fail = |problem| Err(InvalidBaseUrl { problem });
        if text.is_empty() {
            return fail("it is empty");
        }
        if text.contains('#') {
            return fail("it has a fragment");
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return fail("it is not a URL");
        };
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return fail("it must begin with https://, or http:// for this machine");
        };
        if scheme != Scheme::HTTPS && scheme != Scheme::HTTP {
            return fail("its scheme is not https");
        }
        if authority.as_str().contains('@') {
            return fail("it has a user name or a password");
        }
        if authority.host().is_empty() {
            return fail("it has no host");
        }
        // If an invalid port were ignored, the key would go to the default port: another server.
        let rest = authority.as_str().get(authority.host().len()..);
        if !rest.is_some_and(is_port_or_empty) {
            return fail("its port is not a number from 1 to 65535");
        }
        let path: Box<str> = match &parts.path_and_query {
            Some(path) if path.query().is_some() => return fail("it has a query"),
            Some(path) => path.path().trim_end_matches('/').into(),
            None => Box::default(),
        };
        if path.ends_with("/v1beta") {
            return fail("leave out /v1beta, which each operation adds");
        }
        Ok(Self {
            scheme,
            authority,
            path,
        })
    }

    /// Reads the URL from the environment variable `FACTIFY_BASE_URL`, by the rules of
    /// [`parse`](Self::parse). `None` if it is not set or empty.
    ///
    /// # Errors
    /// If the variable is not Unicode or not a valid URL.
    pub fn from_env() -> Result<Option<Self>, InvalidVariable> {
        environment::read(Self::VARIABLE)
    }

    /// The path before that of the operation; usually empty.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The URL of a path that starts with the path of this base.
    pub(crate) fn with_path_and_query(&self, path_and_query: String) -> Result<Uri, http::Error> {
        let mut parts = uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(Bytes::from(
            path_and_query,
        ))?);
        Ok(Uri::from_parts(parts)?)
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self::production()
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "{}://{}{}",
            self.scheme, self.authority, self.path
        ))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

fn is_port_or_empty(text: &str) -> bool {
    let port = text.strip_prefix(':').filter(|port| !port.starts_with('+'));
    text.is_empty() || port.is_some_and(|port| port.parse::<NonZeroU16>().is_ok())
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Why a text is not a [`BaseUrl`]: the message says what to correct. It does not contain the text, which may include
/// a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBaseUrl {
    problem: &'static str,
}

impl InvalidBaseUrl {
    pub(crate) fn problem(&self) -> &'static str {
        self.problem
    }
}

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a usable base URL: {}", self.problem)
    }
}

impl std::error::Error for InvalidBaseUrl {}

from_invalid!(InvalidBaseUrl);
deserialize_from_text!(BaseUrl, "a base URL");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_everything_that_could_leak_the_token() {
        for (text, valid) in [
            ("https://api.factify.com", true),
            ("https://api.factify.com/", true),
            ("https://proxy.example:8443/factify/", true),
            ("http://localhost:1", true),
            ("http://127.9.9.9:1", true),
            ("http://[::1]:1", true),
            ("http://127.0.0.1.example.com", false),
            ("http://localhost.example.com", false),
            ("http://api.factify.com", false),
            ("http://user@localhost", false),
            ("https://user:password@api.factify.com", false),
            ("https://api.factify.com?x=1", false),
            ("https://api.factify.com#x", false),
            ("ftp://api.factify.com", false),
            ("api.factify.com", false),
            ("/v1beta", false),
            ("https://api.factify.com/v1beta", false),
            ("https://api.factify.com/v1beta/", false),
            ("https://api.factify.com:", false),
            ("https://api.factify.com:0", false),
            ("https://api.factify.com:65535", true),
            ("https://api.factify.com:65536", false),
            ("https://api.factify.com:+443", false),
            ("http://127.0.0.1:abc", false),
            ("http://[::1]:abc", false),
            ("http://[::1]", true),
            ("http://[::1]x:1", false),
            ("http://[::1]example.com", false),
            ("", false),
        ] {
            assert_eq!(BaseUrl::parse(text).is_ok(), valid, "{text}");
        }
        assert!(BaseUrl::parse_allowing_plaintext("http://api.factify.com").is_ok());
    }

    #[test]
    fn says_what_is_missing() {
        for (text, problem) in [
            ("", "it is empty"),
            (
                "localhost:8080",
                "it must begin with https://, or http:// for this machine",
            ),
            (
                "api.factify.com",
                "it must begin with https://, or http:// for this machine",
            ),
            (
                "/v1beta",
                "it must begin with https://, or http:// for this machine",
            ),
            ("https://", "it is not a URL"),
        ] {
            assert_eq!(
                BaseUrl::parse(text).unwrap_err().problem(),
                problem,
                "{text}"
            );
        }
    }

    #[test]
    fn keeps_a_path_before_the_api() {
        let base = BaseUrl::parse("https://proxy.example/factify/").unwrap();
        assert_eq!(base.path(), "/factify");
        let url = base.with_path_and_query("/factify/v1beta/x?a=b".into());
        assert_eq!(url.unwrap(), "https://proxy.example/factify/v1beta/x?a=b");
        let text = "https://proxy.example/factify";
        assert_eq!(
            format!("{base:>40}|{base:<40}|"),
            format!("{text:>40}|{text:<40}|")
        );
    }
}
