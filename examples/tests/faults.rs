//! The sandbox's faults have the same effect without a socket and over real sockets, with both
//! transports.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use factify::invites::OrganizationInviteStatus as Status;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer};
use factify::{Error, ErrorKind, Outcome, RetryPolicy, blocking};
use http::StatusCode;

const CAP: usize = 64 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    InProcess,
    Hyper,
    Ureq,
}

/// The kind of an error and its status.
type Failed = (ErrorKind, Option<u16>);

/// Each fault, its error, and whether the request was processed.
fn cases() -> Vec<(Fault, Option<Failed>, bool)> {
    let html = |status, processed| Fault::Html { status, processed };
    let millis = Duration::from_millis;
    let failed = |kind, status| Some((kind, status));
    vec![
        (
            Fault::DropBefore,
            failed(ErrorKind::Interrupted, None),
            false,
        ),
        (Fault::DropAfter, failed(ErrorKind::Interrupted, None), true),
        (
            Fault::Truncate,
            failed(ErrorKind::Interrupted, Some(200)),
            true,
        ),
        (Fault::Hang, failed(ErrorKind::Timeout, None), true),
        (Fault::Delay(millis(20)), None, true),
        (
            Fault::Delay(millis(60_000)),
            failed(ErrorKind::Timeout, None),
            true,
        ),
        (
            Fault::RateLimited {
                retry_after: Some(9),
            },
            failed(ErrorKind::Api, Some(429)),
            false,
        ),
        (
            Fault::Unavailable { processed: false },
            failed(ErrorKind::Api, Some(503)),
            false,
        ),
        (
            Fault::Unavailable { processed: true },
            failed(ErrorKind::Api, Some(503)),
            true,
        ),
        (
            html(StatusCode::OK, true),
            failed(ErrorKind::Decode, Some(200)),
            true,
        ),
        (
            html(StatusCode::OK, false),
            failed(ErrorKind::Decode, Some(200)),
            false,
        ),
        (
            Fault::Undocumented,
            failed(ErrorKind::Decode, Some(200)),
            true,
        ),
        (Fault::UnreadableItem(0), None, true),
        (
            html(StatusCode::BAD_GATEWAY, true),
            failed(ErrorKind::Api, Some(502)),
            true,
        ),
        (
            html(StatusCode::BAD_GATEWAY, false),
            failed(ErrorKind::Api, Some(502)),
            false,
        ),
        (
            Fault::Oversized(2 * CAP),
            failed(ErrorKind::TooLarge, Some(200)),
            true,
        ),
    ]
}

fn revoke(way: Way, fault: &Fault) -> (Result<(), Error>, bool) {
    let sandbox = Sandbox::new(1);
    let organization = sandbox.organization_id();
    let setup = sandbox.blocking_client(Persona::Admin);
    let invites = setup.organization(organization).invites();
    let id = invites
        .create("a@example.com".parse().unwrap())
        .send()
        .unwrap()
        .id;

    sandbox.inject(FaultPlan::schedule([Some(fault.clone())]));
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = server
        .config(Persona::Admin)
        .timeout(match fault {
            Fault::Hang => Duration::from_millis(500),
            Fault::Delay(time) if *time > Duration::from_secs(1) => Duration::from_millis(500),
            _ => Duration::from_secs(20),
        })
        .max_response_bytes(CAP)
        .retry(RetryPolicy::never());
    let result = match way {
        Way::InProcess => {
            let client = blocking::Client::new(sandbox.transport(), config);
            client
                .organization(organization)
                .invites()
                .revoke(id)
                .send()
        }
        Way::Ureq => {
            let client = factify::ureq::client(config).unwrap();
            client
                .organization(organization)
                .invites()
                .revoke(id)
                .send()
        }
        Way::Hyper => {
            let client = factify::hyper::client(config).unwrap();
            let invites = client.organization(organization).invites();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(invites.revoke(id).send())
        }
    };
    let revoked = sandbox
        .invites()
        .iter()
        .all(|invite| invite.status == Status::Revoked);
    (result.map(drop), revoked)
}

#[test]
fn a_fault_has_the_same_effect_everywhere() {
    for (fault, failure, processed) in cases() {
        for way in [Way::InProcess, Way::Hyper, Way::Ureq] {
            let (result, revoked) = revoke(way, &fault);
            let seen = result.as_ref().err();
            let found = seen.map(|error| (error.kind(), error.status().map(|s| s.as_u16())));
            assert_eq!(found, failure, "{way:?} {fault:?}: {seen:?}");
            assert_eq!(revoked, processed, "{way:?} {fault:?}");
            match seen.map_or(Outcome::Applied, Error::outcome) {
                Outcome::Applied => assert!(revoked, "{way:?} {fault:?}"),
                Outcome::NotApplied => assert!(!revoked, "{way:?} {fault:?}"),
                Outcome::Unknown => {}
            }
        }
    }
}

#[test]
fn the_longest_timeouts_work() {
    let sandbox = Sandbox::new(1);
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let config = server
        .config(Persona::Admin)
        .timeout(Duration::MAX)
        .deadline(Duration::MAX);
    let organization = sandbox.organization_id();

    let transport = factify::ureq::UreqTransport::builder().connect_timeout(Duration::MAX);
    let client = blocking::Client::new(transport.build().unwrap(), config.clone());
    let invites = client.organization(organization).invites();
    invites.list().send().unwrap();

    let transport = factify::hyper::HyperTransport::builder().connect_timeout(Duration::MAX);
    let client = factify::Client::new(transport.build().unwrap(), config);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let invites = client.organization(organization).invites();
    runtime.unwrap().block_on(invites.list().send()).unwrap();
}
