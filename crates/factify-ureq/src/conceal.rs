//! Keeps secrets out of ureq's log. At the level `trace`, ureq logs the URL and every byte of a request and of a
//! response. So ureq gets placeholders of the same length. The connection replaces those of the request with the
//! real bytes, and keeps the content of a secret response for the transport.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use factify_core::{RequestBody, SensitiveResponse, SensitiveUrl};
use http::uri::{PathAndQuery, Uri};
use http::{HeaderName, HeaderValue, Request};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

thread_local! {
    /// The request that this thread is sending.
    static UNDERWAY: RefCell<Option<Underway>> = const { RefCell::new(None) };
    /// Whether this thread is opening a connection. It may open a connection to a proxy inside.
    static CONNECTING: Cell<bool> = const { Cell::new(false) };
}

/// The real content of a request, and how much of it has been sent.
#[derive(Default)]
struct Underway {
    /// The path and query, until they are sent.
    target: Option<PathAndQuery>,
    /// The headers in the order of sending, until they are sent.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// A secret body.
    body: Option<Bytes>,
    /// How much of the body has been sent, or `None` before the body.
    position: Option<usize>,
    /// Why the rest of the body cannot be sent.
    broken: Option<Broken>,
    /// What has arrived of a secret response body.
    received: Option<Vec<u8>>,
}

enum Broken {
    /// The connection does not accept further bytes. The server may have responded.
    By(Error),
    /// The error was already reported.
    Reported,
}

/// Replaces the secrets of a request and of its response while `send` runs: the URL, headers and bodies that are
/// marked as sensitive.
pub(crate) fn concealed<T>(
    request: Request<RequestBody>,
    send: impl FnOnce(Request<RequestBody>) -> T,
) -> T {
    let (mut head, mut body) = request.into_parts();
    let mut underway = Underway::default();
    if head.extensions.get::<SensitiveResponse>().is_some() {
        underway.received = Some(Vec::new());
    }
    if head.extensions.get::<SensitiveUrl>().is_some() {
        underway.target = conceal_target(&mut head.uri);
    }
    for (name, value) in &mut head.headers {
        if value.is_sensitive() {
            let placeholder = HeaderValue::from_maybe_shared(stars(value.len()));
            let placeholder = placeholder.unwrap_or(HeaderValue::from_static("*"));
            let real = std::mem::replace(value, placeholder);
            underway.headers.push((name.clone(), real));
        }
    }
    if let Some(bytes) = body.as_bytes().filter(|_| body.is_sensitive()) {
        let placeholder = stars(bytes.len());
        underway.body = Some(bytes.clone());
        body = placeholder.into();
    }
    let _before = Before(UNDERWAY.replace(Some(underway)));
    send(Request::from_parts(head, body))
}

/// Restores the previous value, even if `send` panics.
struct Before(Option<Underway>);

impl Drop for Before {
    fn drop(&mut self) {
        UNDERWAY.set(self.0.take());
    }
}

fn stars(length: usize) -> Bytes {
    const STARS: &[u8] = &[b'*'; 256];
    match STARS.get(..length) {
        Some(stars) => Bytes::from_static(stars),
        None => vec![b'*'; length].into(),
    }
}

/// Replaces the path and query of the URL with a placeholder and returns them.
fn conceal_target(uri: &mut Uri) -> Option<PathAndQuery> {
    let mut parts = uri.clone().into_parts();
    let target = parts.path_and_query.take()?;
    let placeholder = [b"/", &*stars(target.as_str().len().saturating_sub(1))].concat();
    parts.path_and_query = PathAndQuery::from_maybe_shared(Bytes::from(placeholder)).ok();
    *uri = Uri::from_parts(parts).ok()?;
    Some(target)
}

/// Whether a write of the current body has failed on this thread's connection.
pub(crate) fn is_broken() -> bool {
    UNDERWAY.with_borrow(|sent| sent.as_ref().is_some_and(|sent| sent.broken.is_some()))
}

/// Whether the response to this thread's request is secret.
pub(crate) fn hides_response() -> bool {
    UNDERWAY.with_borrow(|sent| sent.as_ref().is_some_and(|sent| sent.received.is_some()))
}

/// Keeps a part of the body of a secret response.
pub(crate) fn keep(content: &[u8]) {
    UNDERWAY.with_borrow_mut(|sent| {
        if let Some(received) = sent.as_mut().and_then(|sent| sent.received.as_mut()) {
            received.extend_from_slice(content);
        }
    });
}

/// The real body of the response, for the placeholder that ureq returned. `None` if they do not match.
pub(crate) fn revealed(body: Vec<u8>) -> Option<Vec<u8>> {
    let received = UNDERWAY.with_borrow_mut(|sent| sent.as_mut()?.received.take());
    let Some(mut received) = received else {
        return Some(body);
    };
    let is_placeholder = body.len() <= received.len() && body.iter().all(|byte| *byte == b'*');
    // The server may have sent more than the body.
    received.truncate(body.len());
    is_placeholder.then_some(received)
}

/// Records why the rest of the body cannot be sent. Returns the error if no body is being sent.
pub(crate) fn break_body(error: Error) -> Result<(), Error> {
    UNDERWAY.with_borrow_mut(|sent| match sent {
        Some(sent) if sent.position.is_some() => {
            sent.broken = Some(Broken::By(error));
            Ok(())
        }
        _ => Err(error),
    })
}

/// Takes the reason why the rest of the body could not be sent.
pub(crate) fn take_broken() -> Option<Error> {
    let broken = UNDERWAY.with_borrow_mut(|sent| {
        let broken = sent.as_mut()?.broken.as_mut()?;
        Some(std::mem::replace(broken, Broken::Reported))
    });
    match broken? {
        Broken::By(error) => Some(error),
        Broken::Reported => None,
    }
}

impl Underway {
    /// Replaces the placeholders in the next bytes of the request. Returns `false` if the bytes are
    /// not as expected; then they must not be sent.
    fn reveal(&mut self, mut out: &mut [u8]) -> bool {
        while self.position.is_none() {
            let Some(end) = out.windows(2).position(|pair| pair == b"\r\n") else {
                return out.is_empty();
            };
            let (line, rest) = out.split_at_mut(end);
            match self.target.take() {
                Some(target) if !reveal_target(line, &target) => return false,
                Some(_) => {}
                None => self.reveal_header(line),
            }
            if line.is_empty() {
                self.position = Some(0);
            }
            out = rest.get_mut(2..).unwrap_or_default();
        }
        if !self.headers.is_empty() {
            return false;
        }
        let Some(body) = &self.body else {
            return true;
        };
        let sent = self.position.unwrap_or_default();
        let Some(next) = body.get(sent..sent + out.len()) else {
            return false;
        };
        if out.iter().any(|byte| *byte != b'*') {
            return false;
        }
        out.copy_from_slice(next);
        self.position = Some(sent + out.len());
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

/// Puts the path and query into the request line `GET /*** HTTP/1.1`.
fn reveal_target(line: &mut [u8], target: &PathAndQuery) -> bool {
    let mut words = line.split_mut(|byte| *byte == b' ');
    let shown = words.nth(1).unwrap_or_default();
    let stars = shown.strip_prefix(b"/").unwrap_or_default();
    let is_placeholder =
        shown.len() == target.as_str().len() && stars.iter().all(|byte| *byte == b'*');
    if is_placeholder {
        shown.copy_from_slice(target.as_str().as_bytes());
    }
    is_placeholder
}

/// Makes a connection that restores the concealed bytes. An inner connection to a proxy does not,
/// because it sees only encrypted bytes.
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

/// Restores the previous value, even if the connector panics.
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
        if is_broken() {
            // Encrypting it would be useless work.
            return Ok(());
        }
        let out = self.0.buffers().output().get_mut(..amount);
        let revealed = UNDERWAY.with_borrow_mut(|sent| match (sent, out) {
            (Some(sent), Some(out)) => sent.reveal(out),
            _ => true,
        });
        if !revealed {
            let message = "the request does not have the expected form";
            return Err(Error::Io(std::io::Error::other(message)));
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
    use super::{
        CONNECTING, UNDERWAY, Underway, break_body, concealed, is_broken, revealing, take_broken,
    };
    use bytes::Bytes;
    use factify_core::{PresignedUrl, RequestBody};
    use http::uri::PathAndQuery;
    use http::{HeaderValue, Request};
    use ureq::Error;

    const SHOWN: &[u8] = b"POST /******* HTTP/1.1\r\nx-authorization: ********\r\nauthorization: \
        ********\r\nx: ********\r\nauthorization: ********\r\n\r\n**";
    const REAL: &[u8] = b"POST /a?b=%2F HTTP/1.1\r\nx-authorization: ********\r\nauthorization: \
        Bearer k\r\nx: ********\r\nauthorization: Bearer l\r\n\r\n{}";

    fn real() -> Underway {
        let header = |text| (http::header::AUTHORIZATION, HeaderValue::from_static(text));
        Underway {
            target: Some(PathAndQuery::from_static("/a?b=%2F")),
            headers: vec![header("Bearer k"), header("Bearer l")],
            body: Some(Bytes::from_static(b"{}")),
            ..Underway::default()
        }
    }

    #[test]
    fn reveals_where_it_was_concealed_and_nowhere_else() {
        let head = SHOWN.len() - 2;
        // In one piece, or cut as ureq does: after a line, after the head or within the body.
        for cuts in [&[][..], &[24], &[head], &[head + 1], &[head, head + 1]] {
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
    fn a_request_that_ureq_has_changed_is_not_sent() {
        for wrong in [
            "POST /****** HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n**",
            "POST /a?b=%2F HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n**",
            "POST /******* HTTP/1.1\r\n\r\n**",
            "POST /******* HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n2\r\n**",
            "POST /******* HTTP/1.1\r\nauthorization: ********\r\nauthorization: ********\r\n\r\n***",
            "POST /******* HTTP/1.1\r\nauthorization: *******\r\nauthorization: ********\r\n\r\n**",
        ] {
            assert!(!real().reveal(&mut wrong.as_bytes().to_vec()), "{wrong}");
        }
    }

    #[test]
    fn the_url_is_concealed_if_it_is_sensitive() {
        for is_sensitive in [true, false] {
            let url = "https://example.com/a?signature=CANARY";
            let request = if is_sensitive {
                PresignedUrl::parse(url).unwrap().request()
            } else {
                Request::get(url).body(RequestBody::empty()).unwrap()
            };
            let uri = concealed(request, |request| {
                let is_kept = UNDERWAY.with_borrow(|sent| sent.as_ref().unwrap().target.is_some());
                assert_eq!(is_kept, is_sensitive);
                request.uri().to_string()
            });
            let expected = if is_sensitive {
                "https://example.com/******************"
            } else {
                "https://example.com/a?signature=CANARY"
            };
            assert_eq!(uri, expected);
        }
    }

    #[test]
    fn a_write_fails_later_only_within_a_body() {
        let request = || Request::new("{}".into());
        let failed = || Error::ConnectionFailed;
        concealed(request(), |_| {
            assert!(break_body(failed()).is_err(), "within the head");
            assert!(!is_broken() && take_broken().is_none());
            UNDERWAY.with_borrow_mut(|sent| sent.as_mut().unwrap().position = Some(0));
            assert!(break_body(failed()).is_ok());
            assert!(is_broken());
            assert!(matches!(take_broken(), Some(Error::ConnectionFailed)));
            assert!(take_broken().is_none(), "it is reported once");
            assert!(is_broken(), "nothing more can be written");
        });
        assert!(!is_broken() && break_body(failed()).is_err());
    }

    #[test]
    fn what_was_before_is_restored_after_a_panic() {
        let request = || Request::new("{}".into());
        let panic = std::panic::catch_unwind(|| concealed(request(), |_| panic!("on purpose")));
        assert!(panic.is_err());
        let connect = || revealing(|| panic!("on purpose"));
        assert!(std::panic::catch_unwind(connect).is_err());
        assert!(UNDERWAY.with_borrow(Option::is_none) && !CONNECTING.get());
        concealed(request(), |_| {
            concealed(request(), |_| ());
            assert!(
                UNDERWAY.with_borrow(Option::is_some),
                "the outer request is restored"
            );
        });
    }
}
