//! Revokes in a loop, one call or many at a time, and prints the cost as a line of JSON: `revoke_loop
//! TRANSPORT URL SECONDS IN_FLIGHT`, with `hyper` or `ureq` as the transport. With 0 seconds it makes
//! one call. `revoke_loop serve` prints its URL and serves the benchmarks until its standard input
//! ends.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use factify_benches::by_hand::KEY;
use factify_benches::cost;
use factify_benches::responses::{INVITE, ORGANIZATION};
use factify_benches::server::Server;
use factify_core::{BearerToken, ClientConfig, InviteId, OrganizationId};

const ORG: OrganizationId = OrganizationId::literal(ORGANIZATION);
const INV: InviteId = InviteId::literal(INVITE);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .first()
        .is_some_and(|first| first != "hyper" && first != "ureq")
    {
        let server = Server::start();
        println!("{}", server.url);
        let _ = std::io::stdin().read_line(&mut String::new());
        return;
    }
    let [transport, url, seconds, in_flight] = arguments.as_slice() else {
        println!("usage: revoke_loop hyper|ureq URL SECONDS IN_FLIGHT");
        std::process::exit(2);
    };
    let end = Instant::now() + Duration::from_secs(seconds.parse().unwrap());
    let in_flight: u32 = in_flight.parse().unwrap();
    let config = ClientConfig::new(BearerToken::new(KEY).unwrap()).base_url(url.parse().unwrap());
    let started = Instant::now();
    let calls = if transport == "ureq" {
        blocking(config, end)
    } else {
        concurrent(config, end, in_flight)
    };
    let cpu = cost::cpu_time().as_micros();
    println!(
        "{{\"calls\":{calls},\"seconds\":{},\"cpu_us\":{cpu},\"peak_kb\":{}}}",
        started.elapsed().as_secs_f64(),
        cost::peak_memory()
    );
}

fn blocking(config: ClientConfig, end: Instant) -> u32 {
    let client = factify_ureq::client(config).unwrap();
    let mut calls = 0;
    while calls == 0 || Instant::now() < end {
        client
            .organization(ORG)
            .invites()
            .revoke(INV)
            .send()
            .unwrap();
        calls += 1;
    }
    calls
}

fn concurrent(config: ClientConfig, end: Instant, in_flight: u32) -> u32 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let calls = Rc::new(Cell::new(0));
    tokio::task::LocalSet::new().block_on(&runtime.unwrap(), async {
        let client = factify_hyper::client(config).unwrap();
        let tasks: Vec<_> = (0..in_flight)
            .map(|_| {
                let (client, calls) = (client.clone(), Rc::clone(&calls));
                tokio::task::spawn_local(async move {
                    while calls.get() == 0 || Instant::now() < end {
                        let invites = client.organization(ORG).invites();
                        invites.revoke(INV).send().await.unwrap();
                        calls.set(calls.get() + 1);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    calls.get()
}
