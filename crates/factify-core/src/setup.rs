//! What the transports' builders have in common.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;

use http::Uri;

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
    /// both are set to different proxies, the transport decides: name one by `Url`. A variable that
    /// cannot be used is no reason to go without a proxy: no transport can be made then.
    #[default]
    Environment,
    /// None.
    Direct,
    /// That of this URL: `http://[user:password@]host:port`, or `socks5://…`.
    Url(String),
}

impl Proxy {
    /// What the transport makes of the proxy's URL with `usable`; `None` to go through no proxy.
    ///
    /// For those who write a transport. Of the environment's variables the first of `names` that is
    /// not empty decides.
    ///
    /// # Errors
    /// When the URL is none or `usable` makes nothing of it, unless `NO_PROXY` has a `*`.
    ///
    /// ```
    /// use factify_core::Proxy;
    ///
    /// let http = |url: &str| url.strip_prefix("http://").map(str::to_owned);
    /// let set = |name: &str| (name == "HTTPS_PROXY").then(|| "ftp://proxy:1".into());
    /// let error = Proxy::Environment.choose(&["ALL_PROXY", "HTTPS_PROXY"], set, http);
    /// assert!(error.unwrap_err().to_string().contains("HTTPS_PROXY"));
    /// ```
    pub fn choose<T>(
        &self,
        names: &[&'static str],
        variable: impl Fn(&str) -> Option<OsString>,
        usable: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, BuildError> {
        let usable = |url: &str| if is_address(url) { usable(url) } else { None };
        let set = |name| variable(name).filter(|value| !value.is_empty());
        match self {
            Self::Direct => Ok(None),
            Self::Url(url) => usable(url).map(Some).ok_or_else(BuildError::proxy),
            Self::Environment => {
                let first = names.iter().find_map(|name| Some((name, set(name)?)));
                let Some((name, value)) = first else {
                    return Ok(None);
                };
                let proxy = value.to_str().and_then(usable);
                let none = set("NO_PROXY").or_else(|| set("no_proxy"));
                let none = none.unwrap_or_default();
                let mut hosts = none.to_str().unwrap_or_default().split(',');
                if proxy.is_none() && !hosts.any(|host| host.trim() == "*") {
                    return Err(BuildError::proxy_variable(name));
                }
                Ok(proxy)
            }
        }
    }
}

/// Whether there is a host, and a port that is one or none: another would be passed over.
fn is_address(url: &str) -> bool {
    let uri = url.parse::<Uri>().ok();
    uri.as_ref().and_then(Uri::authority).is_some_and(|whole| {
        let address = whole.as_str().rsplit('@').next();
        let port = whole.port_u16().map(|port| port != 0);
        !whole.host().is_empty() && port.unwrap_or(address == Some(whole.host()))
    })
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
    variable: Option<&'static str>,
    fault: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl BuildError {
    /// A certificate authority that cannot be used.
    pub fn roots(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            variable: None,
            fault: "TLS cannot be set up with these certificate authorities",
            source: Some(source.into()),
        }
    }

    /// A proxy URL that cannot be used. The URL is not kept: a password may be in it.
    pub fn proxy() -> Self {
        Self {
            variable: None,
            fault: "the proxy's URL must be http:// or socks5:// and a host",
            source: None,
        }
    }

    /// An environment variable whose proxy URL cannot be used. Its value is not kept, as in
    /// [`BuildError::proxy`].
    pub fn proxy_variable(name: &'static str) -> Self {
        Self {
            variable: Some(name),
            fault: "its proxy's URL must be http:// or socks5:// and a host; nothing was sent",
            source: None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(variable) = self.variable {
            write!(f, "the environment variable {variable} cannot be used: ")?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["ALL_PROXY", "all_proxy", "HTTPS_PROXY"];

    /// What is chosen of these variables by a transport that knows `http` alone.
    fn chosen(proxy: &Proxy, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let http = |url: &str| url.strip_prefix("http://").map(str::to_owned);
        let chosen = proxy.choose(NAMES, variable, http);
        chosen.map_err(|error| {
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
            error.to_string()
        })
    }

    #[test]
    fn the_first_variable_that_is_not_empty_decides() {
        let bad = "ftp://user:CANARY@p:1";
        for (variables, expected) in [
            (&[][..], Ok(None)),
            (&[("ALL_PROXY", ""), ("all_proxy", "")], Ok(None)),
            (&[("ANOTHER", bad)], Ok(None)),
            (&[("HTTPS_PROXY", "http://p:1")], Ok(Some("p:1"))),
            (
                &[("ALL_PROXY", ""), ("all_proxy", "http://p:1")],
                Ok(Some("p:1")),
            ),
            (
                &[("ALL_PROXY", "http://p:1"), ("all_proxy", bad)],
                Ok(Some("p:1")),
            ),
            (
                &[("HTTPS_PROXY", bad), ("ALL_PROXY", "http://p:1")],
                Ok(Some("p:1")),
            ),
            (
                &[("ALL_PROXY", bad), ("HTTPS_PROXY", "http://p:1")],
                Err("ALL_PROXY"),
            ),
            (&[("HTTPS_PROXY", bad)], Err("HTTPS_PROXY")),
            (
                &[("all_proxy", bad), ("HTTPS_PROXY", bad)],
                Err("all_proxy"),
            ),
            // Nothing goes through a proxy, whatever it is.
            (&[("HTTPS_PROXY", bad), ("NO_PROXY", "*")], Ok(None)),
            (
                &[("HTTPS_PROXY", bad), ("NO_PROXY", ""), ("no_proxy", "p, *")],
                Ok(None),
            ),
            (
                &[("HTTPS_PROXY", bad), ("NO_PROXY", "p")],
                Err("HTTPS_PROXY"),
            ),
            (
                &[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", "*")],
                Ok(Some("p:1")),
            ),
        ] {
            match (chosen(&Proxy::Environment, variables), expected) {
                (Ok(found), Ok(expected)) => {
                    assert_eq!(found.as_deref(), expected, "{variables:?}");
                }
                (Err(error), Err(name)) => assert!(
                    error.contains(&format!("variable {name} cannot be used"))
                        && error.contains("nothing was sent"),
                    "{error}"
                ),
                (found, _) => panic!("{variables:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_url_is_a_host_and_a_port_that_is_one() {
        for (url, good) in [
            ("http://p", true),
            ("http://p/", true),
            ("http://p:3128", true),
            ("http://[::1]:3128", true),
            ("http://user:CANARY@p:3128", true),
            ("http://user:CANARY@p", true),
            ("", false),
            ("http://", false),
            ("http://:3128", false),
            ("http://user:CANARY@", false),
            ("http://p:", false),
            ("http://p:0", false),
            ("http://p:99999", false),
            ("http://9:99999", false),
            ("http://user:CANARY@p:99999", false),
            ("http://p:CANARY", false),
            ("http//p:1", false),
            ("p::1", false),
            ("nonsense:://CANARY", false),
        ] {
            let found = chosen(&Proxy::Url(url.into()), &[]);
            assert_eq!(found.is_ok(), good, "{url}");
            let found = chosen(&Proxy::Environment, &[("HTTPS_PROXY", url)]);
            assert_eq!(found.is_ok(), good || url.is_empty(), "{url}");
        }
        assert_eq!(chosen(&Proxy::Direct, &[("ALL_PROXY", "p::1")]), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;
        let variable = |_: &str| Some(OsString::from_vec(b"http://\xff".to_vec()));
        let chosen = Proxy::Environment.choose(NAMES, variable, |_| Some(()));
        assert!(chosen.unwrap_err().to_string().contains("ALL_PROXY"));
    }
}
