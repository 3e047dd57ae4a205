//! The server closes a connection while it is idle.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};
use std::task::Poll;
use std::time::Duration;

use factify_core::Client;
use factify_testkit::Authority;
use factify_testkit::fixtures::{ids, three_attempts};
use tokio::runtime::Builder;

use crate::peer::{LAST, Peer, When, serve};
use crate::{ended, transport};

type Event = fn(&mut Peer);

/// When the server closes the connection.
#[derive(Debug, Clone, Copy)]
enum During {
    /// While the runtime does not run.
    Sleep,
    /// While the only thread of the runtime is busy.
    Work,
    /// While the only thread is busy, after this number of polls of the next call.
    NextCall(u32),
}

/// No task can notice the close before the next call.
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
        let next_call = (1..6).map(|polls| (0, During::NextCall(polls)));
        let times = [(0, During::Sleep), (0, During::Work), (1, During::Work)];
        for (threads, during) in times.into_iter().chain(next_call) {
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
            let found = if let During::Sleep = during {
                let first = runtime.block_on(create());
                wait();
                [first, runtime.block_on(create())]
            } else {
                let task = async move {
                    let first = create().await;
                    let mut second = pin!(create());
                    if let During::NextCall(polls) = during {
                        for _ in 0..polls {
                            let _ =
                                poll_fn(|context| Poll::Ready(second.as_mut().poll(context))).await;
                        }
                    }
                    wait();
                    [first, second.await]
                };
                runtime.block_on(runtime.spawn(task)).unwrap()
            };
            let requests = server.requests.load(Ordering::SeqCst);
            // A call that had chosen the connection needs a second attempt.
            let is_right = match found {
                [Ok(1), Ok(2)] => matches!(during, During::NextCall(_)),
                found => found == [Ok(1), Ok(1)],
            };
            if !is_right || requests != 2 {
                wrong.push(format!(
                    "{name}, {threads} threads, {during:?}: {found:?}, {requests} requests"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
