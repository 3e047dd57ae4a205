//! A server that speaks HTTP/2 over TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use h2::server::{Connection, SendResponse};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Authority;
use crate::fixtures::INVITE;

/// The server side of a connection.
pub type Server = Connection<TlsStream<TcpStream>, bytes::Bytes>;
/// Sends the response to a request.
pub type Respond = SendResponse<bytes::Bytes>;

/// Handles one request.
pub type Handler = fn(&mut Server, Respond);

/// Sends the head of a success.
fn head(respond: &mut Respond) -> h2::SendStream<bytes::Bytes> {
    let head = http::Response::builder().status(200).body(()).unwrap();
    respond.send_response(head, false).unwrap()
}

/// Responds with an invite.
pub fn success(mut respond: Respond) {
    let mut body = head(&mut respond);
    body.send_data(INVITE.into(), true).unwrap();
}

/// Starts a server with this handler. It counts the requests.
pub async fn serve(authority: &Authority, handle: Handler) -> (SocketAddr, Arc<AtomicU32>) {
    let mut config = authority.config("127.0.0.1", 2100);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.unwrap();
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((request, respond))) = connection.accept().await {
                    assert_eq!(request.version(), http::Version::HTTP_2);
                    counted.fetch_add(1, Ordering::SeqCst);
                    handle(&mut connection, respond);
                }
            });
        }
    });
    (address, count)
}
