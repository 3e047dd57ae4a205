//! What a server can do to a call over HTTP/2.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::{
    ApiKey, Client, ClientConfig, ErrorKind, InviteId, OrganizationId, Outcome, RetryPolicy,
};
use factify_hyper::{HyperTransport, Proxy, Roots};
use h2::Reason;
use h2::server::{Connection, SendResponse};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

#[path = "../../factify-core/tests/support/tls.rs"]
mod tls;

const INVITE: &str = concat!(
    r#"{"invite":{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
);

type Server = Connection<TlsStream<TcpStream>, bytes::Bytes>;
type Respond = SendResponse<bytes::Bytes>;

/// What the server does with a request.
type Answer = fn(&mut Server, Respond);

fn head(respond: &mut Respond) -> h2::SendStream<bytes::Bytes> {
    let head = http::Response::builder().status(200).body(()).unwrap();
    respond.send_response(head, false).unwrap()
}

fn success(mut respond: Respond) {
    let mut body = head(&mut respond);
    body.send_data(INVITE.into(), true).unwrap();
}

async fn serve(authority: &tls::Authority, answer: Answer) -> (SocketAddr, Arc<AtomicU32>) {
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

fn client(authority: &tls::Authority, address: SocketAddr) -> Client<HyperTransport> {
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let policy = RetryPolicy::standard().max_attempts(3);
    let config = ClientConfig::new(ApiKey::new("ffy_test_CANARY").unwrap())
        .base_url(format!("https://{address}").parse().unwrap())
        .retry(policy.backoff(Duration::from_millis(1), Duration::from_millis(2)))
        .timeout(Duration::from_secs(1));
    Client::new(transport.build().unwrap(), config)
}

fn ids() -> (OrganizationId, InviteId) {
    (
        OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41"),
        InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41"),
    )
}

#[tokio::test]
async fn a_stream_or_a_connection_that_breaks_is_interrupted() {
    let reset: Answer = |_, mut respond| respond.send_reset(Reason::INTERNAL_ERROR);
    let refuse: Answer = |_, mut respond| respond.send_reset(Reason::REFUSED_STREAM);
    let cut: Answer = |_, mut respond| {
        let mut body = head(&mut respond);
        body.send_data("{\"invite\":".into(), false).unwrap();
        body.send_reset(Reason::INTERNAL_ERROR);
    };
    let go_away: Answer = |connection, _| connection.abrupt_shutdown(Reason::INTERNAL_ERROR);
    let enough: Answer = |connection, _| connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
    let authority = tls::Authority::new();
    for (name, answer) in [
        ("RST_STREAM", reset),
        ("RST_STREAM, refused", refuse),
        ("RST_STREAM in the body", cut),
        ("GOAWAY", go_away),
        ("GOAWAY, calm", enough),
    ] {
        let (address, requests) = serve(&authority, answer).await;
        let client = client(&authority, address);
        let (organization, invite) = ids();
        let invites = client.organization(organization).invites();
        let error = invites.revoke(invite).send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome(), error.attempts()),
            (ErrorKind::Interrupted, Outcome::Unknown, 3),
            "{name}: {error:?}"
        );
        assert_eq!(requests.load(Ordering::SeqCst), 3, "{name}");
        // What may happen twice is not sent twice.
        let create = invites.create("a@example.com".parse().unwrap());
        let error = create.send().await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.attempts()),
            (Outcome::Unknown, 1),
            "{name}"
        );
        assert_eq!(requests.load(Ordering::SeqCst), 4, "{name}");
    }
}

#[tokio::test]
async fn a_server_that_goes_away_between_calls_costs_nothing() {
    let graceful: Answer = |connection, respond| {
        success(respond);
        connection.graceful_shutdown();
    };
    let authority = tls::Authority::new();
    let (address, requests) = serve(&authority, graceful).await;
    let client = client(&authority, address);
    let invites = client.organization(ids().0).invites();
    for sent in 1..=10 {
        let create = invites.create("a@example.com".parse().unwrap());
        create.send().await.unwrap();
        assert_eq!(requests.load(Ordering::SeqCst), sent);
    }
}

#[tokio::test]
async fn many_calls_share_one_connection() {
    let answer: Answer = |_, respond| success(respond);
    let authority = tls::Authority::new();
    let (address, requests) = serve(&authority, answer).await;
    let client = client(&authority, address);
    let (organization, invite) = ids();
    // The first one connects.
    let first = client.organization(organization).invites();
    first.revoke(invite).send().await.unwrap();
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let invites = client.organization(organization).invites();
                invites.revoke(invite).send().await.unwrap();
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(requests.load(Ordering::SeqCst), 101);
}
