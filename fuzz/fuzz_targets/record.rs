#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| factify_fuzz::records::record(data));
