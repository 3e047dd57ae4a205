//! Converts ureq's errors.

use std::io::ErrorKind;

use factify_core::proxy::ProxyRefusal;
use factify_core::{Delivery, TooManyInterims, TransportError, TransportErrorKind as Kind};
use ureq::{Error, Timeout};

use crate::connect::{NotConnected, Phase};
use crate::plaintext::Broken;

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
        (Error::Other(cause), _) => TransportError::not_sent(kind, cause),
        // The system's message without ureq's prefix. An I/O error from TLS repeats the TLS error, and its
        // `source` skips that error.
        (Error::Io(io), _) => match io.downcast::<rustls::Error>() {
            Ok(tls) => TransportError::not_sent(kind, tls),
            Err(io) => TransportError::not_sent(kind, io),
        },
        (error, _) => TransportError::not_sent(kind, error),
    };
    match proxy {
        Some(proxy) => error.with_proxy(proxy),
        None => error,
    }
}

/// Describes a proxy's response to `CONNECT`. ureq has the status only in a text.
fn refusal(reason: &str) -> ProxyRefusal {
    match reason.strip_prefix("proxy server responded ") {
        Some(status) if status.starts_with("407") => ProxyRefusal::Login,
        Some(_) => ProxyRefusal::Connection,
        None => ProxyRefusal::NoResponse,
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

/// Converts an error after the server may have received the request.
pub(crate) fn of_body(error: Error) -> TransportError {
    let error = match error {
        Error::Io(io) => Error::Io(Broken::unwrap(io)),
        error => error,
    };
    let kind = match &error {
        Error::Timeout(_) => return TransportError::timed_out(Delivery::Sent),
        Error::Other(cause) if cause.is::<TooManyInterims>() => Kind::TooLarge,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => Kind::TooLarge,
        // The variant is private.
        Error::Protocol(cause) if cause.to_string().contains("too many headers") => Kind::TooLarge,
        Error::Protocol(_) | Error::Http(_) => Kind::Malformed,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_a_connection_has_its_kind() {
        let io = |kind: ErrorKind| Error::Io(kind.into());
        let tls = |error: rustls::Error| Error::Io(std::io::Error::other(error));
        let certificate = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        for (error, kind) in [
            (Error::Tls("no provider"), Kind::Tls),
            (Error::Rustls(rustls::Error::DecryptError), Kind::Tls),
            (tls(rustls::Error::DecryptError), Kind::Tls),
            (tls(certificate), Kind::Certificate),
            (io(ErrorKind::TimedOut), Kind::Timeout),
            (io(ErrorKind::ConnectionRefused), Kind::Connect),
            (Error::ConnectionFailed, Kind::Connect),
        ] {
            assert_eq!(connection_kind(&error), kind, "{error:?}");
        }
        let resolve = Error::Timeout(ureq::Timeout::Resolve);
        assert_eq!(lookup_kind(&resolve), Kind::Timeout);
        assert_eq!(lookup_kind(&Error::HostNotFound), Kind::Lookup);
    }

    #[test]
    fn each_error_after_the_request_has_its_kind() {
        let io = |kind: ErrorKind| Error::Io(kind.into());
        let other = |error: &'static str| Error::Other(error.into());
        for (error, kind) in [
            (io(ErrorKind::TimedOut), Kind::Timeout),
            (io(ErrorKind::WouldBlock), Kind::Timeout),
            (io(ErrorKind::ConnectionReset), Kind::Interrupted),
            (io(ErrorKind::UnexpectedEof), Kind::Interrupted),
            (Error::Timeout(ureq::Timeout::RecvBody), Kind::Timeout),
            (Error::BodyExceedsLimit(7), Kind::TooLarge),
            (Error::LargeResponseHeader(7, 6), Kind::TooLarge),
            (Error::Other(Box::new(TooManyInterims)), Kind::TooLarge),
            (other("another one"), Kind::Other),
        ] {
            let shown = format!("{error:?}");
            let error = of_body(error);
            let found = (error.kind(), error.delivery());
            assert_eq!(found, (kind, Delivery::Sent), "{shown}");
        }
    }
}
