//! What the transports' builders have in common.

use std::error::Error as StdError;
use std::fmt;

/// Which certificate authorities a transport trusts: an argument, never a Cargo feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, as compiled in.
    #[default]
    WebPki,
    /// What the operating system trusts.
    Platform,
    /// These certificates alone, each in DER.
    Custom(Vec<Vec<u8>>),
}

/// Which proxy a transport goes through. `http` requests, which only reach the loopback host, go
/// through none.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// That of the environment: `HTTPS_PROXY` or `ALL_PROXY`, but for the hosts of `NO_PROXY`. When
    /// both are set to different proxies, the transport decides: name one by `Url`.
    #[default]
    Environment,
    /// None.
    Direct,
    /// That of this URL: `http://[user:password@]host:port`, or `socks5://…`.
    Url(String),
}

impl fmt::Debug for Proxy {
    /// Leaves out the URL, in which a password may be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Direct => "Direct",
            Self::Url(_) => "Url(…)",
        })
    }
}

/// Why a transport could not be set up.
#[derive(Debug)]
pub struct BuildError {
    fault: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl BuildError {
    /// A certificate authority that cannot be used.
    pub fn roots(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            fault: "TLS cannot be set up with these certificate authorities",
            source: Some(source.into()),
        }
    }

    /// A proxy URL that cannot be used. The URL is not kept: a password may be in it.
    pub fn proxy() -> Self {
        Self {
            fault: "the proxy's URL must be http:// or socks5:// and a host",
            source: None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault)
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
