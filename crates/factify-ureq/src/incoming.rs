//! What ureq reads of a response. ureq is too lenient about its end, and too strict about its start:
//!
//! - It takes the end of the connection for the end of the body after an incomplete last chunk.
//! - It refuses a `100 Continue` with header fields, and RFC 9110 allows them in any interim response (1xx).
//!
//! At the level `trace`, ureq logs the bytes of a body. So it gets placeholders for a secret one: see
//! [`conceal`](crate::conceal).

use std::io::Error as IoError;

use factify_core::{MAX_INTERIMS, TooManyInterims};
use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use crate::conceal;
use crate::framing::Framing;

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
            concealed: None,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct Incoming<T> {
    transport: T,
    awaits: Awaits,
    /// The interim responses to the last request.
    interims: u32,
    /// Where the next bytes of a secret body are.
    concealed: Option<Framing>,
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
        (self.awaits, self.interims, self.concealed) = (Awaits::Head, 0, None);
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let mut seen = self.transport.buffers().input().len();
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
                Next::Final { head, chunked } => {
                    self.awaits = if chunked {
                        Awaits::Chunks
                    } else {
                        Awaits::Body
                    };
                    self.concealed = conceal::hides_response().then(|| Framing::new(chunked));
                    seen = head;
                }
                Next::Other => self.awaits = Awaits::Body,
            }
        }
        if let Some(framing) = &mut self.concealed {
            conceal_input(self.transport.buffers(), seen, framing);
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

/// Keeps the new bytes of the body for the transport, and gives ureq placeholders.
fn conceal_input(buffers: &mut dyn Buffers, seen: usize, framing: &mut Framing) {
    let mut input = buffers.input().to_vec();
    let Some(new) = input.get_mut(seen..).filter(|new| !new.is_empty()) else {
        return;
    };
    framing.content(new, conceal::keep);
    // The same number of bytes again, because those in the buffer cannot be changed.
    buffers.input_consume(input.len());
    if let Some(room) = buffers.input_append_buf().get_mut(..input.len()) {
        room.copy_from_slice(&input);
        buffers.input_appended(input.len());
    }
}

/// What a connection's input starts with.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// A whole interim response of this length.
    Interim(usize),
    /// The start of a head.
    Partial,
    /// The head of the final response, of this length.
    Final { head: usize, chunked: bool },
    /// Something that ureq refuses.
    Other,
}

fn next(input: &[u8]) -> Next {
    let mut fields = [EMPTY_HEADER; MAX_FIELDS];
    let mut response = Response::new(&mut fields);
    match response.parse(input) {
        Ok(Status::Complete(length)) => match response.code {
            // The server speaks another protocol after `101 Switching Protocols`.
            Some(100 | 102..=199) => Next::Interim(length),
            _ => Next::Final {
                head: length,
                chunked: response
                    .headers
                    .iter()
                    .any(|field| field.name.eq_ignore_ascii_case("transfer-encoding")),
            },
        },
        Ok(Status::Partial) => Next::Partial,
        Err(_) => Next::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn plain(head: usize) -> Next {
        let chunked = false;
        Next::Final { head, chunked }
    }

    #[test]
    fn only_a_whole_interim_response_is_removed() {
        for (input, expected) in [
            ("", Next::Partial),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP", Next::Interim(25)),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n\r\n", Next::Interim(31)),
            ("HTTP/1.1 199 Odd\r\n\r\n", Next::Interim(20)),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", plain(36)),
            ("HTTP/1.1 200 OK\r\n\r\n{}", plain(19)),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                Next::Final {
                    head: 47,
                    chunked: true,
                },
            ),
            ("HTTP/1.1 099 Odd\r\n\r\n", plain(20)),
            ("HTTP/1.1 100 Continue\r\nx: y\r\n", Next::Partial),
            ("HTTP/1.1 200 O", Next::Partial),
            ("SSH-2.0\r\n", Next::Other),
        ] {
            assert_eq!(next(input.as_bytes()), expected, "{input}");
        }
    }
}
