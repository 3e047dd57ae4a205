//! What a server can do to a blocking call, over a real socket.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

use factify_core::{ErrorKind, Outcome, blocking::Client};
use factify_ureq::{Proxy, UreqTransport};

#[path = "../../factify-core/tests/support/answers.rs"]
mod answers;

fn client(address: std::net::SocketAddr) -> Client<UreqTransport> {
    let transport = UreqTransport::builder()
        .proxy(Proxy::Direct)
        .build()
        .unwrap();
    Client::new(transport, answers::config(address))
}

#[test]
fn each_answer_has_its_kind_and_outcome() {
    for case in answers::CASES {
        let client = client(answers::serve(case));
        let (organization, invite) = answers::ids();
        let call = client.organization(organization).invites().revoke(invite);
        answers::check(case, call.send().map(drop));
    }
}

#[test]
fn a_refused_connection_was_not_sent() {
    let client = client("127.0.0.1:1".parse().unwrap());
    let (organization, invite) = answers::ids();
    let call = client.organization(organization).invites().revoke(invite);
    let error = call.send().unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, Outcome::NotApplied)
    );
}
