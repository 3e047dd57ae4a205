//! A connection below TLS. After a write of the body has failed, ureq can still read a response that the
//! server has already sent. A connection with unread bytes is not open.

use std::time::Duration;

use factify_core::TlsRecords;
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
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Socket<In>>, Error> {
        let is_tls = details.needs_tls();
        Ok(chained.map(|transport| Socket {
            transport,
            is_broken: false,
            records: is_tls.then(TlsRecords::default),
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Socket<T> {
    transport: T,
    /// Whether it does not accept further bytes. It must not be reused then.
    is_broken: bool,
    /// With TLS, the records that were received.
    records: Option<TlsRecords>,
}

impl<T: Transport> Socket<T> {
    fn receive(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let before = self.transport.buffers().input().len();
        let arrived = self.transport.await_input(timeout)?;
        if let Some(records) = &mut self.records {
            let input = self.transport.buffers().input();
            records.pass(input.get(before..).unwrap_or_default());
        }
        Ok(arrived)
    }

    /// Whether TLS or ureq has read all bytes that have arrived.
    fn is_clean(&mut self) -> bool {
        self.transport.buffers().input().is_empty()
            && self.records.as_ref().is_none_or(TlsRecords::is_whole)
    }
}

impl<T: Transport> Transport for Socket<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    /// After an error within the body, it pretends to send. Otherwise TLS and ureq would give up before
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
            return self.receive(timeout);
        }
        timeout.after = timeout.after.min(EARLY_RESPONSE.into());
        let arrived = self.receive(timeout);
        if matches!(arrived, Ok(true)) {
            return arrived;
        }
        // There is no response, so return the error that stopped the body.
        conceal::take_broken().map_or(arrived, Err)
    }

    fn is_open(&mut self) -> bool {
        !self.is_broken && self.is_clean() && self.transport.is_open()
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
