//! Servers that break HTTP/2 calls.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use factify_core::{Client, ErrorKind, Outcome};
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use factify_testkit::fixtures::{ids, three_attempts};
use factify_testkit::http2::{Handler, head, serve, success};
use h2::Reason;

fn client(authority: &Authority, address: SocketAddr) -> Client<HyperTransport> {
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let config = three_attempts(&format!("https://{address}"));
    let config = config.timeout(Duration::from_secs(300));
    Client::new(transport.build().unwrap(), config)
}

#[tokio::test]
async fn a_broken_stream_or_connection_is_an_interrupted_error() {
    let reset: Handler = |_, mut respond| respond.send_reset(Reason::INTERNAL_ERROR);
    let refuse: Handler = |_, mut respond| respond.send_reset(Reason::REFUSED_STREAM);
    let cut: Handler = |_, mut respond| {
        let mut body = head(&mut respond);
        body.send_data("{\"invite\":".into(), false).unwrap();
        body.send_reset(Reason::INTERNAL_ERROR);
    };
    let go_away: Handler = |connection, _| connection.abrupt_shutdown(Reason::INTERNAL_ERROR);
    let enough: Handler = |connection, _| connection.abrupt_shutdown(Reason::ENHANCE_YOUR_CALM);
    let authority = Authority::new();
    for (name, handler) in [
        ("RST_STREAM", reset),
        ("RST_STREAM, refused", refuse),
        ("RST_STREAM in the body", cut),
        ("GOAWAY", go_away),
        ("GOAWAY, enhance your calm", enough),
    ] {
        let (address, requests) = serve(&authority, handler).await;
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
        // A call that is not idempotent is not sent twice.
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
async fn a_server_that_closes_between_calls_causes_no_error() {
    let graceful: Handler = |connection, respond| {
        success(respond);
        connection.graceful_shutdown();
    };
    let authority = Authority::new();
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
async fn ten_thousand_calls_share_one_connection() {
    const CALLS: u32 = 10_000;
    let handler: Handler = |_, respond| success(respond);
    let authority = Authority::new();
    let (address, requests) = serve(&authority, handler).await;
    let client = client(&authority, address);
    let (organization, invite) = ids();
    // The first call connects.
    let first = client.organization(organization).invites();
    first.revoke(invite).send().await.unwrap();
    let calls: Vec<_> = (0..CALLS)
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
    assert_eq!(requests.load(Ordering::SeqCst), CALLS + 1);
}
