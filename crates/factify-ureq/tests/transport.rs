//! The tests for both transports, run on the blocking one.

use factify_core::BuildError;
use factify_testkit::{Setup, TestTransport, transport_tests};
use factify_ureq::{Builder, UreqTransport};

struct Ureq;

impl TestTransport for Ureq {
    type Builder = Builder;
    type Transport = UreqTransport;

    const SPEAKS_TLS_TO_A_PROXY: bool = true;
    const SPEAKS_OTHER_SOCKS: bool = true;

    fn builder() -> Builder {
        UreqTransport::builder()
    }

    fn set(builder: Builder, setup: Setup) -> Builder {
        builder
            .roots(setup.roots)
            .proxy(setup.proxy)
            .connect_timeout(setup.connect_timeout)
    }

    fn build(builder: Builder) -> Result<Self::Transport, BuildError> {
        builder.build()
    }
}

transport_tests!(Ureq);
