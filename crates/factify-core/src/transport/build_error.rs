use std::error::Error as StdError;
use std::fmt;

use crate::error::from_invalid;

const PROXY: &str = "the URL of a proxy must be [scheme://][user:password@]host[:port]; the transport must \
    support the scheme, for example http:// or socks5://; write @ / ? # in a password as %40 %2F %3F %23";

/// Why a transport could not be built. Its message names the wrong setting: correct it and build again. A transport
/// never falls back to weaker settings or to a direct connection.
#[derive(Debug)]
pub struct BuildError {
    variable: Option<&'static str>,
    problem: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl BuildError {
    /// TLS cannot be set up.
    pub fn tls(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::with_source("TLS cannot be set up", source)
    }

    /// [`Roots::Custom`](crate::Roots::Custom) has no certificate.
    pub fn no_certificate() -> Self {
        Self {
            variable: None,
            problem: "Roots::Custom has no certificate, so no server could be trusted",
            source: None,
        }
    }

    /// A certificate of [`Roots::Custom`](crate::Roots::Custom) is not usable.
    pub fn certificate(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let problem = "a certificate of Roots::Custom is not an X.509 certificate in DER";
        Self::with_source(problem, source)
    }

    /// [`Roots::Platform`](crate::Roots::Platform) has no certificate authority.
    pub fn platform_roots(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let problem = "the system's store of certificate authorities is empty or cannot be read";
        Self::with_source(problem, source)
    }

    fn with_source(
        problem: &'static str,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            variable: None,
            problem,
            source: Some(source.into()),
        }
    }

    /// A proxy URL is not usable. The error does not keep the URL, because it may hold a password.
    pub fn proxy() -> Self {
        Self {
            variable: None,
            problem: PROXY,
            source: None,
        }
    }

    /// The proxy URL in an environment variable is not usable. The error does not keep the URL.
    pub fn proxy_variable(name: &'static str) -> Self {
        Self {
            variable: Some(name),
            problem: PROXY,
            source: None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = self.variable {
            write!(f, "the environment variable {variable} cannot be used: ")?;
        }
        f.write_str(self.problem)
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

from_invalid!(BuildError);
