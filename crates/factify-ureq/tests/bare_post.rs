//! A POST without a body says that it has none.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

#[path = "../../factify-core/tests/support/bare_post.rs"]
mod bare_post;

#[test]
fn a_post_without_a_body_announces_a_length_of_zero() {
    let (config, server) = bare_post::serve();
    let client = factify_ureq::client(config).unwrap();
    assert_eq!(client.call(bare_post::operation()).send().unwrap(), "ok");
    drop(client);
    bare_post::check(&server.join().unwrap());
}
