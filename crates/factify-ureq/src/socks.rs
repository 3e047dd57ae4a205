//! Connections through a SOCKS 5 proxy.

use std::io::{self, Read, Write};

use factify_core::proxy::{ProxyLogin, ProxyRefusal, SocksHandshake};
use ureq::unversioned::transport::time::{Duration, Instant};
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport, TransportAdapter,
};
use ureq::{Error, ProxyProtocol};

/// Replaces ureq's connector for SOCKS 5, which refuses an empty password.
#[derive(Debug)]
pub(crate) struct Socks5Connector {
    login: Option<ProxyLogin>,
}

impl Socks5Connector {
    pub(crate) fn new(login: Option<ProxyLogin>) -> Self {
        Self { login }
    }
}

impl<In: Transport> Connector<In> for Socks5Connector {
    type Out = <TcpConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let proxy = details.config.proxy().filter(|proxy| {
            let protocol = proxy.protocol();
            matches!(protocol, ProxyProtocol::Socks5 | ProxyProtocol::Socks5h)
        });
        let (None, Some(proxy)) = (&chained, proxy) else {
            return Ok(chained.map(Either::A));
        };
        let host = if proxy.resolve_target() {
            // ureq has looked up the name.
            let address = details.addrs.first().ok_or(Error::HostNotFound)?;
            address.ip().to_string()
        } else {
            details.uri.host().unwrap_or_default().to_owned()
        };
        let port = details.uri.port_u16().unwrap_or(443);
        let mut handshake = SocksHandshake::new(&host, port, self.login.clone()).map_err(other)?;

        let resolver = details.resolver;
        let addrs = resolver.resolve(proxy.uri(), details.config, left(details)?)?;
        let to_proxy = ConnectionDetails {
            uri: proxy.uri(),
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver,
            now: (details.current_time)(),
            timeout: left(details)?,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let connected = TcpConnector::default().connect(&to_proxy, None::<In>)?;
        let Some(Either::B(stream)) = connected else {
            return Ok(connected);
        };
        let mut stream = TransportAdapter::new(stream, details.current_time.clone());
        stream.set_timeout(left(details)?);
        let mut received = Vec::new();
        while let Some(step) = handshake.next(&received).map_err(other)? {
            stream.write_all(&step.send)?;
            received.resize(step.receive, 0);
            stream
                .read_exact(&mut received)
                .map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => other(ProxyRefusal::NoResponse),
                    _ => error.into(),
                })?;
        }
        Ok(Some(Either::B(stream.into_inner())))
    }
}

fn other(refusal: ProxyRefusal) -> Error {
    Error::Other(Box::new(refusal))
}

/// What is left of the time to connect.
fn left(details: &ConnectionDetails<'_>) -> Result<NextTimeout, Error> {
    let mut timeout = details.timeout;
    if let (Duration::Exact(after), Instant::Exact(since), Instant::Exact(now)) =
        (timeout.after, details.now, (details.current_time)())
    {
        let left = after.saturating_sub(now.saturating_duration_since(since));
        if left.is_zero() {
            return Err(Error::Timeout(timeout.reason));
        }
        timeout.after = left.into();
    }
    Ok(timeout)
}
