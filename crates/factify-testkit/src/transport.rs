//! The interface with which the tests make a transport.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{BuildError, ClientConfig, Proxy, Roots};

/// Tells the tests how to make a transport and where its library differs from others.
pub trait TestTransport {
    /// The settings of the transport.
    type Builder: fmt::Debug;
    /// The transport. Wrap an async transport in an [`OnRuntime`](crate::OnRuntime).
    type Transport: HttpTransport;

    /// Whether it supports proxies over TLS, `https://…`.
    const SPEAKS_TLS_TO_A_PROXY: bool;
    /// Whether it supports `socks4://…` and `socks://…` for a proxy.
    const SPEAKS_OTHER_SOCKS: bool;

    /// The default settings.
    fn builder() -> Self::Builder;

    /// Changes all of the settings.
    fn set(builder: Self::Builder, setup: Setup) -> Self::Builder;

    /// Makes the transport.
    fn build(builder: Self::Builder) -> Result<Self::Transport, BuildError>;

    /// Makes an async transport whose runtime runs only during a call.
    fn build_on_one_thread(builder: Self::Builder) -> Option<Self::Transport> {
        drop(builder);
        None
    }
}

/// The settings that every transport has.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The certificate authorities to trust.
    pub roots: Roots,
    /// The proxy.
    pub proxy: Proxy,
    /// The time limit for connecting.
    pub connect_timeout: Duration,
}

impl Setup {
    /// The defaults, but without a proxy.
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

    /// The same with this time limit for connecting.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }
}

/// Makes a transport, and checks that its settings show no password.
pub(crate) fn build<T: TestTransport>(setup: Setup) -> Result<T::Transport, BuildError> {
    let builder = T::set(T::builder(), setup);
    assert!(!format!("{builder:?}").contains("CANARY"));
    T::build(builder)
}

/// A client without a proxy.
pub(crate) fn direct<T: TestTransport>(config: ClientConfig) -> Client<T::Transport> {
    Client::new(build::<T>(Setup::direct()).unwrap(), config)
}

/// The base URL of a server.
pub(crate) fn url(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://{address}")
}
