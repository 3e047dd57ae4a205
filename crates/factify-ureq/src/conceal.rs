//! Keeps secrets out of ureq's log. At the level `trace` it dumps every byte of a request, so it is
//! given others of the same length, and the real ones take their place on the way to the socket.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

thread_local! {
    /// What belongs into the request that this thread sends.
    static REAL: RefCell<Option<Real>> = const { RefCell::new(None) };
    /// Whether this thread is making a connection, of which one to a proxy may be a part.
    static CONNECTING: Cell<bool> = const { Cell::new(false) };
}

struct Real {
    headers: HeaderMap,
    body: Bytes,
    /// How much of the body has been sent; `None` before its first byte.
    sent: Option<usize>,
}

/// Takes the secrets out of a request for as long as `send` runs: the headers that are marked
/// sensitive, and the body.
pub(crate) fn concealed<T>(request: Request<Bytes>, send: impl FnOnce(Request<Bytes>) -> T) -> T {
    let (mut head, body) = request.into_parts();
    let mut headers = HeaderMap::new();
    for (name, value) in &mut head.headers {
        if value.is_sensitive() {
            let real = std::mem::replace(value, stars(value.len()));
            headers.append(name, real);
        }
    }
    let placeholder = Bytes::from(vec![b'*'; body.len()]);
    REAL.set(Some(Real {
        headers,
        body,
        sent: None,
    }));
    let result = send(Request::from_parts(head, placeholder));
    REAL.set(None);
    result
}

fn stars(length: usize) -> HeaderValue {
    HeaderValue::from_bytes(&vec![b'*'; length]).unwrap_or(HeaderValue::from_static("*"))
}

impl Real {
    /// Puts what belongs there into the next bytes of the request.
    fn reveal(&mut self, mut out: &mut [u8]) {
        if out.first() != Some(&b'*') {
            // A head, of a second request too if there ever is one.
            self.sent = None;
        }
        while self.sent.is_none() {
            let Some(end) = out.windows(2).position(|pair| pair == b"\r\n") else {
                return;
            };
            let (line, rest) = out.split_at_mut(end);
            self.reveal_header(line);
            if line.is_empty() {
                self.sent = Some(0);
            }
            out = rest.get_mut(2..).unwrap_or_default();
        }
        let sent = self.sent.unwrap_or_default();
        let left = self.body.get(sent..).unwrap_or_default();
        for (shown, real) in out.iter_mut().zip(left) {
            *shown = *real;
        }
        self.sent = Some(sent + out.len());
    }

    fn reveal_header(&self, line: &mut [u8]) {
        for (name, value) in &self.headers {
            let start = name.as_str().len() + 2;
            let named = line.get(..start - 2) == Some(name.as_str().as_bytes());
            if let (true, Some(shown)) = (named, line.get_mut(start..)) {
                if shown.len() == value.len() && shown.iter().all(|byte| *byte == b'*') {
                    shown.copy_from_slice(value.as_bytes());
                    return;
                }
            }
        }
    }
}

/// Makes a connection, which reveals what is concealed. One to a proxy on the way does not: of
/// what goes through it, it sees the encrypted form.
pub(crate) fn revealing(
    connect: impl FnOnce() -> Result<Option<Box<dyn Transport>>, Error>,
) -> Result<Option<Box<dyn Transport>>, Error> {
    let within = CONNECTING.replace(true);
    let connected = connect();
    CONNECTING.set(within);
    let transport = connected?;
    Ok(transport.map(|transport| {
        if within {
            transport
        } else {
            Box::new(Revealing(transport))
        }
    }))
}

#[derive(Debug)]
struct Revealing(Box<dyn Transport>);

impl Transport for Revealing {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if let Some(out) = self.0.buffers().output().get_mut(..amount) {
            REAL.with_borrow_mut(|real| {
                if let Some(real) = real {
                    real.reveal(out);
                }
            });
        }
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn real() -> Real {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Bearer k"));
        Real {
            headers,
            body: Bytes::from_static(b"{}"),
            sent: None,
        }
    }

    #[test]
    fn reveals_where_it_was_concealed_and_nowhere_else() {
        let shown = b"POST / HTTP/1.1\r\nx-authorization: ********\r\nauthorization: ********\r\n\
                      x: ********\r\n\r\n**";
        let expected =
            b"POST / HTTP/1.1\r\nx-authorization: ********\r\nauthorization: Bearer k\r\n\
                         x: ********\r\n\r\n{}";
        let head = shown.len() - 2;
        // In one piece, and cut where ureq cuts: after the head, or within the body.
        for cuts in [&[][..], &[head], &[head + 1], &[head, head + 1]] {
            let (mut real, mut out) = (real(), shown.to_vec());
            let mut from = 0;
            for to in cuts.iter().copied().chain([shown.len()]) {
                real.reveal(&mut out[from..to]);
                from = to;
            }
            assert_eq!(out, expected, "{cuts:?}");
        }
    }
}
