use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;

use http::Uri;

use super::build_error::BuildError;

/// Which proxy `https` requests go through. `http` requests go through none, not even those to another
/// host that [`BaseUrl::parse_allowing_plaintext`](crate::BaseUrl::parse_allowing_plaintext) allows.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// That of the environment: `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY` or `all_proxy`, the first
    /// that is not empty; `HTTP_PROXY`, which the client of a CGI server can set, is not read. A
    /// variable that cannot be used is no reason to go without a proxy: no transport can be made
    /// then.
    ///
    /// The hosts of `NO_PROXY`, or else of `no_proxy`, are reached without it. Between commas it has
    /// domains, which stand for their subdomains too, addresses, networks as `10.0.0.0/8`, or `*` for
    /// every host.
    #[default]
    Environment,
    /// None.
    Direct,
    /// That of this URL: `http://[user:password@]host:port`, or `socks5://…`. Without a scheme it is
    /// `http`.
    Url(String),
}

/// Where the proxy is looked for, in this order.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

impl Proxy {
    /// What the transport makes of the proxy's URL with `usable`, and the hosts that are reached
    /// without it, for [`Proxy::is_exempt`]; `None` to go through no proxy.
    ///
    /// For the transports of this workspace, which read the environment alike by it.
    ///
    /// # Errors
    /// When the URL is none or `usable` makes nothing of it, unless `NO_PROXY` has a `*`.
    #[doc(hidden)]
    pub fn choose<T>(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
        usable: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<(T, Box<str>)>, BuildError> {
        let usable = |url: &str| usable(&address(url)?);
        let set = |name| variable(name).filter(|value| !value.is_empty());
        match self {
            Self::Direct => Ok(None),
            Self::Url(url) => match usable(url) {
                Some(proxy) => Ok(Some((proxy, Box::default()))),
                None => Err(BuildError::proxy()),
            },
            Self::Environment => {
                let first = VARIABLES.iter().find_map(|name| Some((name, set(name)?)));
                let Some((name, value)) = first else {
                    return Ok(None);
                };
                let hosts = set("NO_PROXY").or_else(|| set("no_proxy"));
                let hosts = hosts.unwrap_or_default();
                let hosts = hosts.to_string_lossy();
                if hosts.split(',').any(|host| host.trim() == "*") {
                    return Ok(None);
                }
                match value.to_str().and_then(usable) {
                    Some(proxy) => Ok(Some((proxy, hosts.into()))),
                    None => Err(BuildError::proxy_variable(name)),
                }
            }
        }
    }

    /// Whether `host` is one of `hosts`, which [`Proxy::choose`] gave.
    #[doc(hidden)]
    pub fn is_exempt(hosts: &str, host: &str) -> bool {
        let ip = bare(host).parse().ok();
        let mut entries = hosts.split(',').map(str::trim);
        entries.any(|entry| match ip {
            Some(ip) => is_within(entry, ip).unwrap_or(false),
            None => is_below(entry, host),
        })
    }
}

/// Without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// Whether the address or network `entry` has this address.
fn is_within(entry: &str, ip: IpAddr) -> Option<bool> {
    let bits = |ip| match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    };
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, Some(length.parse::<u32>().ok()?)),
        None => (entry, None),
    };
    let ((network, width), (ip, same)) = (bits(bare(network).parse().ok()?), bits(ip));
    let length = length.unwrap_or(width);
    Some(width == same && length <= width && (network ^ ip).leading_zeros() >= length)
}

/// Whether the domain `entry` has this host. A dot at either end of the domain, or at the end of the
/// host, means nothing; nor does the star of `*.example.com`.
fn is_below(entry: &str, host: &str) -> bool {
    let starless = entry.strip_prefix('*').filter(|it| it.starts_with('.'));
    let entry = starless.unwrap_or(entry);
    let (domain, host) = (entry.trim_matches('.'), host.trim_end_matches('.'));
    let parts = host.len().checked_sub(domain.len());
    let parts = parts.and_then(|length| host.split_at_checked(length));
    !domain.is_empty()
        && parts.is_some_and(|(before, end)| {
            end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
        })
}

/// The proxy's URL as all transports read it: a scheme, a host, and a port that is one or none, since
/// they would pass over another.
fn address(url: &str) -> Option<String> {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("http".to_owned(), url.strip_suffix('/').unwrap_or(url)),
    };
    // One slash is missing in `http:/p`, and the colon in `http//p`.
    if !url.contains("://") && rest.contains(['/', '?', '#']) {
        return None;
    }
    // Desktops write `socks`.
    let scheme = match scheme.as_str() {
        "socks" => "socks5",
        scheme => scheme,
    };
    let uri = format!("{scheme}://{rest}").parse::<Uri>().ok()?;
    let whole = uri.authority()?;
    let text = whole.as_str();
    // A password with a slash in it would make the start of it the port.
    if rest.get(text.len()..)?.contains('@') {
        return None;
    }
    let (login, address) = match text.rsplit_once('@') {
        Some((login, address)) => (Some(login), address),
        None => (None, text),
    };
    let port = whole.port_u16().map(|port| port != 0);
    if whole.host().is_empty() || !port.unwrap_or(address == whole.host()) {
        return None;
    }
    // The last one ends the login, wherever a transport would look for it.
    let login = login.map(|login| login.replace('@', "%40") + "@");
    Some(format!("{scheme}://{}{address}", login.unwrap_or_default()))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is chosen of these variables by a transport that knows `http` and `socks5` alone.
    fn chosen(proxy: &Proxy, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let known = |url: &str| match url.strip_prefix("http://") {
            None if url.starts_with("socks5://") => Some(url.to_owned()),
            known => known.map(str::to_owned),
        };
        match proxy.choose(variable, known) {
            Ok(chosen) => Ok(chosen.map(|(proxy, _)| proxy)),
            Err(error) => {
                assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
                Err(error.to_string())
            }
        }
    }

    #[test]
    fn the_first_variable_that_is_not_empty_decides() {
        let bad = "ftp://user:CANARY@p:1";
        let good = "http://p:1";
        for (variables, expected) in [
            (&[][..], Ok(None)),
            (&[("HTTPS_PROXY", ""), ("all_proxy", "")], Ok(None)),
            (&[("ANOTHER", bad)], Ok(None)),
            (&[("HTTP_PROXY", good), ("http_proxy", bad)], Ok(None)),
            (&[("ALL_PROXY", good)], Ok(Some("p:1"))),
            (
                &[("HTTPS_PROXY", ""), ("https_proxy", good)],
                Ok(Some("p:1")),
            ),
            (
                &[("HTTPS_PROXY", good), ("https_proxy", bad)],
                Ok(Some("p:1")),
            ),
            (
                &[("https_proxy", good), ("ALL_PROXY", bad)],
                Ok(Some("p:1")),
            ),
            (&[("ALL_PROXY", good), ("all_proxy", bad)], Ok(Some("p:1"))),
            (
                &[("HTTPS_PROXY", bad), ("ALL_PROXY", good)],
                Err("HTTPS_PROXY"),
            ),
            (
                &[("all_proxy", bad), ("https_proxy", bad)],
                Err("https_proxy"),
            ),
            (&[("all_proxy", bad)], Err("all_proxy")),
            // Nothing goes through a proxy, whatever it is.
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
    fn a_url_is_a_host_and_a_port_that_is_one() {
        for (url, read) in [
            ("http://p", Some("p")),
            ("HTTP://p/", Some("p")),
            ("http://p:3128/pac", Some("p:3128")),
            ("http://[::1]:3128", Some("[::1]:3128")),
            ("http://user:C@p:3128", Some("user:C@p:3128")),
            ("http://user:C@p", Some("user:C@p")),
            ("p", Some("p")),
            ("127.0.0.1:9/", Some("127.0.0.1:9")),
            ("user:C@p:9", Some("user:C@p:9")),
            ("socks://p:9", Some("socks5://p:9")),
            ("socks5://user:C@p/", Some("socks5://user:C@p")),
            ("socks4://p", None),
            ("", None),
            ("/", None),
            ("http://", None),
            ("http://:3128", None),
            ("http://user:CANARY@", None),
            ("http://p:", None),
            ("http://p:0", None),
            ("http://p:99999", None),
            ("http://9:99999", None),
            ("http://user:CANARY@p:99999", None),
            ("http://p:CANARY", None),
            ("http://user:20/CANARY@p:3128", None),
            ("http://user:20#CANARY@p:3128", None),
            ("http:/p:1", None),
            ("http//p:1", None),
            ("p:1/CANARY", None),
            ("p::1", None),
            ("nonsense:://CANARY", None),
        ] {
            let found = chosen(&Proxy::Url(url.into()), &[]).ok().flatten();
            assert_eq!(found.as_deref(), read, "{url}");
            let found = chosen(&Proxy::Environment, &[("HTTPS_PROXY", url)]);
            assert_eq!(found.is_err(), read.is_none() && !url.is_empty(), "{url}");
            assert_eq!(found.ok().flatten().as_deref(), read, "{url}");
        }
        assert_eq!(chosen(&Proxy::Direct, &[("ALL_PROXY", "p::1")]), Ok(None));
    }

    #[test]
    fn a_host_is_exempt_by_its_domain_its_address_or_its_network() {
        for (hosts, host, exempt) in [
            ("example.com", "example.com", true),
            ("example.com", "API.example.com", true),
            (".Example.com", "example.com", true),
            (".example.com", "a.b.example.com", true),
            ("*.example.com", "api.example.com", true),
            ("*example.com", "api.example.com", false),
            ("a ,\texample.com ,b", "example.com.", true),
            ("example.com", "notexample.com", false),
            ("api.example.com", "example.com", false),
            ("example.com", "com", false),
            ("mple.com", "é.example.com", false),
            ("", "example.com", false),
            (" , .,", "example.com", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.11", false),
            ("0.0.1", "127.0.0.1", false),
            ("127.0.0.0/8", "127.1.2.3", true),
            ("127.0.0.0/8", "128.1.2.3", false),
            ("0.0.0.0/0", "128.1.2.3", true),
            ("0.0.0.0/0", "[::1]", false),
            ("127.0.0.0/33", "127.0.0.0", false),
            ("127.0.0.0/x", "127.0.0.0", false),
            ("::1", "[::1]", true),
            ("[::1]", "[::1]", true),
            ("fd00::/8", "[fd12::1]", true),
            ("fd00::/8", "[fe12::1]", false),
        ] {
            assert_eq!(Proxy::is_exempt(hosts, host), exempt, "{hosts}, {host}");
        }
        let variable = |name: &str| match name {
            "ALL_PROXY" => Some("http://p".into()),
            "no_proxy" => Some("a, b".into()),
            _ => None,
        };
        let chosen = Proxy::Environment.choose(variable, |_| Some(()));
        let ((), hosts) = chosen.unwrap().unwrap();
        assert!(Proxy::is_exempt(&hosts, "b") && !Proxy::is_exempt(&hosts, "p"));
        let chosen = Proxy::Url("p".into()).choose(variable, |_| Some(()));
        let ((), hosts) = chosen.unwrap().unwrap();
        assert!(!Proxy::is_exempt(&hosts, "b"));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;
        let variable = |_: &str| Some(OsString::from_vec(b"http://\xff".to_vec()));
        let chosen = Proxy::Environment.choose(variable, |_| Some(()));
        assert!(chosen.unwrap_err().to_string().contains("HTTPS_PROXY"));
    }
}
