//! A connection below TLS. After a write of the body has failed, ureq can still read a response that the
//! server has already sent.

use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use crate::conceal;

/// How long to wait for a response from a server that stopped reading.
const EARLY_RESPONSE: Duration = Duration::from_secs(1);

/// Wraps each connection before TLS does.
#[derive(Debug)]
pub(crate) struct SocketConnector;

impl<In: Transport> Connector<In> for SocketConnector {
    type Out = Socket<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Socket<In>>, Error> {
        Ok(chained.map(|transport| Socket {
            transport,
            is_broken: false,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Socket<T> {
    transport: T,
    /// It accepts no more bytes and must not be reused.
    is_broken: bool,
}

impl<T: Transport> Transport for Socket<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    /// After a failure within the body, it pretends to send. Otherwise TLS and ureq would give up before
    /// they read the response.
    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.is_broken {
            return Ok(());
        }
        self.transport
            .transmit_output(amount, timeout)
            .or_else(|error| {
                self.is_broken = true;
                conceal::break_body(error)
            })
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, Error> {
        if !self.is_broken {
            return self.transport.await_input(timeout);
        }
        timeout.after = timeout.after.min(EARLY_RESPONSE.into());
        let arrived = self.transport.await_input(timeout);
        if matches!(arrived, Ok(true)) {
            return arrived;
        }
        // There is no response, so return the error that stopped the body.
        conceal::take_broken().map_or(arrived, Err)
    }

    fn is_open(&mut self) -> bool {
        !self.is_broken && self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// Boxes a connection to erase its type.
#[derive(Debug)]
pub(crate) struct BoxConnector;

impl<In: Transport> Connector<In> for BoxConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Box<dyn Transport>>, Error> {
        Ok(chained.map(|transport| Box::new(transport) as Box<dyn Transport>))
    }
}
