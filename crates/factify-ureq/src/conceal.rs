//! Keeps secrets out of ureq's log. At the level `trace` it dumps every byte of a request, so it is
//! given others of the same length, and the real ones take their place on the way to the socket.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

thread_local! {
    /// What belongs into the request that this thread sends.
    static REAL: RefCell<Option<Real>> = const { RefCell::new(None) };
    /// Whether this thread is opening a connection. One to a proxy may be opened inside it.
    static CONNECTING: Cell<bool> = const { Cell::new(false) };
}

struct Real {
    /// In their order on the wire.
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    /// How much of the body has been sent; `None` while the head is.
    sent: Option<usize>,
}

/// Takes the secrets out of a request for as long as `send` runs: the headers that are marked
/// sensitive, and the body.
pub(crate) fn concealed<T>(request: Request<Bytes>, send: impl FnOnce(Request<Bytes>) -> T) -> T {
    let (mut head, body) = request.into_parts();
    let mut headers = Vec::new();
    for (name, value) in &mut head.headers {
        if value.is_sensitive() {
            let placeholder = HeaderValue::from_maybe_shared(stars(value.len()));
            let placeholder = placeholder.unwrap_or(HeaderValue::from_static("*"));
            let real = std::mem::replace(value, placeholder);
            headers.push((name.clone(), real));
        }
    }
    let placeholder = stars(body.len());
    let real = Real {
        headers,
        body,
        sent: None,
    };
    let _before = Before(REAL.replace(Some(real)));
    send(Request::from_parts(head, placeholder))
}

/// Restores what was before, also when `send` panics.
struct Before(Option<Real>);

impl Drop for Before {
    fn drop(&mut self) {
        REAL.set(self.0.take());
    }
}

fn stars(length: usize) -> Bytes {
    const STARS: &[u8] = &[b'*'; 256];
    match STARS.get(..length) {
        Some(stars) => Bytes::from_static(stars),
        None => vec![b'*'; length].into(),
    }
}

impl Real {
    /// Puts what belongs there into the next bytes of the request. `false` when they are not what
    /// they should be: then nothing may be sent.
    fn reveal(&mut self, mut out: &mut [u8]) -> bool {
        while self.sent.is_none() {
            let Some(end) = out.windows(2).position(|pair| pair == b"\r\n") else {
                return out.is_empty();
            };
            let (line, rest) = out.split_at_mut(end);
            self.reveal_header(line);
            if line.is_empty() {
                self.sent = Some(0);
            }
            out = rest.get_mut(2..).unwrap_or_default();
        }
        let sent = self.sent.unwrap_or_default();
        let Some(next) = self.body.get(sent..sent + out.len()) else {
            return false;
        };
        if !self.headers.is_empty() || out.iter().any(|byte| *byte != b'*') {
            return false;
        }
        out.copy_from_slice(next);
        self.sent = Some(sent + out.len());
        true
    }

    fn reveal_header(&mut self, line: &mut [u8]) {
        let belongs = |(name, value): &(HeaderName, HeaderValue)| {
            line.strip_prefix(name.as_str().as_bytes())
                .and_then(|line| line.strip_prefix(b": "))
                .is_some_and(|shown| {
                    shown.len() == value.len() && shown.iter().all(|byte| *byte == b'*')
                })
        };
        if let Some(at) = self.headers.iter().position(belongs) {
            let (name, value) = self.headers.remove(at);
            if let Some(shown) = line.get_mut(name.as_str().len() + 2..) {
                shown.copy_from_slice(value.as_bytes());
            }
        }
    }
}

/// Makes a connection, which reveals what is concealed. One to a proxy on the way does not: of
/// what goes through it, it sees the encrypted form.
pub(crate) fn revealing(
    connect: impl FnOnce() -> Result<Option<Box<dyn Transport>>, Error>,
) -> Result<Option<Box<dyn Transport>>, Error> {
    let within = Within(CONNECTING.replace(true));
    let connected = connect()?;
    Ok(connected.map(|transport| {
        if within.0 {
            transport
        } else {
            Box::new(Revealing(transport))
        }
    }))
}

/// Restores what was before, also when the connector panics.
struct Within(bool);

impl Drop for Within {
    fn drop(&mut self) {
        CONNECTING.set(self.0);
    }
}

#[derive(Debug)]
struct Revealing(Box<dyn Transport>);

impl Transport for Revealing {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let out = self.0.buffers().output().get_mut(..amount);
        let revealed = REAL.with_borrow_mut(|real| match (real, out) {
            (Some(real), Some(out)) => real.reveal(out),
            _ => true,
        });
        if !revealed {
            let fault = "the request is not in the form that it was given";
            return Err(Error::Io(std::io::Error::other(fault)));
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
#[allow(clippy::indexing_slicing, clippy::panic)]
mod tests {
    use super::{CONNECTING, Real, concealed, revealing};
    use bytes::Bytes;
    use http::{HeaderValue, Request};

    const SHOWN: &[u8] = b"POST / HTTP/1.1\r\nx-authorization: ********\r\nauthorization: \
        ********\r\nx: ********\r\nauthorization: ********\r\n\r\n**";
    const REAL: &[u8] = b"POST / HTTP/1.1\r\nx-authorization: ********\r\nauthorization: \
        Bearer k\r\nx: ********\r\nauthorization: Bearer l\r\n\r\n{}";

    fn real() -> Real {
        let header = |text| (http::header::AUTHORIZATION, HeaderValue::from_static(text));
        Real {
            headers: vec![header("Bearer k"), header("Bearer l")],
            body: Bytes::from_static(b"{}"),
            sent: None,
        }
    }

    #[test]
    fn reveals_where_it_was_concealed_and_nowhere_else() {
        let head = SHOWN.len() - 2;
        // In one piece, and cut where ureq cuts: after a line, after the head, or within the body.
        for cuts in [&[][..], &[17], &[head], &[head + 1], &[head, head + 1]] {
            let (mut real, mut out) = (real(), SHOWN.to_vec());
            let mut from = 0;
            for to in cuts.iter().copied().chain([SHOWN.len()]) {
                assert!(real.reveal(&mut out[from..to]), "{cuts:?}");
                from = to;
            }
            assert_eq!(out, REAL, "{cuts:?}");
        }
    }

    #[test]
    fn sends_nothing_that_is_not_as_it_was_given() {
        for wrong in [
            "POST / HTTP/1.1\r\n\r\n**",
            "POST / HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n2\r\n**",
            "POST / HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n***",
            "POST / HTTP/1.1\r\nauthorization: *******\r\nauthorization: ********\r\n\r\n**",
        ] {
            assert!(!real().reveal(&mut wrong.as_bytes().to_vec()), "{wrong}");
        }
    }

    #[test]
    fn what_was_before_is_restored_after_a_panic() {
        let request = || Request::new(Bytes::from_static(b"{}"));
        let panic = std::panic::catch_unwind(|| concealed(request(), |_| panic!("on purpose")));
        assert!(panic.is_err());
        let connect = || revealing(|| panic!("on purpose"));
        assert!(std::panic::catch_unwind(connect).is_err());
        assert!(super::REAL.with_borrow(Option::is_none) && !CONNECTING.get());
        concealed(request(), |_| {
            concealed(request(), |_| ());
            assert!(
                super::REAL.with_borrow(Option::is_some),
                "the outer one is there again"
            );
        });
    }
}
