//! What ureq's errors say about the request.

use std::io::ErrorKind;

use factify_core::{TransportError, TransportErrorKind as Kind};
use ureq::Error;

use crate::connect::NotConnected;

pub(crate) fn of_request(error: Error) -> TransportError {
    match error {
        Error::Other(cause) => match cause.downcast::<NotConnected>() {
            Ok(cause) => of_connection(*cause),
            Err(cause) => of_body(Error::Other(cause)),
        },
        Error::RequireHttpsOnly(_) => TransportError::not_sent(Kind::InsecureUrl, error),
        Error::HostNotFound => TransportError::not_sent(Kind::Lookup, error),
        error => of_body(error),
    }
}

fn of_connection(cause: NotConnected) -> TransportError {
    let (kind, error) = match cause {
        NotConnected::Lookup(error) => (lookup_kind(&error), error),
        NotConnected::Connection(error) => (connection_kind(&error), error),
    };
    match error {
        // The system's own words, without ureq's around them.
        Error::Io(io) => TransportError::not_sent(kind, io),
        error => TransportError::not_sent(kind, error),
    }
}

fn lookup_kind(error: &Error) -> Kind {
    match error {
        Error::Timeout(_) => Kind::Timeout,
        _ => Kind::Lookup,
    }
}

fn connection_kind(error: &Error) -> Kind {
    match error {
        Error::Timeout(_) => Kind::Timeout,
        Error::Tls(_) | Error::Rustls(_) => Kind::Tls,
        Error::Io(io) => match tls(io) {
            Some(rustls::Error::InvalidCertificate(_)) => Kind::Certificate,
            Some(_) => Kind::Tls,
            None if io.kind() == ErrorKind::TimedOut => Kind::Timeout,
            None => Kind::Connect,
        },
        _ => Kind::Connect,
    }
}

/// From here on the server may have the request.
pub(crate) fn of_body(error: Error) -> TransportError {
    let kind = match &error {
        Error::Timeout(_) => Kind::Timeout,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => Kind::TooLarge,
        // The variant is not within reach.
        Error::Protocol(cause) if cause.to_string().contains("too many headers") => Kind::TooLarge,
        Error::Protocol(_) | Error::Http(_) => Kind::Malformed,
        Error::Io(io) if tls(io).is_some() => Kind::Tls,
        Error::Io(io) => match io.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Kind::Timeout,
            _ => Kind::Interrupted,
        },
        _ => Kind::Other,
    };
    TransportError::sent(kind, error)
}

fn tls(io: &std::io::Error) -> Option<&rustls::Error> {
    io.get_ref()?.downcast_ref()
}
