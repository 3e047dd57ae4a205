//! What a server can do on a connection of HTTP/2, and how the calls end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod idle;
mod peer;
mod table;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use factify_core::{
    Client, Delivery, Error, ErrorKind, HttpTransport, Limits, Outcome, RequestBody, RetryPolicy,
    TransferLimits, TransportError, TransportErrorKind,
};
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use factify_testkit::fixtures::{INVITE, ids, three_attempts};
use tokio::task::JoinSet;

use peer::{END_HEADERS, END_STREAM, HEADERS, Peer, STATUS_200, When, serve};
use table::{Calls, Ended, Row};

/// A time limit that no test reaches.
const LONG: Duration = Duration::from_secs(60);

fn transport(authority: &Authority) -> HyperTransport {
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    transport.build().unwrap()
}

/// The attempts of a call, and how it ended.
fn ended(result: Result<u32, Error>) -> Ended {
    result.map_err(|error| {
        let shown = format!("{error} {error:#?} {}", error.report());
        assert!(!shown.contains("CANARY"), "{shown}");
        (error.kind(), error.outcome(), error.attempts())
    })
}

/// Makes calls one after the other on one client.
async fn calls(authority: &Authority, row: &Row, creations: bool, expected: Calls) -> Vec<Ended> {
    let server = serve(authority, row.when, Arc::clone(&row.event));
    let address = server.address;
    let config = three_attempts(&format!("https://{address}")).timeout(row.timeout());
    let client = Client::new(transport(authority), config.max_response_bytes(64 << 10));
    let (organization, invite) = ids();
    let invites = client.organization(organization).invites();
    let (mut found, mut attempts) = (Vec::new(), 0);
    for _ in expected {
        let result = if creations {
            let create = invites.create("a@example.com".parse().unwrap());
            create
                .send_with_meta()
                .await
                .map(|response| response.attempts)
        } else {
            let revoke = invites.revoke(invite);
            revoke
                .send_with_meta()
                .await
                .map(|response| response.attempts)
        };
        let end = ended(result);
        while row.closes && !server.is_over.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        attempts += end.unwrap_or_else(|(_, _, attempts)| attempts);
        found.push(end);
    }
    let requests = server.requests.load(Ordering::SeqCst);
    assert!(requests <= attempts, "{}: {requests} requests", row.name);
    found
}

/// Runs every row of the table and prints its result: for each call its attempts, kind and outcome.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_ends_the_calls_as_expected() {
    let authority = Arc::new(Authority::new());
    let mut running = JoinSet::new();
    let mut wrong = Vec::new();
    let mut rows = table::rows().into_iter().peekable();
    println!("{} rows", rows.len());
    while rows.peek().is_some() || !running.is_empty() {
        while running.len() < 24 {
            let Some(row) = rows.next() else { break };
            let authority = Arc::clone(&authority);
            running.spawn(async move {
                let (created, revoked) = row.expected;
                let found = tokio::join!(
                    calls(&authority, &row, true, created),
                    calls(&authority, &row, false, revoked),
                );
                (row, found)
            });
        }
        let (row, found) = running.join_next().await.unwrap().unwrap();
        println!("{:60} create {:?}, revoke {:?}", row.name, found.0, found.1);
        if found.0 != row.expected.0 || found.1 != row.expected.1 {
            wrong.push(format!("{}: {found:?}, not {:?}", row.name, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Starts a call with one attempt of five minutes. Returns when the server has its request.
async fn requested(
    client: &Client<HyperTransport>,
    requests: &AtomicU32,
) -> tokio::task::JoinHandle<Result<u32, Error>> {
    let client = client.clone();
    let call = tokio::spawn(async move {
        let (organization, invite) = ids();
        let call = client.organization(organization).invites().revoke(invite);
        call.send_with_meta()
            .await
            .map(|response| response.attempts)
    });
    while requests.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    call
}

/// A client with one attempt of five minutes, and the count of its requests.
fn patient(
    authority: &Authority,
    event: fn(&mut Peer),
) -> (Client<HyperTransport>, Arc<AtomicU32>) {
    let server = serve(authority, When::Asked, Arc::new(event));
    let address = server.address;
    let config = three_attempts(&format!("https://{address}")).retry(RetryPolicy::never());
    let config = config.timeout(Duration::from_secs(300));
    (Client::new(transport(authority), config), server.requests)
}

#[tokio::test]
async fn a_ping_finds_a_dead_connection_before_the_attempt_times_out() {
    let (client, requests) = patient(&Authority::new(), Peer::swallow);
    let call = requested(&client, &requests).await;
    // From here on, time passes as soon as nothing else happens.
    tokio::time::pause();
    let ended = ended(call.await.unwrap());
    assert_eq!(ended, Err((ErrorKind::Interrupted, Outcome::Unknown, 1)));
}

#[tokio::test]
async fn a_call_after_a_dropped_call_uses_another_connection() {
    let (client, requests) = patient(&Authority::new(), Peer::only_pings);
    let call = requested(&client, &requests).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let call = requested(&client, &requests).await;
    assert_eq!(ended(call.await.unwrap()), Ok(1));
}

/// Without a body, a `GOAWAY` that arrives while hyper makes the stream looks the same.
#[tokio::test]
async fn only_a_request_with_a_body_is_certain_to_be_above_a_go_away() {
    let authority = Authority::new();
    let go_away: fn(&mut Peer) = |peer| peer.go_away(0, 0);
    let refuse: fn(&mut Peer) = |peer| peer.reset(7);
    for (event, body, expected) in [
        (go_away, "{}", Delivery::Unprocessed),
        (go_away, "", Delivery::Sent),
        (refuse, "{}", Delivery::Unprocessed),
        (refuse, "", Delivery::Unprocessed),
    ] {
        let address = serve(&authority, When::Asked, Arc::new(event)).address;
        let request = http::Request::post(format!("https://{address}/"));
        let request = request.body(RequestBody::from(body)).unwrap();
        let limits = Limits::new(Duration::from_secs(60), 1 << 10);
        let error = transport(&authority)
            .send(request, &limits)
            .await
            .unwrap_err();
        assert_eq!(error.delivery(), expected, "{body}: {error:?}");
    }
}

/// Fetches a body whose parts may arrive this long after each other.
async fn fetched(
    transport: &HyperTransport,
    address: SocketAddr,
    idle: Duration,
) -> Result<Vec<u8>, TransportError> {
    let request = http::Request::get(format!("https://{address}/"));
    let request = request.body(RequestBody::empty()).unwrap();
    let transfer = TransferLimits::standard().idle(idle);
    let limits = Limits::new(Duration::from_secs(60), 64 << 10).with_transfer(transfer);
    let mut body = transport.fetch(request, &limits).await?.into_body();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await {
        bytes.extend(chunk?);
    }
    Ok(bytes)
}

#[tokio::test]
async fn a_download_after_one_that_failed_uses_a_connection_that_works() {
    use TransportErrorKind::{Interrupted, Timeout};
    let authority = Authority::new();
    let dead: fn(&mut Peer) = |peer| {
        peer.head();
        peer.part();
        peer.only_pings();
    };
    let reset: fn(&mut Peer) = |peer| {
        peer.head();
        peer.part();
        peer.reset(0);
    };
    let short = Duration::from_secs(3);
    for (event, idle, expected) in [(dead, short, Timeout), (reset, LONG, Interrupted)] {
        let address = serve(&authority, When::Asked, Arc::new(event)).address;
        let transport = transport(&authority);
        let error = fetched(&transport, address, idle).await.unwrap_err();
        assert_eq!(error.kind(), expected, "{error:?}");
        let bytes = fetched(&transport, address, LONG).await.unwrap();
        assert_eq!(bytes, INVITE.as_bytes());
    }
}

/// The last chunk ends a body, even if nobody asks for another one.
#[tokio::test]
async fn a_download_that_was_read_to_its_last_byte_leaves_its_connection() {
    let authority = Authority::new();
    let body: fn(&mut Peer) = Peer::success;
    let empty: fn(&mut Peer) = |peer| {
        peer.reply(HEADERS, END_HEADERS | END_STREAM, STATUS_200);
    };
    for (respond, chunks) in [(body, 1), (empty, 0)] {
        let streams = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&streams);
        let event = move |peer: &mut Peer| {
            seen.lock().unwrap().push(peer.stream);
            respond(peer);
        };
        let address = serve(&authority, When::Always, Arc::new(event)).address;
        let transport = transport(&authority);
        for _ in 0..2 {
            let request = http::Request::get(format!("https://{address}/"));
            let request = request.body(RequestBody::empty()).unwrap();
            let response = transport.fetch(request, &Limits::new(LONG, 64 << 10)).await;
            let mut body = response.unwrap().into_body();
            for _ in 0..chunks {
                assert_eq!(body.chunk().await.unwrap().unwrap(), INVITE);
            }
        }
        assert_eq!(*streams.lock().unwrap(), [1, 3], "{chunks} chunks");
    }
}

#[tokio::test]
async fn a_connection_that_works_is_used_again() {
    let authority = Authority::new();
    let streams = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&streams);
    let event = move |peer: &mut Peer| {
        seen.lock().unwrap().push(peer.stream);
        peer.success();
    };
    let address = serve(&authority, When::Always, Arc::new(event)).address;
    let transport = transport(&authority);
    let client = Client::new(
        transport.clone(),
        three_attempts(&format!("https://{address}")),
    );
    let (organization, invite) = ids();
    let invites = client.organization(organization).invites();
    for _ in 0..2 {
        fetched(&transport, address, LONG).await.unwrap();
        invites.revoke(invite).send().await.unwrap();
    }
    // One connection for calls, and one for downloads.
    assert_eq!(*streams.lock().unwrap(), [1, 1, 3, 3]);
}
