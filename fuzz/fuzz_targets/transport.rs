#![no_main]

use std::sync::LazyLock;

use factify_hyper::HyperTransport;
use factify_testkit::OnRuntime;
use factify_ureq::UreqTransport;

static HYPER: LazyLock<OnRuntime<HyperTransport>> =
    LazyLock::new(|| OnRuntime::new(HyperTransport::builder().build().expect("a transport")));
static UREQ: LazyLock<UreqTransport> =
    LazyLock::new(|| UreqTransport::builder().build().expect("a transport"));

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    factify_fuzz::transport::response(&*HYPER, data);
    factify_fuzz::transport::response(&*UREQ, data);
});
