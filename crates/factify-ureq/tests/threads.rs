//! The blocking client leaves no thread behind. The test runs alone in its process to count threads.

#![allow(clippy::unwrap_used)]

use factify_testkit::sandbox::{invite, start};

#[test]
fn it_leaves_no_thread_behind() {
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let (sandbox, _server, config) = start();
    let client = factify_ureq::client(config).unwrap();
    let before = threads();
    for n in 0..10 {
        invite(&client, &sandbox, &format!("p{n}@example.com"));
    }
    assert!(threads() <= before, "{} threads were {before}", threads());
}
