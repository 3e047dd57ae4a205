//! Removes interim responses (1xx) before ureq reads them. ureq refuses a `100 Continue` with header
//! fields, and RFC 9110 allows them in any interim response.

use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The most header fields of an interim response, as in ureq.
const MAX_FIELDS: usize = 128;

/// Wraps each connection after TLS does.
#[derive(Debug)]
pub(crate) struct InterimConnector;

impl<In: Transport> Connector<In> for InterimConnector {
    type Out = Interim<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Interim<In>>, Error> {
        Ok(chained.map(|transport| Interim {
            transport,
            awaits_head: false,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Interim<T> {
    transport: T,
    /// Whether the next bytes are the head of a response. A body may look like a head.
    awaits_head: bool,
}

impl<T: Transport> Transport for Interim<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.awaits_head = true;
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let arrived = self.transport.await_input(timeout)?;
        while self.awaits_head {
            let input = self.transport.buffers().input();
            match next(input) {
                Next::Interim(length) => self.transport.buffers().input_consume(length),
                Next::Partial => break,
                Next::Other => self.awaits_head = false,
            }
        }
        Ok(arrived)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// What a connection's input starts with.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// A whole interim response of this length.
    Interim(usize),
    /// The start of a head.
    Partial,
    /// The head of the final response, or something that ureq refuses.
    Other,
}

fn next(input: &[u8]) -> Next {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut response = Response::new(&mut fields);
    match response.parse(input) {
        Ok(Status::Complete(length)) => match response.code {
            // The server speaks another protocol after `101 Switching Protocols`.
            Some(100 | 102..=199) => Next::Interim(length),
            _ => Next::Other,
        },
        Ok(Status::Partial) => Next::Partial,
        Err(_) => Next::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_interim_response_is_removed() {
        for (input, expected) in [
            ("", Next::Partial),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP", Next::Interim(25)),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n\r\n", Next::Interim(31)),
            ("HTTP/1.1 199 Odd\r\n\r\n", Next::Interim(20)),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", Next::Other),
            ("HTTP/1.1 200 OK\r\n\r\n", Next::Other),
            ("HTTP/1.1 099 Odd\r\n\r\n", Next::Other),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n", Next::Partial),
            ("HTTP/1.1 200 O", Next::Partial),
            ("SSH-2.0\r\n", Next::Other),
        ] {
            assert_eq!(next(input.as_bytes()), expected, "{input}");
        }
    }
}
