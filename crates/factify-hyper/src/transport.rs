use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    BuildError, Delivery, HttpTransport, Limits, Now, Proxy, RequestBody, ResponseBody, Roots,
    TransportError, TransportErrorKind,
};
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use hyper::ext::on_informational;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::capture_connection;
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::rt::TokioTimer;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::attempt::{Attempt, MAX_HEAD};
use crate::body::OutgoingBody;
use crate::connect::{Connector, Proxies, Timed};
use crate::download::Chunks;
use crate::error;
use crate::incoming::IncomingBody;
use crate::polls::Tasks;
use crate::pool::{Pool, Reserved};
use crate::wire::{Waiting, Wires};

/// After this time without a response, a ping checks whether the connection still works.
const PING_AFTER: Duration = Duration::from_secs(10);

/// The longest time to wait for the response to a ping.
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// The async transport. Clones share the same connections.
#[derive(Clone)]
pub struct HyperTransport {
    calls: Arc<Pool>,
    /// Uploads and downloads, which have larger buffers and no pings: the response to a ping may have to
    /// wait for much data on a slow line.
    transfers: Arc<Pool>,
    proxies: Proxies,
    /// The requests of both pools that wait for a connection.
    waiting: Waiting,
}

impl HyperTransport {
    /// Starts with the defaults: Mozilla's roots, ten seconds to connect, and the proxy of the
    /// environment.
    ///
    /// ```
    /// # mod factify { pub use factify_core::*; pub mod hyper { pub use factify_hyper::*; } }
    /// use std::time::Duration;
    /// use factify::{BearerToken, Client};
    /// use factify::hyper::{HyperTransport, Roots};
    ///
    /// let transport = HyperTransport::builder()
    ///     .roots(Roots::WebPki)
    ///     .connect_timeout(Duration::from_secs(3))
    ///     .build()?;
    /// let client = Client::new(transport, BearerToken::new("ffy_test_example")?);
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> Builder {
        Builder {
            roots: Roots::default(),
            connect_timeout: Duration::from_secs(10),
            proxy: Proxy::default(),
        }
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").finish_non_exhaustive()
    }
}

/// Settings of a [`HyperTransport`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    roots: Roots,
    connect_timeout: Duration,
    proxy: Proxy,
}

impl Builder {
    /// The certificate authorities to trust.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// The time limit for name lookup, connection and TLS handshake. The attempt's limit also applies.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The proxy for `https` requests.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Makes the transport. It does not connect yet.
    ///
    /// # Errors
    /// If a certificate of [`Roots::Custom`], the platform's roots or the proxy is not usable. The
    /// transport does not fall back to a direct connection.
    pub fn build(self) -> Result<HyperTransport, BuildError> {
        let proxies = Proxies::new(&self.proxy, |name| std::env::var_os(name))?;
        let names = GaiResolver::new();
        let waiting = Waiting::default();
        let connector = Connector::new(names, proxies.clone(), self.connect_timeout);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls(&self.roots)?)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Wires::new(connector, waiting.clone()));
        let connector = Timed::new(https, self.connect_timeout);
        let mut client = Client::builder(Tasks);
        client
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .http2_max_header_list_size(MAX_HEAD)
            // hyper retries only a request of which it has written nothing.
            .retry_canceled_requests(true);
        let transfers = Pool::new(client.clone(), connector.clone());
        client
            .http1_max_buf_size(MAX_HEAD as usize)
            .http2_keep_alive_interval(PING_AFTER)
            .http2_keep_alive_timeout(PING_TIMEOUT);
        Ok(HyperTransport {
            calls: Arc::new(Pool::new(client, connector)),
            transfers: Arc::new(transfers),
            proxies,
            waiting,
        })
    }
}

fn tls(roots: &Roots) -> Result<ClientConfig, BuildError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(BuildError::tls)?;
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Platform => {
            return Ok(builder
                .with_platform_verifier()
                .map_err(BuildError::platform_roots)?
                .with_no_client_auth());
        }
        Roots::Custom(certificates) if certificates.is_empty() => {
            return Err(BuildError::no_certificate());
        }
        Roots::Custom(certificates) => {
            for der in certificates {
                store
                    .add(CertificateDer::from(der.clone()))
                    .map_err(BuildError::certificate)?;
            }
        }
        _ => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

impl HyperTransport {
    fn attempt(&self, pool: &Arc<Pool>, mut request: Request<OutgoingBody>) -> Attempt {
        // hyper announces the length, unless the request is given up before it is sent.
        if request.headers_mut().remove(CONTENT_LENGTH).is_some() {
            request.body_mut().announce_empty();
        }
        let connection = capture_connection(&mut request);
        request
            .body_mut()
            .sent_on(connection.clone(), &self.waiting);
        let body = request.body();
        let (sending, upload, stop) = (body.sending(), body.upload(), body.stop());
        let counted = Arc::clone(&sending);
        on_informational(&mut request, move |_| counted.count_interim());
        Attempt {
            stop: Some(stop),
            proxy: self.proxies.name(request.uri()),
            connection: Reserved::new(connection),
            pool: Arc::clone(pool),
            request,
            sending,
            upload,
        }
    }

    async fn upload(
        &self,
        request: Request<RequestBody>,
        limits: Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let started = Instant::now();
        let body = streamed(body, limits).await?;
        let mut limits = limits;
        limits.timeout = limits.timeout.saturating_sub(started.elapsed());
        let attempt = self.attempt(&self.transfers, Request::from_parts(parts, body));
        let cap = limits.max_response_bytes;
        attempt.response(limits, |body| read(body, cap)).await
    }
}

/// Opens a body within the time limit of the attempt.
async fn streamed(body: RequestBody, limits: Limits) -> Result<OutgoingBody, TransportError> {
    let body = OutgoingBody::streamed(body);
    match tokio::time::timeout(limits.timeout, body).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(TransportError::not_sent(
            TransportErrorKind::RequestBody,
            error,
        )),
        Err(_) => Err(TransportError::timed_out(Delivery::NotSent)
            .with_source("the request body could not be opened in time")),
    }
}

async fn outgoing(body: RequestBody, limits: Limits) -> Result<OutgoingBody, TransportError> {
    match body.as_bytes() {
        Some(bytes) => Ok(OutgoingBody::whole(bytes.clone())),
        None => streamed(body, limits).await,
    }
}

#[async_trait]
impl HttpTransport for HyperTransport {
    /// Not an `async fn`, whose future would have space for an upload and hold the request twice.
    fn send<'life0, 'life1, 'async_trait>(
        &'life0 self,
        request: Request<RequestBody>,
        limits: &'life1 Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        let limits = *limits;
        let in_memory = request
            .body()
            .as_bytes()
            .filter(|_| limits.transfer.is_none());
        let Some(bytes) = in_memory.cloned() else {
            return Box::pin(self.upload(request, limits));
        };
        let request = request.map(|_| OutgoingBody::whole(bytes));
        let attempt = self.attempt(&self.calls, request);
        let cap = limits.max_response_bytes;
        Box::pin(attempt.response(limits, move |body| read(body, cap)))
    }

    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (transfer, started) = (limits.body_limits(), tokio::time::Instant::now());
        let (parts, body) = request.into_parts();
        let body = outgoing(body, *limits).await?;
        let mut attempt = self.attempt(&self.transfers, Request::from_parts(parts, body));
        let (stop, connection) = (attempt.stop.take(), attempt.connection.clone());
        let head = Limits::new(limits.timeout, limits.max_response_bytes);
        let response = attempt.response(head, |body| ready(Ok(body))).await?;
        Ok(response
            .map(|body| ResponseBody::new(Chunks::new(body, transfer, stop, connection, started))))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Now {
        Now::system()
    }
}

async fn read(body: IncomingBody, cap: usize) -> Result<Bytes, TransportError> {
    let cap_u64 = u64::try_from(cap).unwrap_or(u64::MAX);
    if body.size_hint().lower() > cap_u64 {
        return Err(TransportError::sent(
            TransportErrorKind::TooLarge,
            format!("the announced length of the body is over {cap} bytes"),
        ));
    }
    Limited::new(body, cap)
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .map_err(error::of_body)
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use std::net::SocketAddr;
    use std::sync::Arc;

    use rustls::pki_types::PrivateKeyDer;

    use super::*;

    fn transport(proxy: Proxy) -> HyperTransport {
        HyperTransport::builder().proxy(proxy).build().unwrap()
    }

    /// A server that responds with 200 over HTTP/2, and the certificate to trust.
    async fn serve() -> (SocketAddr, Roots) {
        let key = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let certificate = key.cert.der().clone();
        let private = PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider);
        let config = config
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        let mut config = config
            .with_single_cert(vec![certificate.clone()], private)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let stream = acceptor.accept(stream).await.unwrap();
                let mut connection = h2::server::handshake(stream).await.unwrap();
                tokio::spawn(async move {
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        respond
                            .send_response(http::Response::new(()), true)
                            .unwrap();
                    }
                });
            }
        });
        (address, Roots::Custom(vec![certificate.to_vec()]))
    }

    #[test]
    fn the_connections_of_a_limited_number_of_runtimes_are_kept() {
        let transport = transport(Proxy::Direct);
        for _ in 0..100 {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.unwrap().block_on(async {
                for _ in 0..2 {
                    let request = Request::new(OutgoingBody::whole(Bytes::new()));
                    drop(transport.calls.request(request));
                }
            });
        }
        assert_eq!(transport.calls.len(), 64);
    }

    /// hyper makes the stream of a request before it reads, and finds only then that the server has closed the
    /// connection.
    #[test]
    fn a_request_of_which_the_connection_has_written_nothing_was_not_sent() {
        let mut server = tokio::runtime::Builder::new_multi_thread();
        let server = server.worker_threads(1).enable_all().build().unwrap();
        let (address, roots) = server.block_on(serve());
        let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
        let transport = transport.build().unwrap();
        let send = async || {
            let body = OutgoingBody::whole(Bytes::from_static(b"{}"));
            let request = Request::post(format!("https://{address}")).body(body);
            let mut attempt = transport.attempt(&transport.calls, request.unwrap());
            attempt.connection.release();
            let response = attempt.pool.request(attempt.request).await;
            // Gives the tasks of the connection time to get idle.
            tokio::time::sleep(Duration::from_millis(10)).await;
            (
                response.map_err(|error| error::of_request(error, &attempt.sending)),
                attempt.sending,
            )
        };
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        let (first, _) = runtime.block_on(send());
        assert_eq!(first.unwrap().status(), 200);
        // Closes the connections of the server.
        drop(server);
        let (second, sending) = runtime.block_on(send());
        assert!(!sending.give_up(), "a connection has started to send it");
        let error = second.unwrap_err();
        let found = (error.kind(), error.delivery());
        assert_eq!(
            found,
            (TransportErrorKind::Connect, Delivery::NotSent),
            "{error:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn time_passes_while_the_transport_sleeps() {
        let transport = transport(Proxy::Direct);
        let started = tokio::time::Instant::now();
        transport.sleep(Duration::from_secs(7)).await;
        assert_eq!(started.elapsed().as_secs(), 7);
    }

    #[test]
    fn the_transport_reads_the_clocks() {
        let transport = transport(Proxy::Direct);
        let unix = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let (before, now, after) = (unix(), transport.now(), unix());
        assert!(before <= now.unix && now.unix <= after, "{now:?}");
        std::thread::sleep(Duration::from_millis(2));
        assert!(transport.now().monotonic > now.monotonic);
    }
}
