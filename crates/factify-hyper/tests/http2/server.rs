//! A server that speaks HTTP/2 over TLS, and a client for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::{BearerToken, Client, ClientConfig, InviteId, OrganizationId, RetryPolicy};
use factify_hyper::{HyperTransport, Proxy, Roots};
use h2::server::{Connection, SendResponse};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

#[path = "../../../factify-core/tests/support/tls.rs"]
pub mod tls;

const INVITE: &str = concat!(
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
);

pub type Server = Connection<TlsStream<TcpStream>, bytes::Bytes>;
pub type Respond = SendResponse<bytes::Bytes>;

/// What the server does with a request.
pub type Answer = fn(&mut Server, Respond);

pub fn head(respond: &mut Respond) -> h2::SendStream<bytes::Bytes> {
    let head = http::Response::builder().status(200).body(()).unwrap();
    respond.send_response(head, false).unwrap()
}

pub fn success(mut respond: Respond) {
    let mut body = head(&mut respond);
    body.send_data(INVITE.into(), true).unwrap();
}

pub async fn serve(authority: &tls::Authority, answer: Answer) -> (SocketAddr, Arc<AtomicU32>) {
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
                    answer(&mut connection, respond);
                }
            });
        }
    });
    (address, count)
}

pub fn client(authority: &tls::Authority, address: SocketAddr) -> Client<HyperTransport> {
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let policy = RetryPolicy::standard().max_attempts(3);
    let config = ClientConfig::new(BearerToken::new("ffy_test_CANARY").unwrap())
        .base_url(format!("https://{address}").parse().unwrap())
        .retry(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
        .timeout(Duration::from_secs(300));
    Client::new(transport.build().unwrap(), config)
}

pub fn ids() -> (OrganizationId, InviteId) {
    (
        OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
        InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
    )
}
