//! What ureq's errors say about the request.

use std::io::ErrorKind;

use factify_core::{Delivery, TransportError, TransportErrorKind as Kind};
use ureq::{Error, Timeout};

use crate::connect::{NotConnected, Phase};

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
    let kind = match cause.phase {
        Phase::Lookup => lookup_kind(&cause.error),
        Phase::Connection => connection_kind(&cause.error),
    };
    let proxy = cause.proxy.as_deref();
    let error = match (cause.error, cause.limit) {
        (Error::Timeout(Timeout::Connect), Some(limit)) => {
            TransportError::not_sent(kind, format!("no connection within {limit:?}"))
        }
        (Error::Timeout(_), _) => TransportError::timed_out(Delivery::NotSent),
        (Error::ConnectProxyFailed(reason), _) => TransportError::not_sent(kind, refusal(&reason)),
        // The system's own words, without ureq's around them.
        (Error::Io(io), _) => match login(&io, cause.credentials).filter(|_| proxy.is_some()) {
            Some(words) => TransportError::not_sent(kind, words),
            // Of TLS an I/O error is only a wrapping: it says the same and is not in its `source`.
            None => match io.downcast::<rustls::Error>() {
                Ok(tls) => TransportError::not_sent(kind, tls),
                Err(io) => TransportError::not_sent(kind, io),
            },
        },
        (error, _) => TransportError::not_sent(kind, error),
    };
    match proxy {
        Some(proxy) => error.with_proxy(proxy),
        None => error,
    }
}

const WANTS_CREDENTIALS: &str = "the proxy wants credentials: none were given, or wrong ones";

/// What a proxy's response to `CONNECT` says. ureq has its status in a text alone.
fn refusal(reason: &str) -> String {
    let status = reason.strip_prefix("proxy server responded ");
    match status.and_then(|status| status.split('/').next()) {
        Some("407") => WANTS_CREDENTIALS.to_owned(),
        Some(status) => format!("the proxy refused the connection (status {status})"),
        None => "the proxy gave no response".to_owned(),
    }
}

/// What a SOCKS proxy says to one who gave credentials or none. ureq has it in a text alone.
fn login(io: &std::io::Error, credentials: bool) -> Option<&'static str> {
    match io.to_string().as_str() {
        "no acceptable auth methods" if credentials => {
            Some("the proxy takes none of the ways to log in that were offered")
        }
        "no acceptable auth methods" | "password authentication failed" => Some(WANTS_CREDENTIALS),
        _ => None,
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
        Error::Timeout(_) => return TransportError::timed_out(Delivery::Sent),
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
