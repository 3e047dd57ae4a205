//! Connections: direct, or through the proxy that the environment names, and in time.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use factify_core::{BuildError, Proxy};
use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Connector {
    direct: HttpConnector,
    proxies: Option<Arc<Matcher>>,
}

impl Connector {
    pub(crate) fn new(direct: HttpConnector, proxy: &Proxy) -> Result<Self, BuildError> {
        let proxies = match proxy {
            Proxy::Direct => None,
            Proxy::Url(url) => {
                let uri: Uri = url.parse().map_err(|_| BuildError::proxy())?;
                if !matches!(uri.scheme_str(), Some("http" | "socks5" | "socks5h")) {
                    return Err(BuildError::proxy());
                }
                Some(Matcher::builder().https(url.clone()).build())
            }
            _ => Some(Matcher::from_env()),
        };
        Ok(Self {
            direct,
            proxies: proxies.map(Arc::new),
        })
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = match &self.proxies {
            Some(proxies) if target.scheme() == Some(&Scheme::HTTPS) => proxies.intercept(&target),
            _ => None,
        };
        let mut direct = self.direct.clone();
        Box::pin(async move {
            let Some(proxy) = proxy else {
                return direct.call(target).await.map_err(Into::into);
            };
            match proxy.uri().scheme_str() {
                Some("http") => {
                    let mut tunnel = Tunnel::new(proxy.uri().clone(), direct);
                    if let Some(auth) = proxy.basic_auth() {
                        tunnel = tunnel.with_auth(auth.clone());
                    }
                    tunnel.call(target).await.map_err(Into::into)
                }
                Some("socks5" | "socks5h") => {
                    let local = proxy.uri().scheme_str() == Some("socks5");
                    let mut socks = SocksV5::new(proxy.uri().clone(), direct).local_dns(local);
                    if let Some((user, password)) = proxy.raw_auth() {
                        socks = socks.with_auth(user.into(), password.into());
                    }
                    socks.call(target).await.map_err(Into::into)
                }
                _ => Err("the proxy's scheme is none of http, socks5 and socks5h".into()),
            }
        })
    }
}

/// Ends a connection attempt in time, name lookup, proxy and TLS handshake included: nothing of the
/// request was sent then.
///
/// The client clones its connector for every request, so what is behind it is shared.
pub(crate) struct Timed<C> {
    inner: Arc<C>,
    limit: Duration,
}

impl<C> Timed<C> {
    pub(crate) fn new(inner: C, limit: Duration) -> Self {
        let inner = Arc::new(inner);
        Self { inner, limit }
    }
}

impl<C> Clone for Timed<C> {
    fn clone(&self) -> Self {
        let inner = Arc::clone(&self.inner);
        Self { inner, ..*self }
    }
}

impl<C> Service<Uri> for Timed<C>
where
    C: Service<Uri, Error = BoxError> + Clone + Send + Sync + 'static,
    C::Future: Send,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let mut connector = C::clone(&self.inner);
        let connection = async move {
            poll_fn(|context| connector.poll_ready(context)).await?;
            connector.call(target).await
        };
        let connection = tokio::time::timeout(self.limit, connection);
        Box::pin(async move {
            connection
                .await
                .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
        })
    }
}
