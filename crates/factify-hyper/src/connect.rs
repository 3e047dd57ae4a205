//! Connections with a time limit, direct or through a proxy.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::future::{Future, Ready, poll_fn, ready};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use factify_core::proxy::{ProxyRefusal, ProxyRules};
use factify_core::{BuildError, Proxy};
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tower_service::Service;

use crate::error;
use crate::socket::Socket;
use crate::socks;

/// The longest time to wait until the server acknowledges the bytes that were written.
#[cfg(any(target_os = "android", target_os = "linux"))]
const STUCK: Duration = Duration::from_secs(300);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The proxy, and the hosts that do not use it.
#[derive(Clone)]
pub(crate) struct Proxies(Option<Arc<Chosen>>);

struct Chosen {
    proxy: Intercept,
    rules: ProxyRules,
    /// The host and port of the proxy.
    name: Arc<str>,
}

impl Proxies {
    pub(crate) fn new(
        proxy: &Proxy,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, BuildError> {
        let chosen = proxy.choose(variable, |url, rules| {
            // Any host shows whether the URL is usable.
            let matcher = Matcher::builder().https(url.to_owned()).build();
            let proxy = matcher.intercept(&Uri::from_static("https://factify"))?;
            let port = match proxy.uri().scheme_str()? {
                "http" => 80,
                "socks5" | "socks5h" => 1080,
                _ => return None,
            };
            let port = proxy.uri().port_u16().unwrap_or(port);
            Some(Chosen {
                name: format!("{}:{port}", proxy.uri().host()?).into(),
                proxy,
                rules,
            })
        })?;
        Ok(Self(chosen.map(Arc::new)))
    }

    fn of(&self, target: &Uri) -> Option<&Arc<Chosen>> {
        let it = self.0.as_ref()?;
        let is_secure = target.scheme_str() == Some("https");
        (is_secure && !it.rules.exemptions.contains(target)).then_some(it)
    }

    /// The host and port of the proxy for `target`.
    pub(crate) fn name(&self, target: &Uri) -> Option<Arc<str>> {
        self.of(target).map(|it| Arc::clone(&it.name))
    }
}

/// `N` resolves names.
#[derive(Clone)]
pub(crate) struct Connector<N = GaiResolver> {
    direct: HttpConnector<N>,
    names: N,
    proxies: Proxies,
}

impl<N> Connector<N>
where
    N: Service<Name, Error = io::Error> + Clone,
    N::Response: Iterator<Item = SocketAddr>,
{
    /// Makes connections within this time, also if a name has addresses that do not respond.
    pub(crate) fn new(names: N, proxies: Proxies, limit: Duration) -> Self {
        let mut direct = HttpConnector::new_with_resolver(names.clone());
        direct.enforce_http(false);
        direct.set_nodelay(true);
        // It divides this time among the addresses.
        direct.set_connect_timeout(Some(limit));
        // hyper closes an unused connection only after its last write. This ends the wait if the server
        // does not read.
        #[cfg(any(target_os = "android", target_os = "linux"))]
        direct.set_tcp_user_timeout(Some(STUCK));
        Self {
            direct,
            names,
            proxies,
        }
    }
}

/// Replaces the name in a target with its address.
async fn resolved<N>(target: Uri, mut names: N) -> Result<Uri, BoxError>
where
    N: Service<Name, Error = io::Error>,
    N::Response: Iterator<Item = SocketAddr>,
{
    let host = target.host().unwrap_or_default();
    if host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
        return Ok(target);
    }
    let name = host.parse()?;
    Lookup::record(true);
    poll_fn(|context| names.poll_ready(context)).await?;
    let mut addresses = names.call(name).await.map_err(Unresolved)?;
    let unresolved = || Unresolved(io::Error::other("the host name has no address"));
    let mut address = addresses.next().ok_or_else(unresolved)?;
    Lookup::record(false);
    address.set_port(target.port_u16().unwrap_or(443));
    Ok(format!("https://{address}").parse()?)
}

tokio::task_local! {
    static LOOKUP: Lookup;
}

/// Whether a request through a SOCKS proxy lacks the address of the server: the client is still looking it up, or
/// has not found it. Then the proxy did not cause the error.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lookup(Arc<AtomicBool>);

impl Lookup {
    /// Makes a request, and records its lookups.
    pub(crate) async fn of<F: Future>(&self, request: F) -> F::Output {
        LOOKUP.scope(self.clone(), request).await
    }

    fn record(is_pending: bool) {
        // Nobody waits for a connection that is made in another task.
        let _ = LOOKUP.try_with(|it| it.0.store(is_pending, Ordering::Release));
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The name of the server, not that of the proxy, could not be resolved.
#[derive(Debug)]
pub(crate) struct Unresolved(io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unresolved {}

impl<N> Service<Uri> for Connector<N>
where
    N: Service<Name, Error = io::Error> + Clone + Send + Sync + 'static,
    N::Response: Iterator<Item = SocketAddr> + Send,
    N::Future: Send,
{
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.proxies.of(&target).cloned();
        let mut direct = self.direct.clone();
        let names = self.names.clone();
        Box::pin(async move {
            let Some(proxy) = proxy else {
                return direct.call(target).await.map_err(Into::into);
            };
            let address = format!("http://{}", proxy.name).parse()?;
            let connected = direct.call(address).await?;
            let uri = proxy.proxy.uri().clone();
            if uri.scheme_str() == Some("http") {
                let mut tunnel = Tunnel::new(uri, Connected(Some(connected)));
                if let Some(auth) = proxy.proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(target).await.map_err(refusal)
            } else {
                // `socks5h` leaves the name to the proxy.
                let target = match uri.scheme_str() {
                    Some("socks5") => resolved(target, names).await?,
                    _ => target,
                };
                let login = proxy.rules.login.clone();
                socks::connect(connected, &target, login).await
            }
        })
    }
}

/// Describes a proxy's response. The code compares texts, because the types of these errors are private.
fn refusal(error: impl Into<BoxError>) -> BoxError {
    let error = error.into();
    let refusal = match error.to_string().as_str() {
        "tunnel error: proxy authorization required" => ProxyRefusal::Login,
        "tunnel error: unsuccessful" => ProxyRefusal::Connection,
        "tunnel error: unexpected end of file" => ProxyRefusal::NoResponse,
        _ => return error,
    };
    refusal.into()
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
            let connection = connection
                .await
                .unwrap_or_else(|elapsed| Err(elapsed.into()));
            let connection = connection.map_err(|cause| {
                // The timeout of the whole connection, or of one of several addresses.
                if !error::chain(&*cause).any(<dyn StdError>::is::<Elapsed>) {
                    return cause;
                }
                let words = format!("no connection within {limit:?}");
                io::Error::new(io::ErrorKind::TimedOut, words).into()
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
    use bytes::Bytes;
    use factify_core::TransportErrorKind as Kind;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    use super::*;
    use crate::body::OutgoingBody;

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

    /// Resolves every name to these addresses, or never.
    #[derive(Clone)]
    struct Names(Option<Vec<SocketAddr>>);

    impl Service<Name> for Names {
        type Response = std::vec::IntoIter<SocketAddr>;
        type Error = io::Error;
        type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Name) -> Self::Future {
            match self.0.clone() {
                Some(addresses) => Box::pin(ready(Ok(addresses.into_iter()))),
                None => Box::pin(std::future::pending()),
            }
        }
    }

    /// Connects, and returns the peer or the cause of the error.
    async fn connect(
        names: Names,
        proxy: &Proxy,
        target: &str,
        limit: Duration,
    ) -> Result<Socket<TokioIo<TcpStream>>, BoxError> {
        let proxies = Proxies::new(proxy, |_| None).unwrap();
        let mut connector = Timed::new(Connector::new(names, proxies, limit), limit);
        let connected = connector.call(target.parse().unwrap()).await;
        connected.map_err(|error| error.downcast_ref::<Failed>().unwrap().take().unwrap())
    }

    const SHORT: Duration = Duration::from_millis(300);
    const LONG: Duration = Duration::from_secs(4);

    /// A server that does not accept connections, and the connections that wait.
    #[cfg(target_os = "linux")]
    fn full() -> (socket2::Socket, Vec<std::net::TcpStream>) {
        let server =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        server
            .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
            .unwrap();
        server.listen(0).unwrap();
        let address = server.local_addr().unwrap().as_socket().unwrap();
        let connect = || std::net::TcpStream::connect_timeout(&address, SHORT).ok();
        (server, std::iter::from_fn(connect).collect())
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn another_address_is_tried_if_one_does_not_respond() {
        let (full, _waiting) = full();
        let hangs = full.local_addr().unwrap().as_socket().unwrap();
        let other = SocketAddr::from(([127, 0, 0, 2], hangs.port()));
        let _server = std::net::TcpListener::bind(other).unwrap();
        for (addresses, limit, connects) in [
            (Some(vec![hangs, other]), LONG, true),
            (Some(vec![hangs]), SHORT, false),
            (Some(vec![hangs, hangs, hangs]), SHORT, false),
            (None, SHORT, false),
        ] {
            let target = format!("https://example.com:{}", hangs.port());
            let result = connect(Names(addresses.clone()), &Proxy::Direct, &target, limit).await;
            match result {
                Ok(_) => assert!(connects, "{addresses:?}"),
                Err(error) => {
                    assert!(!connects, "{addresses:?}: {error:?}");
                    assert_eq!(error.to_string(), "no connection within 300ms");
                }
            }
        }
    }

    /// A SOCKS proxy for one connection. It returns the kind of address that it was asked for, and
    /// that address.
    async fn socks(listener: tokio::net::TcpListener) -> Vec<u8> {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut client, _) = listener.accept().await.unwrap();
        client.read_exact(&mut [0; 3]).await.unwrap();
        client.write_all(&[5, 0]).await.unwrap();
        let mut request = vec![0; 64];
        let length = client.read(&mut request).await.unwrap();
        client
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .await
            .unwrap();
        request[3..length].to_vec()
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_an_error_that_says_so() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy::Url(format!("socks5://{}", listener.local_addr().unwrap()));
        let names = Names(Some(Vec::new()));
        let result = connect(names, &proxy, "https://example.com", LONG).await;
        let error = result.err().unwrap();
        assert!(error.is::<Unresolved>(), "{error:?}");
        assert_eq!(error.to_string(), "the host name has no address");
    }

    #[tokio::test]
    async fn only_socks5h_leaves_the_name_to_the_proxy() {
        let found = || Names(Some(vec![([192, 0, 2, 7], 0).into()]));
        let ip = [1, 192, 0, 2, 7, 1, 187];
        let domain = b"\x03\x0bexample.com\x01\xbb";
        for (scheme, names, target, asked) in [
            ("socks5", found(), "https://example.com", &ip[..]),
            ("socks5h", found(), "https://example.com", domain),
            ("socks5h", Names(None), "https://example.com", domain),
            ("socks5", Names(None), "https://192.0.2.7", &ip),
            (
                "socks5",
                Names(None),
                "https://[::1]:7",
                b"\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\x07",
            ),
        ] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let proxy = Proxy::Url(format!("{scheme}://{}", listener.local_addr().unwrap()));
            let (connected, found) =
                tokio::join!(connect(names, &proxy, target, LONG), socks(listener));
            assert!(connected.is_ok(), "{scheme} {target}");
            assert_eq!(found, asked, "{scheme} {target}");
        }
    }

    #[tokio::test]
    async fn a_name_for_socks5_is_resolved_within_the_limit() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Proxy::Url(format!("socks5://{}", listener.local_addr().unwrap()));
        let proxies = Proxies::new(&proxy, |_| None).unwrap();
        for (names, limit, expected) in [
            (Names(None), SHORT, Kind::Timeout),
            (Names(Some(Vec::new())), LONG, Kind::Lookup),
        ] {
            let connector = Timed::new(Connector::new(names, proxies.clone(), limit), limit);
            let client = Client::builder(TokioExecutor::new()).build(connector);
            let request = http::Request::get("https://example.com");
            let request = request.body(OutgoingBody::whole(Bytes::new())).unwrap();
            let sending = request.body().sending();
            let lookup = Lookup::default();
            let error = lookup.of(client.request(request)).await.unwrap_err();
            let error = error::of_request(error, &sending);
            assert_eq!(error.kind(), expected);
            assert!(!error::is_of_proxy(&error, &lookup), "{error:?}");
        }
    }
}
