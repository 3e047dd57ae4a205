//! How the tests make a transport.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{BuildError, ClientConfig, Proxy, Roots};

/// A transport as the tests need it: how it is made, and where its library differs from others.
pub trait TestTransport {
    /// The settings of the transport.
    type Builder: fmt::Debug;
    /// The transport. An async one goes into an [`OnRuntime`](crate::OnRuntime).
    type Transport: HttpTransport;

    /// Whether it reaches a proxy over TLS, by `https://…`.
    const SPEAKS_TLS_TO_A_PROXY: bool;
    /// Whether it takes `socks4://…` and `socks://…` for a proxy.
    const SPEAKS_OTHER_SOCKS: bool;
    /// Whether an entry of `NO_PROXY` such as `10.0.0.0/8` exempts all hosts of this network.
    const EXEMPTS_NETWORKS: bool;

    /// The settings that a user begins with.
    fn builder() -> Self::Builder;

    /// Changes all of the settings.
    fn set(builder: Self::Builder, setup: Setup) -> Self::Builder;

    /// Makes the transport.
    fn build(builder: Self::Builder) -> Result<Self::Transport, BuildError>;
}

/// The settings that every transport has.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Which authorities it trusts.
    pub roots: Roots,
    /// Which proxy it goes through.
    pub proxy: Proxy,
    /// The longest time to connect.
    pub connect_timeout: Duration,
}

impl Setup {
    /// Without a proxy, and otherwise what a user begins with.
    pub const fn direct() -> Self {
        Self {
            roots: Roots::WebPki,
            proxy: Proxy::Direct,
            connect_timeout: Duration::from_secs(10),
        }
    }

    /// The same with this proxy.
    #[must_use]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// The same with these authorities.
    #[must_use]
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// The same with this time to connect.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }
}

/// Makes a transport of this setup, whose settings show no password.
pub(crate) fn build<T: TestTransport>(setup: Setup) -> Result<T::Transport, BuildError> {
    let builder = T::set(T::builder(), setup);
    assert!(!format!("{builder:?}").contains("CANARY"));
    T::build(builder)
}

/// A client that goes through no proxy.
pub(crate) fn direct<T: TestTransport>(config: ClientConfig) -> Client<T::Transport> {
    Client::new(build::<T>(Setup::direct()).unwrap(), config)
}

/// The base URL of a server.
pub(crate) fn url(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://{address}")
}
