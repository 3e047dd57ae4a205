//! Connections with a time limit, direct or through a proxy.

use std::ffi::OsString;
use std::fmt;
use std::future::{Future, Ready, poll_fn, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use factify_core::{BuildError, Proxy};
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::socket::Socket;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The proxy, and the hosts that do not use it.
#[derive(Clone)]
pub(crate) struct Proxies(Option<Arc<Rules>>);

struct Rules {
    matcher: Matcher,
    /// The host and port of the proxy.
    name: Arc<str>,
}

impl Proxies {
    pub(crate) fn new(
        proxy: &Proxy,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, BuildError> {
        let rules = proxy.choose(variable, |url, hosts| {
            let matcher = || Matcher::builder().https(url.to_owned());
            // Without exemptions, any host shows whether the URL is usable.
            let proxy = matcher()
                .build()
                .intercept(&Uri::from_static("https://factify"))?;
            let port = match proxy.uri().scheme_str()? {
                "http" => 80,
                "socks5" | "socks5h" => 1080,
                _ => return None,
            };
            let port = proxy.uri().port_u16().unwrap_or(port);
            Some(Rules {
                matcher: matcher().no(hosts).build(),
                name: format!("{}:{port}", proxy.uri().host()?).into(),
            })
        })?;
        Ok(Self(rules.map(Arc::new)))
    }

    fn of(&self, target: &Uri) -> Option<(Intercept, &Arc<str>)> {
        let rules = self.0.as_ref()?;
        Some((rules.matcher.intercept(target)?, &rules.name))
    }

    /// The host and port of the proxy for `target`.
    pub(crate) fn name(&self, target: &Uri) -> Option<Arc<str>> {
        self.of(target).map(|(_, name)| Arc::clone(name))
    }
}

#[derive(Clone)]
pub(crate) struct Connector {
    direct: HttpConnector,
    proxies: Proxies,
}

impl Connector {
    pub(crate) fn new(direct: HttpConnector, proxies: Proxies) -> Self {
        Self { direct, proxies }
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
        let proxy = self.proxies.of(&target);
        let proxy = proxy.map(|(proxy, name)| (proxy, format!("http://{name}")));
        let mut direct = self.direct.clone();
        Box::pin(async move {
            let Some((proxy, address)) = proxy else {
                return direct.call(target).await.map_err(Into::into);
            };
            // Connect here, because a SOCKS connector hides the cause of a failure.
            let connected = Connected(Some(direct.call(address.parse()?).await?));
            let uri = proxy.uri().clone();
            if uri.scheme_str() == Some("http") {
                let mut tunnel = Tunnel::new(uri, connected);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(target).await.map_err(|it| refusal(it, false))
            } else {
                let local = uri.scheme_str() == Some("socks5");
                let mut socks = SocksV5::new(uri, connected).local_dns(local);
                if let Some((user, password)) = proxy.raw_auth() {
                    socks = socks.with_auth(user.into(), password.into());
                }
                let login = proxy.raw_auth().is_some();
                socks.call(target).await.map_err(|it| refusal(it, login))
            }
        })
    }
}

/// Describes a proxy's response. `login` says whether SOCKS had credentials. The code compares texts,
/// because the types of these errors are private.
fn refusal(error: impl Into<BoxError>, login: bool) -> BoxError {
    let error = error.into();
    match error.to_string().as_str() {
        // With credentials, hyper-util offers no other method.
        "SOCKS error: server does not support user/pass authentication" if login => {
            "the proxy accepts none of the offered authentication methods".into()
        }
        "tunnel error: proxy authorization required"
        | "SOCKS error: server does not support user/pass authentication"
        | "SOCKS error: credentials not accepted" => {
            "the proxy requires credentials: they are missing or wrong".into()
        }
        "tunnel error: unsuccessful" => "the proxy refused the connection".into(),
        "tunnel error: unexpected end of file" => "the proxy did not respond".into(),
        _ => error,
    }
}

/// An open connection to a proxy. It can be taken once.
struct Connected(Option<TokioIo<TcpStream>>);

impl Service<Uri> for Connected {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or(io::ErrorKind::NotConnected.into()))
    }
}

/// Limits the time to connect, including name lookup, proxy and TLS handshake. After a timeout, nothing
/// of the request was sent.
///
/// The client clones its connector for every request, so the inner connector is shared.
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
    type Response = Socket<C::Response>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Socket<C::Response>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let mut connector = C::clone(&self.inner);
        let connection = async move {
            poll_fn(|context| connector.poll_ready(context)).await?;
            connector.call(target).await
        };
        let limit = self.limit;
        let connection = tokio::time::timeout(limit, connection);
        Box::pin(async move {
            let connection = connection.await.unwrap_or_else(|_| {
                let words = format!("no connection within {limit:?}");
                Err(io::Error::new(io::ErrorKind::TimedOut, words).into())
            });
            connection
                .map(Socket::new)
                .map_err(|cause| Failed::new(cause).into())
        })
    }
}

/// Carries a cause through hyper, which returns causes only by reference.
#[derive(Debug)]
pub(crate) struct Failed(Mutex<Option<BoxError>>);

impl Failed {
    fn new(cause: BoxError) -> Self {
        Self(Mutex::new(Some(cause)))
    }

    /// Takes the cause. It is `None` the second time.
    pub(crate) fn take(&self) -> Option<BoxError> {
        self.0.lock().ok()?.take()
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection")
    }
}

impl std::error::Error for Failed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_without_a_port_has_that_of_its_scheme() {
        for (proxy, expected) in [
            ("http://p", "p:80"),
            ("http://user:CANARY@p:3128", "p:3128"),
            ("socks5://user:CANARY@p", "p:1080"),
            ("socks5h://[::1]", "[::1]:1080"),
        ] {
            let proxies = Proxies::new(&Proxy::Url(proxy.into()), |_| None).unwrap();
            let name = |target| proxies.name(&Uri::from_static(target));
            assert_eq!(name("https://x").as_deref(), Some(expected), "{proxy}");
            assert_eq!(name("http://127.0.0.1"), None, "{proxy}");
        }
    }

    #[test]
    fn a_login_is_decoded() {
        for (proxy, login) in [
            ("socks5://user:C%40NARY@p", Some(("user", "C@NARY"))),
            ("socks5://p", None),
        ] {
            let proxies = Proxies::new(&Proxy::Url(proxy.into()), |_| None).unwrap();
            let (proxy, _) = proxies.of(&Uri::from_static("https://x")).unwrap();
            assert_eq!(proxy.raw_auth(), login);
        }
    }

    #[test]
    fn hosts_are_exempt_by_the_rules_of_hyper_util() {
        for (no_proxy, exempt, proxied) in [
            ("API.example.com", "api.EXAMPLE.com", "example.com"),
            ("a , .example.com", "b.a.example.com", "notexample.com"),
            ("example.com", "b.a.example.com", "notexample.com"),
            (".example.com", "example.com", "example.org"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.77"),
            ("10.0.0.0/8", "10.1.2.3", "11.1.2.3"),
            ("fd00::/8", "[fd12::1]", "[fe12::1]"),
            ("::1", "[::1]", "[::2]"),
            ("p,*.example.com", "p", "a.example.com"),
            ("p,[::1],10.*", "p", "[::1]"),
            ("p,example.com:443", "p", "example.com"),
        ] {
            let variable = |name: &str| match name {
                "ALL_PROXY" => Some("http://proxy".into()),
                "NO_PROXY" => Some(no_proxy.into()),
                _ => None,
            };
            let proxies = Proxies::new(&Proxy::Environment, variable).unwrap();
            let through = |host| proxies.name(&format!("https://{host}:443/").parse().unwrap());
            assert_eq!(through(exempt).as_deref(), None, "{no_proxy}");
            assert_eq!(through(proxied).as_deref(), Some("proxy:80"), "{no_proxy}");
        }
    }
}
