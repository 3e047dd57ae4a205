//! What ureq's errors say about the request.

use std::io::ErrorKind;

use factify_core::{TransportError, TransportErrorKind as Kind};
use ureq::{Error, Timeout};

pub(crate) fn of_request(error: Error) -> TransportError {
    let not_sent = match &error {
        Error::HostNotFound => Some(Kind::Lookup),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => Some(Kind::Timeout),
        Error::ConnectProxyFailed(_) | Error::ConnectionFailed => Some(Kind::Connect),
        Error::RequireHttpsOnly(_) => Some(Kind::InsecureUrl),
        Error::Io(io) if io.kind() == ErrorKind::ConnectionRefused => Some(Kind::Connect),
        // The standard library gives this failure no kind of its own.
        Error::Io(io) if io.to_string().starts_with("failed to lookup address") => {
            Some(Kind::Lookup)
        }
        Error::Io(io) => match tls(io) {
            Some(rustls::Error::InvalidCertificate(_)) => Some(Kind::Certificate),
            Some(rustls::Error::PeerIncompatible(_)) => Some(Kind::Tls),
            _ => None,
        },
        _ => None,
    };
    match not_sent {
        Some(kind) => TransportError::not_sent(kind, error),
        None => of_body(error),
    }
}

/// From here on the server may have the request.
pub(crate) fn of_body(error: Error) -> TransportError {
    let kind = match &error {
        Error::Timeout(_) => Kind::Timeout,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => Kind::TooLarge,
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
