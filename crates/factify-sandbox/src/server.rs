use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use factify_core::{BaseUrl, ClientConfig, ErrorReason};
use http::header::HOST;
use http::uri::Authority;
use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Either, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::control::{self, Action, for_each_control_request, prefix};
use crate::fault::{Reply, half};
use crate::guard::Guard;
use crate::respond::{Refusal, max_body};
use crate::sandbox::Sandbox;
use crate::target::normal;
use crate::transfers::{self, Generated};
use crate::world::Persona;

macro_rules! documented {
    ($($method:ident $path:literal $kind:ident $(($($argument:tt)*))? $what:literal;)+) => {
        /// Serves a [`Sandbox`] over HTTP/1.1 on a port, until it is dropped.
        ///
        /// Use a [`running_clock`](crate::Builder::running_clock) if clients really wait: with a clock that
        /// stands still, a rate limit never ends.
        ///
        /// # The control channel
        ///
        /// For tests in other languages there are also these requests, without a key. A body is JSON, with this
        /// content type. The first request describes the fields of the bodies:
        ///
        $(#[doc = concat!("- `", stringify!($method), " ", prefix!(), $path, "`: ", $what)])+
        ///
        /// No web site can drive the sandbox. A control request gets 403 if its `Host` is not a loopback host
        /// (`localhost`, `127.0.0.0/8`, `[::1]`), if it has the `Origin` of another page, or if the browser says that
        /// it comes from another site. If the server listens at another address than a loopback one, `Host` may
        /// also be any IP address, or a name without a dot, as in a network of containers.
        #[derive(Debug)]
        pub struct SandboxServer {
            sandbox: Sandbox,
            base_url: BaseUrl,
            stop: Option<oneshot::Sender<()>>,
            thread: Option<JoinHandle<()>>,
        }
    };
}

for_each_control_request!(documented);

impl SandboxServer {
    /// Starts on a free port of the loopback host, on a new thread.
    ///
    /// # Errors
    /// If no port or thread is available.
    pub fn start(sandbox: Sandbox) -> io::Result<Self> {
        Self::start_at(sandbox, (Ipv4Addr::LOCALHOST, 0).into())
    }

    /// Starts at this address, on a new thread. Port 0 selects a free port. By default, clients accept
    /// plain HTTP only from the loopback host.
    ///
    /// # Errors
    /// If the address or a thread is not available.
    pub fn start_at(sandbox: Sandbox, address: SocketAddr) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let mut address = listener.local_addr()?;
        let guard = Guard::new(address.ip());
        // Clients accept plaintext only from the loopback host, so use its address.
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        let base_url = BaseUrl::parse_allowing_plaintext(&format!("http://{address}"))
            .map_err(io::Error::other)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _within = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = sandbox.clone();
        let thread = std::thread::Builder::new()
            .name("factify-sandbox".into())
            .spawn(move || runtime.block_on(serve(listener, served, guard, stopped)))?;
        Ok(Self {
            sandbox,
            base_url,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The settings of a client that acts as a persona and calls this server.
    pub fn config(&self, persona: Persona) -> ClientConfig {
        self.sandbox.config(persona).base_url(self.base_url())
    }

    /// Its URL on this machine, such as `http://127.0.0.1:4321`.
    pub fn base_url(&self) -> BaseUrl {
        self.base_url.clone()
    }
}

impl Drop for SandboxServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread has already printed its panic.
            let _ = thread.join();
        }
    }
}

async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    guard: Guard,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Probably out of sockets: wait until other connections close.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let sandbox = sandbox.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(sandbox.clone(), guard, request));
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            // A broken connection concerns only its client.
            let _ = connection.await;
        });
    }
}

async fn respond(
    sandbox: Sandbox,
    guard: Guard,
    mut request: Request<Incoming>,
) -> Result<Response<Either<Partial, Generated>>, Broken> {
    let uri = normal(request.uri()).into_owned();
    *request.uri_mut() = uri;
    let response = match respond_to_valid(&sandbox, guard, request).await {
        Err(Unserved::Refused(refusal)) => Ok(sandbox.refuse(refusal).map(Partial::whole)),
        Err(Unserved::Broken) => Err(Broken),
        Ok(response) => return Ok(response),
    };
    response.map(|response| response.map(Either::Left))
}

/// Why a request gets no response of an operation.
enum Unserved {
    Refused(Refusal),
    Broken,
}

impl From<Refusal> for Unserved {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

async fn respond_to_valid(
    sandbox: &Sandbox,
    guard: Guard,
    request: Request<Incoming>,
) -> Result<Response<Either<Partial, Generated>>, Unserved> {
    check_host(&request)?;
    if request.uri().path() == "/favicon.ico" {
        // Browsers ask for it by themselves. As a request to the API, it could get a fault meant for another.
        let mut response = Response::new(Either::Left(Partial::whole(Bytes::new())));
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    }
    if control::is_control(request.uri().path()) {
        guard.check(&request)?;
        let route = control::find(&request)?;
        match route.action {
            Action::Download => {
                let length = route.length(request.uri().path()).unwrap_or_default();
                let response = transfers::download(request.headers(), length)?;
                return Ok(response.map(Either::Right));
            }
            Action::Upload => {
                let read = transfers::upload(request.into_body()).await;
                let response = read.ok_or_else(incomplete)?;
                return Ok(response.map(|body| Either::Left(Partial::whole(body))));
            }
            Action::Json(_) | Action::File(..) => {}
        }
    }
    let (head, body) = request.into_parts();
    let max = max_body(&head.headers);
    let request = Request::from_parts(head, whole(body, max).await?);
    let response = respond_to_whole(sandbox, request).await?;
    Ok(response.map(Either::Left))
}

/// RFC 9112, section 3.2: one valid `Host`; only HTTP/1.0 allows none.
fn check_host(request: &Request<Incoming>) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let is_valid = match (hosts.next(), hosts.next()) {
        (None, None) => request.version() < Version::HTTP_11,
        (Some(host), None) => {
            let is_authority =
                |host| Authority::try_from(host).is_ok_and(|host| !host.as_str().contains('@'));
            host.is_empty() || is_authority(host.as_bytes())
        }
        _ => false,
    };
    if is_valid {
        return Ok(());
    }
    let message = "A request needs exactly one valid Host header";
    let reason = ErrorReason::InvalidFieldValue;
    Err(Refusal::invalid(reason, "host", message))
}

async fn respond_to_whole(
    sandbox: &Sandbox,
    request: Request<Bytes>,
) -> Result<Response<Partial>, Unserved> {
    match sandbox.reply(&request) {
        Reply::Response(response) => Ok(response.map(Partial::whole)),
        Reply::Cut(response) => Ok(response.map(|body| Partial::half(&body))),
        Reply::Late(response, delay) => {
            tokio::time::sleep(delay).await;
            Ok(response.map(Partial::whole))
        }
        Reply::Nothing | Reply::Refused => Err(Unserved::Broken),
        Reply::Silence => std::future::pending().await,
    }
}

/// The body of a request, if it is complete and not too large.
async fn whole(mut body: Incoming, max: usize) -> Result<Bytes, Refusal> {
    match Limited::new(&mut body, max).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            // A client that still writes would not see a response before the connection is reset.
            while let Some(Ok(_)) = body.frame().await {}
            Err(Refusal::too_large(max))
        }
        Err(_) => Err(incomplete()),
    }
}

fn incomplete() -> Refusal {
    let reason = ErrorReason::InvalidFieldValue;
    Refusal::invalid(reason, "body", "The body is malformed or incomplete")
}

/// A body that is sent completely, or in part before the connection breaks.
struct Partial {
    data: Option<Bytes>,
    announced: u64,
    then: Then,
}

/// What happens after the data.
enum Then {
    End,
    /// Wait, so that the data leaves first: if the body failed at once, hyper would not send the data.
    Flush,
    Break,
}

impl Partial {
    fn whole(body: Bytes) -> Self {
        Self {
            announced: body.len() as u64,
            data: Some(body),
            then: Then::End,
        }
    }

    fn half(body: &Bytes) -> Self {
        Self {
            announced: body.len() as u64,
            data: Some(half(body)),
            then: Then::Flush,
        }
    }
}

impl Body for Partial {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.then {
            Then::End => Poll::Ready(None),
            Then::Flush => {
                self.then = Then::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Then::Break => Poll::Ready(Some(Err(Broken))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// Breaks the connection.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is broken on purpose")
    }
}

impl std::error::Error for Broken {}
