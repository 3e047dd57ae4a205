use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{HttpTransport, ResponseBody};
use factify_core::proxy::Exemptions;
use factify_core::{
    BuildError, Delivery, Limits, Now, Proxy, RequestBody, Roots, TransferLimits, TransportError,
    TransportErrorKind, check_framing,
};
use http::header::CONTENT_LENGTH;
use http::{Request, Response, Uri};
use ureq::config::ConfigBuilder;
use ureq::tls::TlsConfig;
use ureq::typestate::HttpCrateScope;
use ureq::{Agent, AsSendBody, Body, SendBody};

use crate::conceal;
use crate::connect::{MarkedConnector, MarkedResolver};
use crate::error;
use crate::roots;
use crate::transfer::{Chunks, Upload};

/// The maximum number of idle connections.
const MAX_IDLE: usize = 16;
/// The longest timeout. ureq adds it to the current time, and an overflow would panic.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The largest response head in bytes.
const MAX_HEAD: usize = 64 << 10;

/// The blocking transport. Clones share the same connections.
#[derive(Clone)]
pub struct UreqTransport {
    direct: Agent,
    connect_timeout: Duration,
    proxied: Option<Proxied>,
}

#[derive(Clone)]
struct Proxied {
    agent: Agent,
    exemptions: Exemptions,
}

impl UreqTransport {
    /// Starts with the defaults: Mozilla's roots, ten seconds to connect, and the proxy of the
    /// environment.
    ///
    /// ```
    /// # mod factify { pub use factify_core::*; pub mod ureq { pub use factify_ureq::*; } }
    /// use std::time::Duration;
    /// use factify::{BearerToken, blocking};
    /// use factify::ureq::{Roots, UreqTransport};
    ///
    /// let transport = UreqTransport::builder()
    ///     .roots(Roots::Platform)
    ///     .connect_timeout(Duration::from_secs(3))
    ///     .build()?;
    /// let client = blocking::Client::new(transport, BearerToken::new("ffy_test_example")?);
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

    fn agent(&self, uri: &Uri) -> &Agent {
        let secure = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        match &self.proxied {
            Some(it) if secure && !it.exemptions.contains(uri) => &it.agent,
            _ => &self.direct,
        }
    }
}

/// Settings of a [`UreqTransport`].
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

    /// The time limit for the connection and the TLS handshake. The attempt's limit also applies.
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
    pub fn build(self) -> Result<UreqTransport, BuildError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = roots::checked(&self.roots, &provider)?;
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let agent = |proxy, login| {
            let config = Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_response_header_size(MAX_HEAD)
                .timeout_connect(Some(self.connect_timeout.min(LONGEST)))
                // All requests go to one host, so it may have all idle connections.
                .max_idle_connections(MAX_IDLE)
                .max_idle_connections_per_host(MAX_IDLE)
                .tls_config(tls.clone())
                .proxy(proxy)
                // The request already has this header.
                .user_agent("")
                .accept("")
                .accept_encoding("")
                .build();
            Agent::with_parts(
                config,
                MarkedConnector::new(login),
                MarkedResolver::default(),
            )
        };
        let variable = |name: &str| std::env::var_os(name);
        let proxied = self.proxy.choose(variable, |url, rules| {
            let proxy = ureq::Proxy::new(url).ok()?;
            Some(Proxied {
                agent: agent(Some(proxy), rules.login),
                exemptions: rules.exemptions,
            })
        })?;
        Ok(UreqTransport {
            direct: agent(None, None),
            connect_timeout: self.connect_timeout,
            proxied,
        })
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport").finish_non_exhaustive()
    }
}

impl UreqTransport {
    /// The common limits of uploads and downloads.
    fn phases(
        &self,
        request: Configured,
        limits: &Limits,
        transfer: &TransferLimits,
    ) -> Configured {
        request
            .timeout_global(Some(transfer.total).filter(|total| *total < LONGEST))
            .timeout_resolve(Some(capped(limits.timeout)))
            .timeout_connect(Some(capped(self.connect_timeout.min(limits.timeout))))
            .timeout_send_request(Some(capped(limits.timeout)))
    }

    /// Makes the attempt up to the response head, with the time limits that `limit` sets. `receive` gets the
    /// response.
    fn attempt<T>(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
        limit: impl FnOnce(Configured) -> Configured,
        receive: impl FnOnce(Response<Body>) -> Result<T, TransportError>,
    ) -> Result<T, TransportError> {
        let agent = self.agent(request.uri());
        let total = limits
            .transfer
            .map_or(Duration::MAX, |transfer| transfer.total);
        if limits.timeout.min(total).is_zero() {
            return Err(TransportError::timed_out(Delivery::NotSent));
        }
        let request = revealable(request)?;
        conceal::concealed(request, |request| {
            let (mut parts, body) = request.into_parts();
            // A transfer is watched as it is sent.
            let in_memory = limits.transfer.is_none() || body.is_sensitive();
            let response = match body
                .as_bytes()
                .filter(|bytes| in_memory || bytes.is_empty())
            {
                // ureq sends a `Content-Length` of 0 only if it gets an empty body.
                Some(bytes) if bytes.is_empty() && !parts.headers.contains_key(CONTENT_LENGTH) => {
                    run(agent, Request::from_parts(parts, ()), limit)
                }
                Some(bytes) => run(agent, Request::from_parts(parts, bytes.as_ref()), limit),
                None => {
                    let mut upload = Upload::open(&body, limits)?;
                    parts.headers.insert(CONTENT_LENGTH, body.len().into());
                    let sent = SendBody::from_reader(&mut upload);
                    let response = run(agent, Request::from_parts(parts, sent), limit);
                    response.map_err(|error| upload.into_error(error))
                }
            };
            receive(response?)
        })
    }
}

/// Reads a secret body into memory, because a streamed body cannot be hidden from ureq's log.
fn revealable(request: Request<RequestBody>) -> Result<Request<RequestBody>, TransportError> {
    if !request.body().is_sensitive() || request.body().as_bytes().is_some() {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = body
        .into_bytes()
        .map_err(|error| TransportError::not_sent(TransportErrorKind::RequestBody, error))?;
    Ok(Request::from_parts(
        parts,
        RequestBody::from(bytes).sensitive(),
    ))
}

fn run(
    agent: &Agent,
    request: Request<impl AsSendBody>,
    limit: impl FnOnce(Configured) -> Configured,
) -> Result<Response<Body>, TransportError> {
    let (parts, body) = request.into_parts();
    let request = limit(agent.configure_request(Request::from_parts(parts, ()))).build();
    let request = request.map(|()| body);
    let (head, body) = agent.run(request).map_err(error::of_request)?.into_parts();
    check_framing(&head)?;
    Ok(Response::from_parts(head, body))
}

type Configured = ConfigBuilder<HttpCrateScope<()>>;

impl HttpTransport for UreqTransport {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let length = request.body().len();
        let limit = |request: Configured| match limits.transfer {
            None => request.timeout_global(Some(capped(limits.timeout))),
            Some(transfer) => self
                .phases(request, limits, &transfer)
                .timeout_per_write(Some(capped(transfer.idle)))
                .timeout_recv_response(Some(capped(limits.response_timeout(length))))
                .timeout_recv_body(Some(capped(limits.timeout))),
        };
        self.attempt(request, limits, limit, |response| {
            let (parts, body) = response.into_parts();
            match read(body, limits.max_response_bytes) {
                Ok(body) => Ok(Response::from_parts(parts, body)),
                Err(error) => Err(error.with_status(parts.status).with_headers(parts.headers)),
            }
        })
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let transfer = limits.body_limits();
        let limit = |request| {
            self.phases(request, limits, &transfer)
                .timeout_recv_response(Some(capped(limits.timeout)))
                .timeout_per_read(Some(capped(transfer.idle)))
        };
        let response = self.attempt(request, limits, limit, Ok)?;
        Ok(response.map(|body| ResponseBody::new(Chunks::new(body, transfer))))
    }

    fn now(&self) -> Now {
        Now::system()
    }
}

fn capped(timeout: Duration) -> Duration {
    timeout.min(LONGEST)
}

fn read(mut body: Body, cap: usize) -> Result<Bytes, TransportError> {
    let limit = u64::try_from(cap).unwrap_or(u64::MAX);
    if body.content_length().is_some_and(|length| length > limit) {
        return Err(TransportError::sent(
            TransportErrorKind::TooLarge,
            format!("the announced length of the body is over {cap} bytes"),
        ));
    }
    let body = body.with_config().limit(limit).read_to_vec();
    let body = conceal::revealed(body.map_err(error::of_body)?);
    body.map(Bytes::from).ok_or_else(|| {
        let reason = "the body does not have the expected form";
        TransportError::sent(TransportErrorKind::Malformed, reason)
    })
}
