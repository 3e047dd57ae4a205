//! Converts hyper's errors.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use factify_core::{Delivery, TooManyInterims, TransportError, TransportErrorKind as Kind};
use http_body_util::LengthLimitError;
use hyper_util::client::legacy::Error;

use crate::connect::{Failed, Lookup, Unresolved};
use crate::sending::Sending;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Converts an error before the head of the response.
pub(crate) fn of_request(error: Error, sending: &Sending) -> TransportError {
    if error.is_connect() || sending.give_up() || is_unwritten(&error, sending) {
        let failed = error.source().and_then(|it| it.downcast_ref::<Failed>());
        let cause = match failed.and_then(Failed::take) {
            Some(cause) => innermost(cause),
            None => NotConnected(error).into(),
        };
        return TransportError::not_sent(connect_kind(&*cause), cause);
    }
    let kind = sent_kind(&error);
    if is_unprocessed(&error, sending) {
        return TransportError::unprocessed(kind, error);
    }
    TransportError::sent(kind, error)
}

/// Whether the connection failed before it wrote anything of the request.
fn is_unwritten(error: &(dyn StdError + 'static), sending: &Sending) -> bool {
    // hyper returns a `GOAWAY` that arrives while it is still making the stream, and may write the head of
    // the stream afterwards.
    let may_be_written =
        h2_error(error).is_some_and(h2::Error::is_go_away) && !sending.has_stream();
    sending.is_unwritten() && !may_be_written
}

fn h2_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a h2::Error> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// Whether the server says that it has not processed the request (RFC 9113, section 8.7).
fn is_unprocessed(error: &(dyn StdError + 'static), sending: &Sending) -> bool {
    let Some(error) = h2_error(error).filter(|error| error.is_remote()) else {
        return false;
    };
    if error.is_go_away() {
        // Only the streams above the last one of a `GOAWAY` get this error. But hyper also returns it
        // when the `GOAWAY` arrives while it is still making the stream, whatever its last one is.
        return sending.has_stream();
    }
    error.reason() == Some(h2::Reason::REFUSED_STREAM)
}

/// Whether the proxy may have caused the error of a call.
pub(crate) fn is_of_proxy(error: &TransportError, lookup: &Lookup) -> bool {
    error.delivery() == Delivery::NotSent && !lookup.is_pending()
}

/// Unwraps I/O errors. They repeat the inner error's message, and `source` skips that error.
fn innermost(cause: BoxError) -> BoxError {
    let io = match cause.downcast::<io::Error>() {
        Ok(io) => *io,
        Err(cause) => return cause,
    };
    let io = match io.downcast::<io::Error>() {
        Ok(inner) => return innermost(inner.into()),
        Err(io) => io,
    };
    match io.downcast::<rustls::Error>() {
        Ok(tls) => tls.into(),
        Err(io) => io.into(),
    }
}

/// hyper has closed the connection. This message replaces hyper's message.
#[derive(Debug)]
struct NotConnected(Error);

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection cannot be used")
    }
}

impl StdError for NotConnected {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// Converts an error in the body of the response.
pub(crate) fn of_body(error: BoxError) -> TransportError {
    TransportError::sent(sent_kind(&*error), error)
}

fn connect_kind(error: &(dyn StdError + 'static)) -> Kind {
    for cause in chain(error) {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return match tls {
                rustls::Error::InvalidCertificate(_) => Kind::Certificate,
                _ => Kind::Tls,
            };
        }
        if cause.is::<Unresolved>() {
            return Kind::Lookup;
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            if io.kind() == io::ErrorKind::TimedOut {
                return Kind::Timeout;
            }
            // The standard library has no error kind for it.
            if io.to_string().starts_with("failed to lookup address") {
                return Kind::Lookup;
            }
        }
    }
    Kind::Connect
}

fn sent_kind(error: &(dyn StdError + 'static)) -> Kind {
    // It is within an I/O error for invalid data, but the data is not HTTP yet.
    if chain(error).any(<dyn StdError>::is::<rustls::Error>) {
        return Kind::Interrupted;
    }
    for cause in chain(error) {
        if cause.is::<LengthLimitError>() || cause.is::<TooManyInterims>() {
            return Kind::TooLarge;
        }
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
            // The method for it exists only with the feature `server`.
            if hyper.is_parse() && hyper.to_string().contains("too large") {
                return Kind::TooLarge;
            }
            if hyper.is_parse() {
                return Kind::Malformed;
            }
        }
        if cause.downcast_ref().is_some_and(h2::Error::is_library) {
            return Kind::Malformed;
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            if matches!(
                io.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
            ) {
                return Kind::Malformed;
            }
        }
    }
    Kind::Interrupted
}

/// The causes, including those inside I/O errors, which `source` skips.
pub(crate) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    fn next<'a>(error: &&'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
        let error = *error;
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), next)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Version};
    use hyper::body::Body;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    use super::*;
    use crate::body::OutgoingBody;

    #[tokio::test]
    async fn a_request_that_no_connection_has_started_to_send_was_not_sent() {
        let client = Client::builder(TokioExecutor::new()).build_http();
        for (started, expected) in [
            (false, (Kind::Connect, Delivery::NotSent)),
            (true, (Kind::Interrupted, Delivery::Sent)),
        ] {
            let mut request = Request::new(OutgoingBody::whole(Bytes::new()));
            // hyper-util refuses this version.
            *request.version_mut() = Version::HTTP_3;
            let sending = request.body().sending();
            if started {
                let _ = request.body().size_hint();
            }
            let error = of_request(client.request(request).await.unwrap_err(), &sending);
            assert_eq!((error.kind(), error.delivery()), expected);
        }
    }

    #[test]
    fn an_unprocessed_request_is_not_a_broken_connection() {
        let error = TransportError::unprocessed(Kind::Interrupted, "a cause");
        assert_eq!(
            error.to_string(),
            "the server has not processed the request"
        );
        assert!(!is_of_proxy(&error, &Lookup::default()));
    }
}
