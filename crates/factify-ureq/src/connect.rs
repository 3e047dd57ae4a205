//! Marks errors of connecting, because ureq does not distinguish them from later errors.

use std::fmt;
use std::time::Duration;

use factify_core::proxy::ProxyLogin;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    SocksConnector, TcpConnector, Transport,
};

use crate::conceal;
use crate::incoming::IncomingConnector;
use crate::plaintext::PlaintextConnector;
use crate::socket::{BoxConnector, SocketConnector};
use crate::socks::Socks5Connector;

/// An error before any byte of a request was sent.
#[derive(Debug)]
pub(crate) struct NotConnected {
    pub(crate) phase: Phase,
    pub(crate) error: Error,
    /// The time limit for connecting.
    pub(crate) limit: Option<Duration>,
    /// The host and port of the proxy, if there is one.
    pub(crate) proxy: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Phase {
    Lookup,
    Connection,
}

impl NotConnected {
    fn new(phase: Phase, error: Error, config: &Config) -> Self {
        Self {
            phase,
            error,
            limit: config.timeouts().connect,
            proxy: None,
        }
    }

    fn into_error(self) -> Error {
        Error::Other(Box::new(self))
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for NotConnected {}

/// ureq's resolver, with marked errors.
#[derive(Debug, Default)]
pub(crate) struct MarkedResolver(DefaultResolver);

impl Resolver for MarkedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.0
            .resolve(uri, config, timeout)
            .map_err(|error| NotConnected::new(Phase::Lookup, error, config).into_error())
    }
}

/// ureq's connectors, including the TLS handshake, with marked errors.
#[derive(Debug)]
pub(crate) struct MarkedConnector(Box<dyn Connector<(), Out = Box<dyn Transport>>>);

impl MarkedConnector {
    /// The same order as ureq's own chain: a proxy or a connection to the server, then TLS. `login` is for
    /// a SOCKS 5 proxy.
    pub(crate) fn new(login: Option<ProxyLogin>) -> Self {
        let chain =
            ().chain(Socks5Connector::new(login))
                .chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(SocketConnector)
                .chain(RustlsConnector::default())
                .chain(IncomingConnector)
                .chain(PlaintextConnector)
                .chain(BoxConnector);
        Self(Box::new(chain))
    }
}

impl Connector for MarkedConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        conceal::revealing(|| self.0.connect(details, chained)).map_err(|error| {
            let config = details.config;
            let mut cause = match error {
                // The inner connection to a proxy looks up its name and has its own mark.
                Error::Other(cause) => match cause.downcast() {
                    Ok(marked) => *marked,
                    Err(cause) => NotConnected::new(Phase::Connection, Error::Other(cause), config),
                },
                error => NotConnected::new(Phase::Connection, error, config),
            };
            if let Some(proxy) = config.proxy() {
                cause.proxy = Some(format!("{}:{}", proxy.host(), proxy.port()));
            }
            cause.into_error()
        })
    }
}
