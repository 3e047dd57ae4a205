//! The server: a separate process. It responds to an upload of a document with a document, to any other POST with
//! an invite, to `/bytes/LENGTH` with that number of bytes, to an export with such a URL, and to any other GET with
//! a page, compressed if requested.

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HOST, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{cost, responses};

/// How many pages a list has.
pub const PAGES: usize = 1_000;

/// The bandwidth of the slow link in bytes per second: 10 Mbit.
const RATE: u32 = 1_250_000;

/// The delay of a request on the slow link.
const LATENCY: Duration = Duration::from_millis(20);

/// The argument that turns a benchmark into the server.
const SERVE: &str = "serve-responses";

/// A server that ends when this value is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Its URL.
    pub url: String,
    /// Its URL behind a slow link.
    pub slow_url: String,
}

impl Server {
    /// Starts this program again as the server. Call it once, at the start of `main`: in the server
    /// process it does not return.
    pub fn start() -> Self {
        if std::env::args().nth(1).as_deref() == Some(SERVE) {
            serve();
            std::process::exit(0);
        }
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg(SERVE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut next = || lines.next().unwrap().unwrap();
        let (url, slow_url) = (next(), next());
        cost::pin(0);
        Self {
            process,
            url,
            slow_url,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Responses {
    invite: Bytes,
    pages: Vec<(Bytes, Bytes)>,
}

fn serve() {
    cost::pin(1);
    let pages = (1..=PAGES).map(|number| {
        let page = responses::page(number, PAGES);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&page).unwrap();
        (page, gzip.finish().unwrap().into())
    });
    let responses = Rc::new(Responses {
        invite: responses::invite(),
        pages: pages.collect(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    tokio::task::LocalSet::new().block_on(&runtime.unwrap(), async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slow = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        println!("http://127.0.0.1:{port}");
        println!("http://127.0.0.1:{}", slow.local_addr().unwrap().port());
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = slow.accept().await {
                tokio::task::spawn_local(slow_link(stream, port));
            }
        });
        // Wait until the benchmark ends and closes its end of the pipe.
        std::thread::spawn(|| {
            let _ = std::io::stdin().read_line(&mut String::new());
            std::process::exit(0);
        });
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            let responses = Rc::clone(&responses);
            let service = service_fn(move |request| respond(Rc::clone(&responses), request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::task::spawn_local(async { drop(connection.await) });
        }
    });
}

async fn respond(
    responses: Rc<Responses>,
    request: Request<Incoming>,
) -> Result<Response<Either<Full<Bytes>, Zeros>>, Infallible> {
    let (head, body) = request.into_parts();
    let mut response = Response::new(Either::Left(Full::default()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if head.method == Method::POST {
        let (mut body, mut length) = (body, 0);
        while let Some(Ok(frame)) = body.frame().await {
            length += frame.data_ref().map_or(0, Bytes::len);
        }
        let created = head.uri.path() == "/v1beta/documents";
        let sent = if created {
            responses::document(length)
        } else {
            responses.invite.clone()
        };
        *response.body_mut() = Either::Left(sent.into());
        return Ok(response);
    }
    if let Some(id) = head.uri.path().strip_suffix("/export") {
        let length = responses::length_of(id);
        let host = head.headers.get(HOST).unwrap().to_str().unwrap();
        let exported = responses::exported(&format!("http://{host}/bytes/{length}"));
        *response.body_mut() = Either::Left(exported.into());
        return Ok(response);
    }
    if let Some(length) = head.uri.path().strip_prefix("/bytes/") {
        *response.body_mut() = Either::Right(Zeros(length.parse().unwrap_or_default()));
        let etag = HeaderValue::from_static("\"zeros\"");
        response.headers_mut().insert(ETAG, etag);
        return Ok(response);
    }
    let query = head.uri.query().unwrap_or_default();
    let number = query
        .split_once("page_token=page-")
        .map_or("1", |(_, number)| number);
    let number = number
        .split('&')
        .next()
        .unwrap_or_default()
        .parse()
        .unwrap_or(1);
    let (page, gzip) = &responses.pages[number - 1];
    if head
        .headers
        .get(ACCEPT_ENCODING)
        .is_some_and(|value| value == "gzip")
    {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        *response.body_mut() = Either::Left(gzip.clone().into());
    } else {
        *response.body_mut() = Either::Left(page.clone().into());
    }
    Ok(response)
}

/// A body of zeros.
struct Zeros(u64);

impl Body for Zeros {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static BLOCK: [u8; 256 << 10] = [0; 256 << 10];
        let length = usize::try_from(self.0).unwrap().min(BLOCK.len());
        self.0 -= length as u64;
        let chunk = Bytes::from_static(&BLOCK[..length]);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

/// Forwards a connection with delayed requests and slow responses.
async fn slow_link(client: TcpStream, port: u16) {
    let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::task::spawn_local(async move {
        let mut buffer = vec![0; 4096];
        while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
            tokio::time::sleep(LATENCY).await;
            if to_server.write_all(&buffer[..length]).await.is_err() {
                break;
            }
        }
    });
    let mut buffer = vec![0; 4096];
    let mut free = tokio::time::Instant::now();
    while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
        let takes = Duration::from_secs(1) * u32::try_from(length).unwrap_or_default() / RATE;
        free = free.max(tokio::time::Instant::now()) + takes;
        tokio::time::sleep_until(free).await;
        if to_client.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
