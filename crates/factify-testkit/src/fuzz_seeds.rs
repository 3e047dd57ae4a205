//! Replays the seeds of the fuzz target for transports.

use crate::transport::{Setup, TestTransport, build};

#[allow(unreachable_pub)]
#[path = "../../../fuzz/src/judge.rs"]
mod judge;
#[allow(unreachable_pub)]
#[path = "../../../fuzz/src/transport.rs"]
mod properties;

/// Any bytes of a server are accepted only if they are a complete and well-formed response.
pub fn the_seeds_of_the_fuzz_target_pass<T: TestTransport>() {
    let transport = build::<T>(Setup::direct()).unwrap();
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/transport");
    let (mut successes, mut others) = (0, 0);
    for seed in std::fs::read_dir(seeds).unwrap() {
        let seed = std::fs::read(seed.unwrap().path()).unwrap();
        if properties::response(&transport, &seed) {
            successes += 1;
        } else {
            others += 1;
        }
    }
    assert!(successes >= 10 && others >= 10, "{successes}, {others}");
}
