use std::net::{IpAddr, SocketAddr};

use http::Uri;

/// The hosts that are reached without the proxy: the entries of `NO_PROXY`. [`Proxy`](crate::Proxy)
/// describes them.
#[derive(Debug, Clone, Default)]
pub struct Exemptions(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    hosts: Hosts,
    /// Only this port.
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Hosts {
    /// The addresses whose first bits are these.
    Network { address: IpAddr, bits: u32 },
    /// The hosts below this domain, and the host itself.
    Domain(String),
    /// Only the hosts below this domain.
    Below(String),
}

impl Exemptions {
    /// Reads entries that are separated by commas. Invalid entries are ignored.
    pub(super) fn parse(entries: &str) -> Self {
        Self(entries.split(',').filter_map(Entry::parse).collect())
    }

    /// Whether the host of this URL is reached without the proxy.
    pub fn contains(&self, target: &Uri) -> bool {
        let Some(host) = target.host() else {
            return false;
        };
        let port = target.port_u16();
        let port = port.or_else(|| match target.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        });
        let host = name(host);
        let mut entries = self.0.iter();
        entries.any(|it| (it.port.is_none() || it.port == port) && it.hosts.contains(&host))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (host, port) = match text.parse::<SocketAddr>() {
            Ok(address) => (address.ip().to_string(), Some(address.port())),
            Err(_) if text.matches(':').count() == 1 => {
                let (host, port) = text.split_once(':')?;
                (host.to_owned(), Some(port.parse().ok()?))
            }
            Err(_) => (text.to_owned(), None),
        };
        let hosts = Hosts::parse(&host)?;
        Some(Self { hosts, port })
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        let (host, bits) = match text.split_once('/') {
            Some((host, bits)) => (host, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let host = name(host);
        if let Ok(address) = host.parse::<IpAddr>() {
            let all = width(address);
            let bits = bits.unwrap_or(all);
            return (bits <= all).then_some(Self::Network { address, bits });
        }
        let below = host.strip_prefix("*.").or_else(|| host.strip_prefix('.'));
        let domain = below.unwrap_or(&host);
        if bits.is_some() {
            return None;
        }
        let domain = domain.to_owned();
        Some(match below {
            Some(_) => Self::Below(domain),
            None => Self::Domain(domain),
        })
    }

    fn contains(&self, host: &str) -> bool {
        match (self, host.parse()) {
            (Self::Network { address, bits }, Ok(host)) => {
                let differ = number(*address) ^ number(host);
                width(*address) == width(host)
                    && (differ.leading_zeros() + width(host)).saturating_sub(128) >= *bits
            }
            (Self::Network { .. }, Err(_)) | (_, Ok(_)) => false,
            (Self::Domain(domain), Err(_)) => host == domain || is_below(host, domain),
            (Self::Below(domain), Err(_)) => is_below(host, domain),
        }
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// The host in lower case, without the brackets of an address and the dot at the end of a name.
fn name(host: &str) -> String {
    let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let bare = bare.unwrap_or(host);
    bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase()
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_exempts_these_hosts_and_no_others() {
        for (entries, exempt, proxied) in [
            (
                "example.com",
                &[
                    "example.com",
                    "a.example.com",
                    "b.a.EXAMPLE.com",
                    "example.com.",
                ][..],
                &["notexample.com", ".example.com", "example.org", "com"][..],
            ),
            ("API.example.com.", &["api.EXAMPLE.com"], &["example.com"]),
            (
                ".example.com",
                &["a.example.com", "b.a.example.com"],
                &["example.com", "notexample.com"],
            ),
            ("*.example.com", &["a.example.com"], &["example.com"]),
            (
                "example.com:443",
                &["example.com", "a.example.com:443"],
                &["example.com:8443"],
            ),
            (
                ".example.com:8443",
                &["a.example.com:8443"],
                &["a.example.com", "example.com:8443"],
            ),
            ("192.0.2.7", &["192.0.2.7", "192.0.2.7:9"], &["192.0.2.77"]),
            ("192.0.2.7:9", &["192.0.2.7:9"], &["192.0.2.7"]),
            ("0.2.7", &[], &["192.0.2.7"]),
            ("10.0.0.0/8", &["10.255.2.3"], &["11.0.0.0", "[a00::]"]),
            ("10.1.2.3/31", &["10.1.2.2", "10.1.2.3"], &["10.1.2.4"]),
            ("10.0.0.0/8:9", &["10.1.2.3:9"], &["10.1.2.3"]),
            ("0.0.0.0/0", &["192.0.2.7"], &["[::1]", "example.com"]),
            ("fd00::/8", &["[fd12::1]"], &["[fe12::1]", "0.0.0.253"]),
            ("::1", &["[::1]", "[0:0::1]:9"], &["[::2]"]),
            ("[::1]", &["[::1]:9"], &["[::2]", "0.0.0.1"]),
            ("[::1]:9", &["[::1]:9"], &["[::1]"]),
            (" a , example.com,", &["a", "example.com"], &["b"]),
            (
                ",.,:,:9,/8,a:b,a:99999,10.0.0.0/33,fd00::/129,a/8,10.*,*ple.com,*:443",
                &[],
                &["a", "10.1.2.3", "example.com", "b"],
            ),
        ] {
            let exemptions = Exemptions::parse(entries);
            for (host, expected) in exempt
                .iter()
                .map(|host| (host, true))
                .chain(proxied.iter().map(|host| (host, false)))
            {
                let target = format!("https://{host}/").parse().unwrap();
                assert_eq!(exemptions.contains(&target), expected, "{entries}: {host}");
            }
        }
        let plain = Exemptions::parse("example.com:80");
        assert!(plain.contains(&Uri::from_static("http://example.com/")));
    }
}
