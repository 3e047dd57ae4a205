//! The blocking client inside a runtime, and shared by threads.

#![allow(clippy::unwrap_used)]

use factify_testkit::sandbox::{invite, start};

#[tokio::test]
async fn it_works_within_a_runtime() {
    // It is made, used and dropped on a thread of the runtime and on a thread for blocking code.
    let (sandbox, server, config) = start();
    let client = factify_ureq::client(config).unwrap();
    invite(&client, &sandbox, "a@example.com");
    let (other, theirs) = (client.clone(), sandbox.clone());
    let task = tokio::task::spawn_blocking(move || invite(&other, &theirs, "b@example.com"));
    task.await.unwrap();
    assert_eq!(sandbox.invites().len(), 2);
    drop((client, server));
}

#[test]
fn it_is_shared_by_threads() {
    let (sandbox, _server, config) = start();
    let client = factify_ureq::client(config).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let (client, sandbox) = (client.clone(), &sandbox);
            scope.spawn(move || {
                for n in 0..50 {
                    invite(&client, sandbox, &format!("p{thread}-{n}@example.com"));
                }
            });
        }
    });
    assert_eq!(
        (sandbox.invites().len(), sandbox.outbox().len()),
        (800, 800)
    );
}
