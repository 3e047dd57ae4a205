mod exemptions;
mod login;
mod refusal;
mod socks;

use std::ffi::OsString;
use std::fmt;

use http::Uri;

use super::build_error::BuildError;

pub use exemptions::Exemptions;
pub use login::ProxyLogin;
pub use refusal::ProxyRefusal;
pub use socks::{SocksHandshake, SocksStep};

/// The proxy for `https` requests. Requests to an `http` URL never use a proxy, not even to a
/// host that [`BaseUrl::parse_allowing_plaintext`](crate::BaseUrl::parse_allowing_plaintext) allows.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// The proxy from the first non-empty environment variable of `HTTPS_PROXY`, `https_proxy`,
    /// `ALL_PROXY` and `all_proxy`. `HTTP_PROXY` is ignored, because the client of a CGI server can set
    /// it. If the variable is not usable, building the transport fails.
    ///
    /// Hosts listed in `NO_PROXY`, or else in `no_proxy`, are reached without the proxy. The entries are
    /// separated by commas:
    ///
    /// | entry | hosts |
    /// |---|---|
    /// | `*` | every host |
    /// | `example.com` | this host and all hosts below it |
    /// | `.example.com`, `*.example.com` | all hosts below it |
    /// | `192.0.2.7`, `::1`, `[::1]` | this address |
    /// | `10.0.0.0/8`, `fd00::/8` | all addresses of the network |
    /// | `example.com:8443`, `[::1]:8443` | the same, but only at this port |
    ///
    /// All other entries are ignored.
    #[default]
    Environment,
    /// No proxy.
    Direct,
    /// The proxy at this URL for all hosts: `http://[user[:password]@]host:port` or `socks5://…`. The
    /// default scheme is `http`. User and password are percent-encoded: write `@` as `%40`.
    Url(String),
}

/// The variables that name a proxy, in order of precedence.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The login and the exemptions from the URL of a proxy and `NO_PROXY`. All transports of this workspace use
/// them.
#[doc(hidden)]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProxyRules {
    /// The login of the URL.
    pub login: Option<ProxyLogin>,
    /// The hosts that are reached without the proxy.
    pub exemptions: Exemptions,
}

impl Proxy {
    /// Chooses the proxy. `usable` gets the proxy's URL and the rest of the settings. Returns `None` for
    /// no proxy.
    ///
    /// All transports of this workspace use it, so they choose the same variable.
    ///
    /// # Errors
    /// If `usable` returns `None` or would misread the URL, unless `NO_PROXY` has a `*`.
    #[doc(hidden)]
    pub fn choose<T>(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
        usable: impl FnOnce(&str, ProxyRules) -> Option<T>,
    ) -> Result<Option<T>, BuildError> {
        let usable = |url: &str, hosts: &str| usable(url, rules(url, hosts)?);
        let set = |name| variable(name).filter(|value| !value.is_empty());
        match self {
            Self::Direct => Ok(None),
            Self::Url(url) => usable(url, "").map(Some).ok_or_else(BuildError::proxy),
            Self::Environment => {
                let first = VARIABLES.iter().find_map(|name| Some((name, set(name)?)));
                let Some((name, url)) = first else {
                    return Ok(None);
                };
                let hosts = set("NO_PROXY").or_else(|| set("no_proxy"));
                let hosts = hosts.unwrap_or_default();
                let hosts = hosts.to_string_lossy();
                if hosts.split(',').any(|host| host.trim() == "*") {
                    return Ok(None);
                }
                let proxy = url.to_str().and_then(|url| usable(url, &hosts));
                proxy
                    .map(Some)
                    .ok_or_else(|| BuildError::proxy_variable(name))
            }
        }
    }
}

/// The longest user or password in bytes. SOCKS 5 has one byte for its length.
const LONGEST_SOCKS_LOGIN: usize = 255;

/// Reads the login, unless the libraries would misread this URL. They replace an invalid port with the
/// default one. If a password contains `/`, `?`, `#` or `@`, they read its start as the host or port.
fn rules(url: &str, hosts: &str) -> Option<ProxyRules> {
    let uri = url.parse::<Uri>().ok()?;
    let authority = uri.authority()?;
    let (text, host) = (authority.as_str(), authority.host());
    let signs = url.matches('@').count();
    let address = text.rsplit('@').next();
    let port = authority.port_u16().map(|port| port != 0);
    let is_sound = signs <= 1
        && signs == text.matches('@').count()
        && !host.is_empty()
        && port.unwrap_or(address == Some(host));
    let is_socks = uri.scheme_str().is_some_and(|it| it.starts_with("socks"));
    let longest = if is_socks {
        LONGEST_SOCKS_LOGIN
    } else {
        usize::MAX
    };
    let login = ProxyLogin::of(authority, longest).ok()?;
    is_sound.then(|| ProxyRules {
        login,
        exemptions: Exemptions::parse(hosts),
    })
}

impl fmt::Debug for Proxy {
    /// Omits the URL, because it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Direct => "Direct",
            Self::Url(_) => "Url(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chooses from these variables for a transport that supports any scheme except `ftp`.
    fn chosen(proxy: &Proxy, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let known = |url: &str, rules: ProxyRules| {
            let hosts = ["a", "b", "p"].map(|host| {
                let target = format!("https://{host}").parse().unwrap();
                if rules.exemptions.contains(&target) {
                    host
                } else {
                    ""
                }
            });
            let url = format!("{url} {}", hosts.concat());
            (!url.starts_with("ftp:")).then(|| url.trim_end().to_owned())
        };
        match proxy.choose(variable, known) {
            Ok(chosen) => Ok(chosen),
            Err(error) => {
                assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
                Err(error.to_string())
            }
        }
    }

    #[test]
    fn the_first_non_empty_variable_is_used() {
        let bad = "ftp://user:CANARY@p:1";
        let good = "http://p:1";
        for (variables, expected) in [
            (&[][..], Ok(None)),
            (&[("HTTPS_PROXY", ""), ("all_proxy", "")], Ok(None)),
            (&[("ANOTHER", bad)], Ok(None)),
            (&[("HTTP_PROXY", good), ("http_proxy", bad)], Ok(None)),
            (&[("ALL_PROXY", good)], Ok(Some(good))),
            (
                &[("HTTPS_PROXY", ""), ("https_proxy", good)],
                Ok(Some(good)),
            ),
            (
                &[("HTTPS_PROXY", good), ("https_proxy", bad)],
                Ok(Some(good)),
            ),
            (&[("https_proxy", good), ("ALL_PROXY", bad)], Ok(Some(good))),
            (&[("ALL_PROXY", good), ("all_proxy", bad)], Ok(Some(good))),
            (
                &[("HTTPS_PROXY", bad), ("ALL_PROXY", good)],
                Err("HTTPS_PROXY"),
            ),
            (
                &[("all_proxy", bad), ("https_proxy", bad)],
                Err("https_proxy"),
            ),
            (&[("all_proxy", bad)], Err("all_proxy")),
            // `*` overrides even an unusable proxy.
            (&[("HTTPS_PROXY", bad), ("NO_PROXY", "*")], Ok(None)),
            (&[("HTTPS_PROXY", good), ("NO_PROXY", "*")], Ok(None)),
            (
                &[("HTTPS_PROXY", bad), ("NO_PROXY", ""), ("no_proxy", "p, *")],
                Ok(None),
            ),
            (
                &[("HTTPS_PROXY", bad), ("NO_PROXY", "p"), ("no_proxy", "*")],
                Err("HTTPS_PROXY"),
            ),
            (
                &[("ALL_PROXY", good), ("NO_PROXY", ""), ("no_proxy", "a, b")],
                Ok(Some("http://p:1 ab")),
            ),
        ] {
            match (chosen(&Proxy::Environment, variables), expected) {
                (Ok(found), Ok(expected)) => {
                    assert_eq!(found.as_deref(), expected, "{variables:?}");
                }
                (Err(error), Err(name)) => assert!(
                    error.contains(&format!("variable {name} cannot be used")),
                    "{error}"
                ),
                (found, _) => panic!("{variables:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_url_that_the_libraries_would_misread_is_refused() {
        for (url, sound) in [
            ("p", true),
            ("user:C@p:9", true),
            ("http://p/", true),
            ("HTTP://p:3128/pac", true),
            ("http://[::1]", true),
            ("http://[::1]:3128", true),
            ("socks5://user:C%40D@p", true),
            ("user@p", true),
            ("http://%ff:CANARY@p", false),
            ("socks5://user:CANARY%c3@p", false),
            ("ftp://p", false),
            ("/", false),
            ("p:9/", false),
            ("http://", false),
            ("http://:3128", false),
            ("http://user:CANARY@", false),
            ("http://p:", false),
            ("http://p:0", false),
            ("http://9:99999", false),
            ("http://user:CANARY@p:99999", false),
            ("http://p:CANARY", false),
            ("http://user:20/CANARY@p:3128", false),
            ("http://user:20#CANARY@p:3128", false),
            ("http://user:20?CANARY@p:3128", false),
            ("http://user:C@CANARY@p", false),
            ("http:/p:1", false),
            ("http//p:1", false),
            ("p:1/CANARY", false),
            ("p::1", false),
            ("nonsense:://CANARY", false),
        ] {
            let expected = sound.then_some(url);
            let hosts = ("NO_PROXY", "p");
            let found = chosen(&Proxy::Url(url.into()), &[hosts]).ok().flatten();
            assert_eq!(found.as_deref(), expected, "{url}");
            let found = chosen(&Proxy::Environment, &[("HTTPS_PROXY", url)]);
            assert_eq!(found.is_ok(), sound, "{url}");
            assert_eq!(found.ok().flatten().as_deref(), expected, "{url}");
        }
        assert!(chosen(&Proxy::Url(String::new()), &[]).is_err());
        assert_eq!(chosen(&Proxy::Direct, &[("ALL_PROXY", "p::1")]), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_text_is_an_error() {
        use std::os::unix::ffi::OsStringExt;
        let variable = |_: &str| Some(OsString::from_vec(b"http://\xff".to_vec()));
        let chosen = Proxy::Environment.choose(variable, |_, _| Some(()));
        assert!(chosen.unwrap_err().to_string().contains("HTTPS_PROXY"));
    }
}
