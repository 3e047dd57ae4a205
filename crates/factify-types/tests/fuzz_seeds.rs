//! Replays the seeds of the fuzz targets.

#![allow(clippy::expect_used, clippy::unwrap_used, unreachable_pub)]

#[path = "../../../fuzz/src/types.rs"]
mod properties;
#[cfg(feature = "records")]
#[path = "../../../fuzz/src/records.rs"]
mod records;

#[test]
fn the_seeds_pass() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");
    for (target, property) in [
        ("id_parse", properties::id_parse as fn(&[u8])),
        ("timestamp", properties::timestamp),
        #[cfg(feature = "records")]
        ("record", records::record),
    ] {
        let mut seeds = 0;
        for seed in std::fs::read_dir(format!("{corpus}/{target}")).unwrap() {
            property(&std::fs::read(seed.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 5, "{target} has seeds");
    }
}
