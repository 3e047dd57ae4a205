use std::fmt;

/// Why a proxy made no connection. All transports of this workspace use these texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyRefusal {
    /// It requires a login, or refused the one that it got.
    Login,
    /// It supports none of the methods of authentication.
    Method,
    /// It refused to connect.
    Connection,
    /// It closed the connection without a complete response.
    NoResponse,
    /// It does not speak the protocol.
    Protocol,
    /// The server's name is too long for the protocol.
    HostTooLong,
}

impl fmt::Display for ProxyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "the proxy requires credentials: they are missing or wrong",
            Self::Method => "the proxy accepts none of the offered authentication methods",
            Self::Connection => "the proxy refused the connection",
            Self::NoResponse => "the proxy did not respond",
            Self::Protocol => "the proxy does not speak the protocol of its URL",
            Self::HostTooLong => "the server's name is too long for the proxy's protocol",
        })
    }
}

impl std::error::Error for ProxyRefusal {}
