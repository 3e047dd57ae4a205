//! Tells a failure to connect from a later one, which ureq's errors alone do not.

use std::fmt;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use crate::conceal;

/// A failure before any byte of a request was sent.
#[derive(Debug)]
pub(crate) enum NotConnected {
    Lookup(Error),
    Connection(Error),
}

impl NotConnected {
    fn into_error(self) -> Error {
        Error::Other(Box::new(self))
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lookup(error) | Self::Connection(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotConnected {}

/// ureq's resolver, with its failures marked.
#[derive(Debug, Default)]
pub(crate) struct MarkedResolver(DefaultResolver);

impl Resolver for MarkedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.0
            .resolve(uri, config, timeout)
            .map_err(|error| NotConnected::Lookup(error).into_error())
    }
}

/// ureq's connector, the TLS handshake included, with its failures marked.
#[derive(Debug, Default)]
pub(crate) struct MarkedConnector(DefaultConnector);

impl Connector for MarkedConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        conceal::revealing(|| self.0.connect(details, chained)).map_err(|error| match error {
            // A proxy's name is looked up while connecting.
            error @ Error::Other(_) => error,
            error => NotConnected::Connection(error).into_error(),
        })
    }
}
