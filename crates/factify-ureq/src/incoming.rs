//! What ureq reads of a response. ureq is too lenient about its end, and too strict about its start:
//!
//! - It takes the end of the connection for the end of the body after an incomplete last chunk.
//! - It refuses a `100 Continue` with header fields, and RFC 9110 allows them in any interim response (1xx).

use std::io::Error as IoError;

use factify_core::{MAX_INTERIMS, TooManyInterims};
use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The maximum number of header fields in a head, as in ureq.
const MAX_FIELDS: usize = 128;

/// Wraps each connection after TLS does.
#[derive(Debug)]
pub(crate) struct IncomingConnector;

impl<In: Transport> Connector<In> for IncomingConnector {
    type Out = Incoming<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Incoming<In>>, Error> {
        Ok(chained.map(|transport| Incoming {
            transport,
            awaits: Awaits::Body,
            interims: 0,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Incoming<T> {
    transport: T,
    awaits: Awaits,
    /// The interim responses to the last request.
    interims: u32,
}

/// The next bytes. A body may look like a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Head,
    Body,
    /// A body that ends before the connection does.
    Chunks,
}

impl<T: Transport> Transport for Incoming<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        (self.awaits, self.interims) = (Awaits::Head, 0);
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let arrived = self.transport.await_input(timeout)?;
        while self.awaits == Awaits::Head {
            let input = self.transport.buffers().input();
            match next(input) {
                Next::Interim(_) if self.interims == MAX_INTERIMS => {
                    return Err(Error::Other(Box::new(TooManyInterims)));
                }
                Next::Interim(length) => {
                    self.transport.buffers().input_consume(length);
                    self.interims += 1;
                }
                Next::Partial => break,
                Next::Other { chunked: false } => self.awaits = Awaits::Body,
                Next::Other { chunked: true } => self.awaits = Awaits::Chunks,
            }
        }
        if !arrived && self.awaits == Awaits::Chunks {
            return Err(Error::Io(IoError::other("the last chunk is incomplete")));
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
    Other { chunked: bool },
}

fn next(input: &[u8]) -> Next {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut response = Response::new(&mut fields);
    match response.parse(input) {
        Ok(Status::Complete(length)) => match response.code {
            // The server speaks another protocol after `101 Switching Protocols`.
            Some(100 | 102..=199) => Next::Interim(length),
            _ => Next::Other {
                chunked: response
                    .headers
                    .iter()
                    .any(|field| field.name.eq_ignore_ascii_case("transfer-encoding")),
            },
        },
        Ok(Status::Partial) => Next::Partial,
        Err(_) => Next::Other { chunked: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Next = Next::Other { chunked: false };
    const CHUNKED: Next = Next::Other { chunked: true };

    #[test]
    fn only_a_whole_interim_response_is_removed() {
        for (input, expected) in [
            ("", Next::Partial),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP", Next::Interim(25)),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n\r\n", Next::Interim(31)),
            ("HTTP/1.1 199 Odd\r\n\r\n", Next::Interim(20)),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", PLAIN),
            ("HTTP/1.1 200 OK\r\n\r\n", PLAIN),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                CHUNKED,
            ),
            ("HTTP/1.1 099 Odd\r\n\r\n", PLAIN),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n", Next::Partial),
            ("HTTP/1.1 200 O", Next::Partial),
            ("SSH-2.0\r\n", PLAIN),
        ] {
            assert_eq!(next(input.as_bytes()), expected, "{input}");
        }
    }
}
