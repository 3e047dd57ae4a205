//! Replays the seeds of the fuzz targets.

use proptest::collection::vec;
use proptest::prelude::*;

#[path = "../../../../fuzz/src/core.rs"]
mod properties;

#[test]
fn the_seeds_pass() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");
    for (target, property) in [
        ("response", properties::response as fn(&[u8])),
        ("request", properties::request),
        ("serve", properties::serve),
        ("exchange", properties::exchange),
        ("pager", properties::pager),
        ("wait_headers", properties::wait_headers),
        ("base_url", properties::base_url),
    ] {
        let mut seeds = 0;
        for seed in std::fs::read_dir(format!("{corpus}/{target}")).unwrap() {
            property(&std::fs::read(seed.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 5, "{target} has too few seeds");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_pass(data in vec(any::<u8>(), 0..600)) {
        properties::response(&data);
        properties::request(&data);
        properties::serve(&data);
        properties::exchange(&data);
        properties::pager(&data);
        properties::wait_headers(&data);
    }

    #[test]
    fn any_base_url_passes(text in "(https?://)?[a-z0-9.:/@?#%\\[\\]-]{0,30}") {
        properties::base_url(text.as_bytes());
    }
}
