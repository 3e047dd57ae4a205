//! Converts hyper's errors.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use factify_core::{TransportError, TransportErrorKind as Kind};
use http_body_util::LengthLimitError;
use hyper_util::client::legacy::Error;

use crate::connect::Failed;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Converts a failure before the head of the response. `is_unsent` says whether no connection has
/// started to send the request.
pub(crate) fn of_request(error: Error, is_unsent: bool) -> TransportError {
    if error.is_connect() {
        let failed = error.source().and_then(|it| it.downcast_ref::<Failed>());
        let cause = match failed.and_then(Failed::take) {
            Some(cause) => innermost(cause),
            None => NotConnected(error).into(),
        };
        return TransportError::not_sent(connect_kind(&*cause), cause);
    }
    if is_unsent {
        return TransportError::not_sent(Kind::Connect, NotConnected(error));
    }
    let kind = sent_kind(&error);
    TransportError::sent(kind, error)
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

/// Converts a failure in the body of the response.
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
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            if io.kind() == io::ErrorKind::TimedOut {
                return Kind::Timeout;
            }
            // The standard library has no error kind for this failure.
            if io.to_string().starts_with("failed to lookup address") {
                return Kind::Lookup;
            }
        }
    }
    Kind::Connect
}

fn sent_kind(error: &(dyn StdError + 'static)) -> Kind {
    for cause in chain(error) {
        if cause.is::<LengthLimitError>() {
            return Kind::TooLarge;
        }
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
            if hyper.is_parse() && hyper.to_string().contains("too large") {
                return Kind::TooLarge;
            }
            if hyper.is_parse() || hyper.is_parse_status() {
                return Kind::Malformed;
            }
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
fn chain<'a>(
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
