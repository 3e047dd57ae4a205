//! A long run against a server that misbehaves. See `factify_testkit::soak`.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{Proxy, TransportError};
use factify_testkit::fixtures::ids;
use factify_testkit::soak::{self, Next, Resources, Soak, TASKS};
use factify_ureq::UreqTransport;

#[test]
#[ignore = "it takes 20 seconds, or FACTIFY_SOAK_SECONDS"]
fn soak() {
    soak::start();
}

#[test]
#[ignore = "run by the test above, in a separate process"]
fn client() {
    let Some(soak) = Soak::from_environment() else {
        return;
    };
    let before = Resources::now();
    let transport = UreqTransport::builder().proxy(Proxy::Direct);
    let transport = transport.roots(soak.roots.clone()).build().unwrap();
    let mut tasks = Vec::new();
    for task in 0..TASKS {
        let (soak, transport) = (Arc::clone(&soak), transport.clone());
        tasks.push(std::thread::spawn(move || run(&soak, task, &transport)));
    }
    let measured = soak.measurements().map(|wait| {
        std::thread::sleep(wait);
        Resources::now()
    });
    for task in tasks {
        task.join().unwrap();
    }
    for task in [0, 1] {
        soak.recover(&Client::new(transport.clone(), soak.config(task)));
    }
    drop(transport);
    soak.check(before, measured);
}

fn run(soak: &Soak, task: usize, transport: &UreqTransport) {
    let client = Client::new(transport, soak.config(task));
    while !soak.is_over() {
        let (next, limit) = soak.next();
        let (pause, patience) = soak.pause();
        // A thread cannot drop a call. It gives up by a deadline, or drops the rest of a response.
        let deadline = patience.unwrap_or(Duration::from_secs(9));
        match next {
            Next::Revoke(id) => {
                let invites = client.organization(ids().0).invites();
                let call = invites.revoke(id).timeout(limit).deadline(deadline);
                soak.revoked(id, Some(call.send()));
            }
            Next::Upload => {
                let call = client.call(soak::upload()).timeout(limit);
                soak.ended(Some(call.deadline(deadline).send().is_ok()));
            }
            Next::Download => {
                let (request, limits) = soak::download(soak.base_url(task), limit.min(deadline));
                let part = || -> Result<_, TransportError> {
                    let response = transport.fetch(request, &limits)?;
                    response.into_body().chunk().transpose()
                };
                let succeeded = part().is_ok();
                soak.ended(patience.is_none().then_some(succeeded));
            }
        }
        std::thread::sleep(pause);
    }
}
