//! What a server can do to an async call, over a real socket.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

use factify_core::{Client, ErrorKind, Outcome};
use factify_hyper::{HyperTransport, Proxy};

#[path = "../../factify-core/tests/support/answers.rs"]
mod answers;

fn client(address: std::net::SocketAddr) -> Client<HyperTransport> {
    let transport = HyperTransport::builder()
        .proxy(Proxy::Direct)
        .build()
        .unwrap();
    Client::new(transport, answers::config(address))
}

#[tokio::test]
async fn each_answer_has_its_kind_and_outcome() {
    for case in answers::CASES {
        let client = client(answers::serve(case));
        let (organization, invite) = answers::ids();
        let call = client.organization(organization).invites().revoke(invite);
        answers::check(case, call.send().await.map(drop));
    }
}

#[tokio::test]
async fn a_refused_connection_was_not_sent() {
    let client = client("127.0.0.1:1".parse().unwrap());
    let (organization, invite) = answers::ids();
    let call = client.organization(organization).invites().revoke(invite);
    let error = call.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, Outcome::NotApplied)
    );
}
