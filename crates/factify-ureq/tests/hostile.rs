//! What a server can do to a blocking call, over a real socket.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

use std::sync::atomic::Ordering;
use std::time::Duration;

use factify_core::{ClientConfig, ErrorKind, Outcome, blocking::Client};
use factify_ureq::{Proxy, UreqTransport};

#[path = "../../factify-core/tests/support/hostile.rs"]
mod hostile;

fn client(config: ClientConfig) -> Client<UreqTransport> {
    let transport = UreqTransport::builder().proxy(Proxy::Direct).build();
    Client::new(transport.unwrap(), config)
}

#[test]
fn each_hostility_has_its_kind_outcome_attempts_time_and_memory() {
    for case in hostile::CASES {
        let (address, requests) = hostile::serve(case);
        let client = client(hostile::config_for(case, address));
        let (organization, invite) = hostile::ids();
        let invites = client.organization(organization).invites();
        let meter = hostile::Meter::start();
        let result = invites.revoke(invite).send().map(drop);
        hostile::check(case, &meter, &requests, result);
    }
}

#[test]
fn a_pooled_connection_that_died_costs_no_second_email() {
    let (address, requests) = hostile::closes_idle_connections();
    let client = client(hostile::config(address));
    let invites = client.organization(hostile::ids().0).invites();
    let mut answered = 0;
    for sent in 1..=20 {
        let create = invites.create("a@example.com".parse().unwrap());
        match create.send() {
            Ok(_) => answered += 1,
            // It was closed while the request was on its way.
            Err(error) => {
                let found = (error.outcome(), error.attempts());
                assert_eq!(found, (Outcome::Unknown, 1), "{error:?}");
            }
        }
        assert!(
            requests.load(Ordering::SeqCst) <= sent,
            "an email was sent twice"
        );
        // Some find the connection closed already, some while it is being closed.
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(answered > 10, "{answered} of 20 were answered");
}

#[test]
fn the_key_follows_no_redirect() {
    let statuses = [301, 302, 303, 307, 308].into_iter();
    for (status, elsewhere) in statuses.flat_map(|status| [(status, true), (status, false)]) {
        let (address, arrived) = hostile::redirects(status, elsewhere);
        let client = client(hostile::config(address));
        let (organization, invite) = hostile::ids();
        let call = client.organization(organization).invites().revoke(invite);
        let error = call.send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(arrived.load(Ordering::SeqCst), 0);
    }
}
