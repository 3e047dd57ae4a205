#![no_main]

#[allow(dead_code)]
#[path = "../src/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::invite_json(data));
