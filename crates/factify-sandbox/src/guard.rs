//! Refuses control requests of web sites. A site can let a browser send requests to this machine, and with its
//! own name for this machine's address it could read the responses too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Request;
use http::header::{HOST, HeaderMap, ORIGIN};
use http::uri::Authority;

use crate::respond::Refusal;

/// Which control requests a server accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    /// Whether the server listens only on the loopback host.
    is_local: bool,
}

impl Guard {
    pub(crate) fn new(listening: IpAddr) -> Self {
        Self {
            is_local: listening.is_loopback(),
        }
    }

    /// Refuses a request that may come from a web site.
    pub(crate) fn check<B>(self, request: &Request<B>) -> Result<(), Refusal> {
        let headers = request.headers();
        let host = text(headers, HOST.as_str()).and_then(|host| host.parse::<Authority>().ok());
        // The host of the target has precedence, but both must be allowed.
        let target = request.uri().authority();
        let is_allowed = host
            .iter()
            .chain(target)
            .all(|host| self.allows(host.host()));
        let Some(host) = host.filter(|_| is_allowed) else {
            return Err(Refusal::forbidden_for(if self.is_local {
                "The control channel is only for the loopback host: use localhost or 127.0.0.1 as the host"
            } else {
                "The control channel needs an IP address, or a name without a dot, as the host"
            }));
        };
        let own = format!("http://{host}");
        let is_own = |origin: &str| origin.eq_ignore_ascii_case(&own);
        let mut origins = headers.get_all(ORIGIN).iter();
        let has_own_origin = origins.all(|origin| origin.to_str().is_ok_and(is_own));
        // A person who opens the page sends none.
        let mut sites = headers.get_all("sec-fetch-site").iter();
        let is_same_site = sites.all(|site| site == "same-origin" || site == "none");
        if has_own_origin && is_same_site {
            return Ok(());
        }
        let message = "The control channel refuses pages of other origins";
        Err(Refusal::forbidden_for(message))
    }

    fn allows(self, host: &str) -> bool {
        if host.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let address = match bare {
            Some(address) => address.parse::<Ipv6Addr>().map(IpAddr::V6),
            None => host.parse::<Ipv4Addr>().map(IpAddr::V4),
        };
        match address {
            Ok(address) => !self.is_local || address.is_loopback(),
            // No web site has such a name.
            Err(_) => !self.is_local && bare.is_none() && !host.is_empty() && !host.contains('.'),
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
