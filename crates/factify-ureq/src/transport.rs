use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use factify_core::blocking::{HttpTransport, ResponseBody};
use factify_core::{
    BuildError, Delivery, Limits, Now, Proxy, RequestBody, Roots, TransferLimits, TransportError,
    TransportErrorKind,
};
use http::header::CONTENT_LENGTH;
use http::{Request, Response, Uri};
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::HttpCrateScope;
use ureq::{Agent, AsSendBody, Body, SendBody};

use crate::conceal;
use crate::connect::{MarkedConnector, MarkedResolver};
use crate::error;
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
    started: Instant,
}

#[derive(Clone)]
struct Proxied {
    agent: Agent,
    proxy: ureq::Proxy,
}

impl UreqTransport {
    /// Starts with the defaults: Mozilla's roots, ten seconds to connect, and the proxy of the
    /// environment.
    ///
    /// ```
    /// use std::time::Duration;
    /// use factify_ureq::{Roots, UreqTransport};
    ///
    /// let transport = UreqTransport::builder()
    ///     .roots(Roots::Platform)
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

    fn agent(&self, uri: &Uri) -> &Agent {
        let secure = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        match &self.proxied {
            Some(it) if secure && !it.proxy.is_no_proxy(uri) => &it.agent,
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
    /// If the proxy is not usable. The transport does not fall back to a direct connection.
    pub fn build(self) -> Result<UreqTransport, BuildError> {
        let roots = match self.roots {
            Roots::Platform => RootCerts::PlatformVerifier,
            Roots::Custom(certificates) => RootCerts::new_with_certs(
                &certificates
                    .iter()
                    .map(|der| Certificate::from_der(der).to_owned())
                    .collect::<Vec<_>>(),
            ),
            _ => RootCerts::WebPki,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let agent = |proxy| {
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
                MarkedConnector::default(),
                MarkedResolver::default(),
            )
        };
        let variable = |name: &str| std::env::var_os(name);
        let proxied = self.proxy.choose(variable, proxy)?.map(|proxy| Proxied {
            agent: agent(Some(proxy.clone())),
            proxy,
        });
        Ok(UreqTransport {
            direct: agent(None),
            connect_timeout: self.connect_timeout,
            proxied,
            started: Instant::now(),
        })
    }
}

/// The proxy at `url`, except for the hosts in `no_proxy`. Only ureq's builder accepts these hosts.
fn proxy(url: &str, no_proxy: &str) -> Option<ureq::Proxy> {
    let read = ureq::Proxy::new(url).ok()?;
    let builder = ureq::Proxy::builder(read.protocol());
    let mut builder = builder.host(read.host()).port(read.port());
    if let Some(user) = read.username() {
        builder = builder.username(user);
    }
    if let Some(password) = read.password() {
        builder = builder.password(password);
    }
    for host in no_proxy.split(',') {
        builder = builder.no_proxy(host.trim());
    }
    builder.build().ok()
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

    /// Makes the attempt up to the response head, with the time limits that `limit` sets.
    fn attempt(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
        limit: impl FnOnce(Configured) -> Configured,
    ) -> Result<Response<Body>, TransportError> {
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
            match body
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
            }
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
    agent.run(request).map_err(error::of_request)
}

type Configured = ConfigBuilder<HttpCrateScope<()>>;

impl HttpTransport for UreqTransport {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let length = request.body().len();
        let response = self.attempt(request, limits, |request| match limits.transfer {
            None => request.timeout_global(Some(capped(limits.timeout))),
            Some(transfer) => self
                .phases(request, limits, &transfer)
                .timeout_per_write(Some(capped(transfer.idle)))
                .timeout_recv_response(Some(capped(limits.response_timeout(length))))
                .timeout_recv_body(Some(capped(limits.timeout))),
        })?;
        let (parts, body) = response.into_parts();
        match read(body, limits.max_response_bytes) {
            Ok(body) => Ok(Response::from_parts(parts, body)),
            Err(error) => Err(error.with_status(parts.status).with_headers(parts.headers)),
        }
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let transfer = limits.body_limits();
        let response = self.attempt(request, limits, |request| {
            self.phases(request, limits, &transfer)
                .timeout_recv_response(Some(capped(limits.timeout)))
                .timeout_per_read(Some(capped(transfer.idle)))
        })?;
        Ok(response.map(|body| ResponseBody::new(Chunks::new(body, transfer))))
    }

    fn now(&self) -> Now {
        Now::since(self.started)
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
    body.with_config()
        .limit(limit)
        .read_to_vec()
        .map(Bytes::from)
        .map_err(error::of_body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_exempt_by_the_rules_of_ureq() {
        for (no_proxy, exempt, proxied) in [
            ("API.example.com", "api.EXAMPLE.com", "example.com"),
            ("a , .example.com", "b.a.example.com", "notexample.com"),
            (".example.com", "a.example.com", "example.com"),
            ("example.com", "example.com", "a.example.com"),
            ("*.example.com", "a.example.com", "example.com"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.77"),
            ("10.*,*ple.com", "10.1.2.3", "11.1.2.3"),
            ("p,10.0.0.0/8", "p", "10.1.2.3"),
            ("[::1]", "[::1]", "[::2]"),
            ("p,::1", "p", "[::1]"),
            ("p,example.com:443", "p", "example.com"),
        ] {
            let proxy = proxy("http://user:C%40D@proxy", no_proxy).unwrap();
            let exempted =
                |host| proxy.is_no_proxy(&format!("https://{host}:443/").parse().unwrap());
            assert!(exempted(exempt) && !exempted(proxied), "{no_proxy}");
            assert_eq!((proxy.host(), proxy.port()), ("proxy", 80));
            assert_eq!(
                (proxy.username(), proxy.password()),
                (Some("user"), Some("C@D"))
            );
        }
    }
}
