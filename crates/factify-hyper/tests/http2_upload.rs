//! What a server can do to an upload over HTTP/2.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use factify_core::{Client, Error, ErrorKind, Outcome, TransferLimits};
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::fixtures::three_attempts;
use factify_testkit::{Authority, UploadBody, binary};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::Response;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;

/// More than the windows of a connection.
const LENGTH: usize = 16 << 20;

#[derive(Debug, Clone)]
enum Server {
    ReadsAll,
    /// Reads slowly, and never waits as long as the limit.
    ReadsSlowly,
    RefusesEarly,
    Resets,
    StopsReading,
    /// Responds, reads what still arrives, and tells how much that was.
    RefusesAndReadsOn(UnboundedSender<usize>),
}

impl Server {
    async fn respond(self, mut body: RecvStream, mut respond: SendResponse<Bytes>) {
        let status = match self {
            Self::ReadsAll => read(&mut body, Duration::ZERO).await,
            Self::ReadsSlowly => read(&mut body, Duration::from_millis(40)).await,
            Self::RefusesEarly => Response::builder().status(413).body(()).unwrap(),
            Self::Resets => return respond.send_reset(Reason::INTERNAL_ERROR),
            Self::StopsReading => return std::future::pending().await,
            Self::RefusesAndReadsOn(arrived) => {
                let status = Response::builder().status(413).body(()).unwrap();
                respond.send_response(status, true).unwrap();
                arrived.send(read_on(&mut body).await).unwrap();
                return;
            }
        };
        let mut out = respond.send_response(status, false).unwrap();
        out.send_data("{}".into(), true).unwrap();
    }
}

async fn read(body: &mut RecvStream, pause: Duration) -> Response<()> {
    let (mut length, mut unpaused) = (0, 0);
    while let Some(chunk) = body.data().await {
        let chunk = chunk.unwrap();
        length += chunk.len();
        unpaused += chunk.len();
        body.flow_control().release_capacity(chunk.len()).unwrap();
        // After each 256 KiB: a pause after each frame would make the frames ever smaller.
        if unpaused >= 256 << 10 && !pause.is_zero() {
            tokio::time::sleep(pause).await;
            unpaused = 0;
        }
    }
    assert_eq!(length, LENGTH);
    Response::new(())
}

/// Reads slowly until the body ends or is given up.
async fn read_on(body: &mut RecvStream) -> usize {
    let mut length = 0;
    while let Some(Ok(chunk)) = body.data().await {
        length += chunk.len();
        let _ = body.flow_control().release_capacity(chunk.len());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    length
}

async fn serve(authority: &Authority, server: Server) -> SocketAddr {
    let mut config = authority.config("127.0.0.1", 2100);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.unwrap();
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((request, respond))) = connection.accept().await {
                    tokio::spawn(server.clone().respond(request.into_body(), respond));
                }
            });
        }
    });
    address
}

async fn upload(authority: &Authority, server: &Server) -> Result<String, Error> {
    let address = serve(authority, server.clone()).await;
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let transfer = TransferLimits::standard().idle(Duration::from_millis(700));
    let config = three_attempts(&format!("https://{address}"));
    let config = config
        .timeout(Duration::from_secs(1))
        .transfer(transfer.least_rate(256 << 10));
    let client = Client::new(transport.build().unwrap(), config);
    let body = UploadBody::<false>(binary(vec![0; LENGTH]));
    client.call(body).send().await
}

#[tokio::test]
async fn after_an_early_response_the_rest_of_the_body_is_not_sent() {
    let (arrived, mut lengths) = unbounded_channel();
    let server = Server::RefusesAndReadsOn(arrived);
    let error = upload(&Authority::new(), &server).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotApplied, "{error}");
    let length = lengths.recv().await.unwrap();
    assert!(length < LENGTH, "all of the body was sent");
}

#[tokio::test]
async fn each_upload_ends_as_its_server_decides() {
    use ErrorKind::{Api, Interrupted, Timeout};
    use Outcome::{NotApplied, Unknown};
    let authority = Authority::new();
    for (server, expected) in [
        (Server::ReadsAll, None),
        (Server::ReadsSlowly, None),
        (Server::RefusesEarly, Some((Api, NotApplied))),
        (Server::Resets, Some((Interrupted, Unknown))),
        (Server::StopsReading, Some((Timeout, Unknown))),
    ] {
        let result = upload(&authority, &server).await;
        let found = result.as_ref().err();
        let found = found.map(|error| (error.kind(), error.outcome()));
        assert_eq!(found, expected, "{server:?}: {result:?}");
    }
}
