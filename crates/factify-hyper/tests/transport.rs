//! The tests for both transports, run on the async one.

use factify_core::BuildError;
use factify_hyper::{Builder, HyperTransport};
use factify_testkit::{OnRuntime, Setup, TestTransport, transport_tests};

struct Hyper;

impl TestTransport for Hyper {
    type Builder = Builder;
    type Transport = OnRuntime<HyperTransport>;

    const SPEAKS_TLS_TO_A_PROXY: bool = false;
    const SPEAKS_OTHER_SOCKS: bool = false;

    fn builder() -> Builder {
        HyperTransport::builder()
    }

    fn set(builder: Builder, setup: Setup) -> Builder {
        builder
            .roots(setup.roots)
            .proxy(setup.proxy)
            .connect_timeout(setup.connect_timeout)
    }

    fn build(builder: Builder) -> Result<Self::Transport, BuildError> {
        Ok(OnRuntime::new(builder.build()?))
    }

    fn build_on_one_thread(builder: Builder) -> Option<Self::Transport> {
        builder.build().ok().map(OnRuntime::on_one_thread)
    }
}

transport_tests!(Hyper);
