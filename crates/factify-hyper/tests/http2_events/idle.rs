//! The server closes a connection while it is idle.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use factify_core::Client;
use factify_testkit::Authority;
use factify_testkit::fixtures::{ids, three_attempts};
use tokio::runtime::Builder;

use crate::peer::{LAST, Peer, When, serve};
use crate::{ended, transport};

type Event = fn(&mut Peer);

/// No task can notice the close before the next call: either the runtime does not run, or its only thread is
/// busy.
#[test]
fn a_connection_that_the_server_closed_while_no_task_ran_is_not_used() {
    let authority = Authority::new();
    let events: [(&str, Event); 6] = [
        ("close", Peer::half_close_notified),
        ("close without notice", Peer::half_close),
        ("reset", Peer::abort),
        ("GOAWAY", |peer| peer.go_away(peer.stream, 0)),
        ("GOAWAY and close", |peer| {
            peer.go_away(peer.stream, 0);
            peer.half_close_notified();
        }),
        ("GOAWAY of no stream and close", |peer| {
            peer.go_away(LAST, 0);
            peer.half_close_notified();
        }),
    ];
    let mut wrong = Vec::new();
    for (name, close) in events {
        for (threads, is_busy) in [(0, false), (0, true), (1, true)] {
            let turn = Arc::new(Barrier::new(2));
            let turns = Arc::clone(&turn);
            let event = move |peer: &mut Peer| {
                peer.success();
                turns.wait();
                close(peer);
                turns.wait();
                peer.swallow();
            };
            let server = serve(&authority, When::Asked, Arc::new(event));
            let config = three_attempts(&format!("https://{}", server.address));
            let client = Client::new(transport(&authority), config);
            let create = async move || {
                let invites = client.organization(ids().0).invites();
                let create = invites.create("a@example.com".parse().unwrap());
                let found = create.send_with_meta().await;
                // Gives the tasks of the connection time to get idle.
                tokio::time::sleep(Duration::from_millis(10)).await;
                ended(found.map(|response| response.attempts))
            };
            let wait = move || {
                turn.wait();
                turn.wait();
                // Gives the bytes of the server time to arrive.
                std::thread::sleep(Duration::from_millis(20));
            };
            let mut runtime = match threads {
                0 => Builder::new_current_thread(),
                _ => Builder::new_multi_thread(),
            };
            let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
            let found = if is_busy {
                let task = async move {
                    let first = create().await;
                    wait();
                    [first, create().await]
                };
                runtime.block_on(runtime.spawn(task)).unwrap()
            } else {
                let first = runtime.block_on(create());
                wait();
                [first, runtime.block_on(create())]
            };
            let requests = server.requests.load(Ordering::SeqCst);
            if (found, requests) != ([Ok(1), Ok(1)], 2) {
                wrong.push(format!(
                    "{name}, {threads} threads, busy {is_busy}: {found:?}, {requests} requests"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
