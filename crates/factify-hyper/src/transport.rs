use std::fmt;
use std::future::ready;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    BuildError, Delivery, HttpTransport, Limits, Now, Proxy, RequestBody, ResponseBody, Roots,
    TransferLimits, TransferWatch, TransportError, TransportErrorKind,
};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::body::{OutgoingBody, Sending, Stop};
use crate::connect::{Connector, Proxies, Timed};
use crate::download::Chunks;
use crate::error;

/// The largest head of a response, in bytes.
const MAX_HEAD: u32 = 64 << 10;

/// The async transport. Cloning shares the connections.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Timed<HttpsConnector<Connector>>, OutgoingBody>,
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
            .http2_max_header_list_size(MAX_HEAD)
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

impl HyperTransport {
    /// Makes the attempt, and reads the response by `read`.
    async fn attempt<B, F>(
        &self,
        request: Request<RequestBody>,
        limits: Limits,
        read: impl FnOnce(Incoming) -> F,
    ) -> Result<Response<B>, TransportError>
    where
        F: Future<Output = Result<B, TransportError>>,
    {
        let proxy = self.proxies.name(request.uri());
        let length = request.body().len();
        let (parts, body) = request.into_parts();
        let body = match body.as_bytes() {
            Some(bytes) => OutgoingBody::whole(bytes.clone()),
            None => OutgoingBody::streamed(body).await.map_err(|error| {
                TransportError::not_sent(TransportErrorKind::RequestBody, error)
            })?,
        };
        let sending = body.sending();
        let _stop = Stop(Arc::clone(&sending));
        let response = self.client.request(Request::from_parts(parts, body));
        let mut head = None;
        let response = async {
            let response = response.await.map_err(|error| match sending.take_error() {
                Some(error) => TransportError::sent(TransportErrorKind::RequestBody, error),
                None => error::of_request(error),
            })?;
            let (parts, body) = response.into_parts();
            // The headers of a refusal may name a wait, also when its body never ends.
            let refused = !parts.status.is_success();
            let headers = refused.then(|| Box::new(parts.headers.clone()));
            head = Some((parts.status, headers));
            check_size(&parts.headers)?;
            let body = read(body).await?;
            Ok(Response::from_parts(parts, body))
        };
        let result = match limits.transfer {
            None => tokio::time::timeout(limits.timeout, response).await.ok(),
            Some(transfer) => watched(response, &sending, length, &limits, transfer).await,
        };
        let result = result.unwrap_or_else(|| {
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
            (None, Some(proxy)) if error.delivery() == Delivery::NotSent => {
                error.with_proxy(&proxy)
            }
            (None, _) => error,
        })
    }
}

/// Refuses a head over the limit. hyper itself could only limit the buffer of a connection, which a
/// download wants large.
fn check_size(headers: &HeaderMap) -> Result<(), TransportError> {
    let lines = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    if lines.sum::<usize>() <= MAX_HEAD as usize {
        return Ok(());
    }
    let message = format!("the head is over {MAX_HEAD} bytes");
    Err(TransportError::sent(TransportErrorKind::TooLarge, message))
}

/// Waits for the response to an upload as long as the upload moves.
async fn watched<F: Future>(
    response: F,
    sending: &Sending,
    length: u64,
    limits: &Limits,
    transfer: TransferLimits,
) -> Option<F::Output> {
    let mut response = pin!(response);
    let mut watch: Option<TransferWatch> = None;
    let mut counted = 0;
    loop {
        let now = sending.elapsed();
        let (sent, at) = sending.sent();
        let left = if sent == length {
            let end = at.saturating_add(limits.response_timeout(length));
            end.saturating_sub(now)
        } else if sent == 0 {
            limits.timeout.saturating_sub(now)
        } else {
            let watch = watch.get_or_insert_with(|| TransferWatch::new(transfer, at));
            watch.moved(at, sent - counted);
            counted = sent;
            watch.left(now)
        };
        let left = left.min(transfer.total.saturating_sub(now));
        if left.is_zero() {
            return None;
        }
        if let Ok(response) = tokio::time::timeout(left, &mut response).await {
            return Some(response);
        }
    }
}

#[async_trait]
impl HttpTransport for HyperTransport {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let cap = limits.max_response_bytes;
        self.attempt(request, *limits, |body| read(body, cap)).await
    }

    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let transfer = limits.transfer.unwrap_or_else(|| {
            let transfer = TransferLimits::standard().least_rate(0);
            transfer.idle(limits.timeout).total(limits.timeout)
        });
        let head = Limits::new(limits.timeout, limits.max_response_bytes);
        let response = self.attempt(request, head, |body| ready(Ok(body))).await?;
        Ok(response.map(|body| ResponseBody::new(Chunks::new(body, transfer))))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Now {
        Now::since(self.started)
    }
}

async fn read(body: Incoming, cap: usize) -> Result<Bytes, TransportError> {
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
