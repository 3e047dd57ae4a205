use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    BuildError, Delivery, HttpTransport, Limits, Now, Proxy, Roots, TransportError,
    TransportErrorKind,
};
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::body::{RequestBody, Sending};
use crate::connect::{Connector, Proxies, Timed};
use crate::error;

/// The largest head of a response, in bytes.
const MAX_HEAD: usize = 64 << 10;

/// The async transport. Cloning shares the connections.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Timed<HttpsConnector<Connector>>, RequestBody>,
    proxies: Proxies,
    started: Instant,
}

impl HyperTransport {
    /// Begins with Mozilla's roots, ten seconds to connect, and the proxies of the environment.
    ///
    /// ```
    /// use std::time::Duration;
    /// use factify_hyper::{HyperTransport, Roots};
    ///
    /// let transport = HyperTransport::builder()
    ///     .roots(Roots::WebPki)
    ///     .connect_timeout(Duration::from_secs(3))
    ///     .build()?;
    /// # let _ = transport;
    /// # Ok::<(), factify_core::BuildError>(())
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

    /// The longest time for name lookup, connection and TLS handshake, within that of the attempt.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The proxy for `https` requests.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Makes the transport; nothing is connected yet.
    ///
    /// # Errors
    /// When a certificate of [`Roots::Custom`] or the platform's roots cannot be used, or the URL
    /// of the proxy cannot, or the environment variable that names it: then nothing goes without a
    /// proxy.
    pub fn build(self) -> Result<HyperTransport, BuildError> {
        let proxies = Proxies::new(&self.proxy, |name| std::env::var_os(name))?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls(&self.roots)?)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Connector::new(http, proxies.clone()));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .http1_max_buf_size(MAX_HEAD)
            .http2_max_header_list_size(64 << 10)
            // Only a request of which nothing was written is put on another connection.
            .retry_canceled_requests(true)
            .build(Timed::new(https, self.connect_timeout));
        Ok(HyperTransport {
            client,
            proxies,
            started: Instant::now(),
        })
    }
}

fn tls(roots: &Roots) -> Result<ClientConfig, BuildError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(BuildError::roots)?;
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Platform => {
            return Ok(builder
                .with_platform_verifier()
                .map_err(BuildError::roots)?
                .with_no_client_auth());
        }
        Roots::Custom(certificates) => {
            for der in certificates {
                store
                    .add(CertificateDer::from(der.clone()))
                    .map_err(BuildError::roots)?;
            }
        }
        _ => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

#[async_trait]
impl HttpTransport for HyperTransport {
    /// Not an `async fn`, whose future would keep a place for the request that hyper has by then.
    fn send<'life0, 'life1, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
        limits: &'life1 Limits,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        let proxy = self.proxies.name(request.uri());
        let (request, sending) = RequestBody::of(request);
        let response = self.client.request(request);
        Box::pin(attempt(response, sending, proxy, *limits))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Now {
        Now::since(self.started)
    }
}

async fn attempt(
    response: ResponseFuture,
    sending: Arc<Sending>,
    proxy: Option<Arc<str>>,
    limits: Limits,
) -> Result<Response<Bytes>, TransportError> {
    let mut head = None;
    let response = async {
        let response = response.await.map_err(error::of_request)?;
        let (parts, body) = response.into_parts();
        // Of a refusal the headers may name a wait, also when its body never ends.
        let refused = !parts.status.is_success();
        let headers = refused.then(|| Box::new(parts.headers.clone()));
        head = Some((parts.status, headers));
        read(body, limits.max_response_bytes)
            .await
            .map(|body| Response::from_parts(parts, body))
    };
    let result = tokio::time::timeout(limits.timeout, response)
        .await
        .unwrap_or_else(|_| {
            Err(TransportError::timed_out(if sending.give_up() {
                Delivery::NotSent
            } else {
                Delivery::Sent
            }))
        });
    result.map_err(|error| match (head, proxy) {
        (Some((status, headers)), _) => error
            .with_status(status)
            .with_headers(headers.map(|headers| *headers).unwrap_or_default()),
        (None, Some(proxy)) if error.delivery() == Delivery::NotSent => error.with_proxy(&proxy),
        (None, _) => error,
    })
}

async fn read(body: hyper::body::Incoming, cap: usize) -> Result<Bytes, TransportError> {
    let cap_u64 = u64::try_from(cap).unwrap_or(u64::MAX);
    if body.size_hint().lower() > cap_u64 {
        return Err(TransportError::sent(
            TransportErrorKind::TooLarge,
            format!("the body is announced to be over {cap} bytes"),
        ));
    }
    Limited::new(body, cap)
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .map_err(error::of_body)
}
