//! Connections of HTTP/2 that many calls share.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use factify_core::Client;
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use factify_testkit::fixtures::{ids, three_attempts};
use factify_testkit::http2::{Handler, serve, success};

fn client(authority: &Authority, address: SocketAddr) -> Client<HyperTransport> {
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let config = three_attempts(&format!("https://{address}"));
    let config = config.timeout(Duration::from_secs(300));
    Client::new(transport.build().unwrap(), config)
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
