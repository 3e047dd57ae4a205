//! A connection above TLS. It finds what the server sent before ureq sends a request.

use std::fmt;
use std::io;

use ureq::Error;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Wraps each connection after TLS does.
#[derive(Debug)]
pub(crate) struct PlaintextConnector;

impl<In: Transport> Connector<In> for PlaintextConnector {
    type Out = Plaintext<In>;

    /// Fails if the server has already sent something. It does not wait. With TLS it does not read from
    /// the socket, because a server may send session tickets at any time.
    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(transport) = chained else {
            return Ok(None);
        };
        let mut plaintext = Plaintext(transport);
        if plaintext.has_input()? || !plaintext.is_tls() && !plaintext.is_open() {
            let message = "the server sent something before the request, or closed";
            return Err(Error::Io(io::Error::other(message)));
        }
        Ok(Some(plaintext))
    }
}

#[derive(Debug)]
pub(crate) struct Plaintext<T>(T);

impl<T: Transport> Plaintext<T> {
    /// Whether there are bytes that ureq has not read, in the buffers or in the TLS session.
    fn has_input(&mut self) -> Result<bool, Error> {
        if !self.0.buffers().input().is_empty() {
            return Ok(true);
        }
        // Without time, it does not read from the socket.
        let now = NextTimeout {
            after: Duration::from_secs(0),
            ..NextTimeout::default()
        };
        match self.0.await_input(now) {
            Err(Error::Timeout(_)) => Ok(false),
            // The end of the connection counts as input.
            read => read.map(|_| true),
        }
    }
}

impl<T: Transport> Transport for Plaintext<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    /// ureq takes some errors for the end of a body without a length, so this hides the kind of each.
    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.0.await_input(timeout).map_err(|error| match error {
            Error::Io(io) => Error::Io(io::Error::other(Broken(io))),
            error => error,
        })
    }

    /// ureq calls it before it keeps the connection, and again before it sends a request.
    fn is_open(&mut self) -> bool {
        matches!(self.has_input(), Ok(false)) && self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// The error of a connection.
#[derive(Debug)]
pub(crate) struct Broken(io::Error);

impl Broken {
    /// The original error.
    pub(crate) fn unwrap(error: io::Error) -> io::Error {
        match error.downcast::<Self>() {
            Ok(broken) => broken.0,
            Err(error) => error,
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, channel};

    use ureq::Agent;
    use ureq::unversioned::resolver::DefaultResolver;
    use ureq::unversioned::transport::TcpConnector;

    use super::*;
    use crate::socket::{BoxConnector, SocketConnector};

    /// Waits until the server has done something.
    #[derive(Debug)]
    struct Waits(Mutex<Receiver<()>>);

    impl<In: Transport> Connector<In> for Waits {
        type Out = In;

        fn connect(
            &self,
            _: &ConnectionDetails<'_>,
            chained: Option<In>,
        ) -> Result<Option<In>, Error> {
            self.0.lock().unwrap().recv().unwrap();
            // Gives the bytes of the server time to arrive.
            std::thread::sleep(std::time::Duration::from_millis(20));
            Ok(chained)
        }
    }

    #[test]
    fn a_request_is_sent_only_if_the_server_was_silent_before() {
        const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        for (early, closes) in [
            (&b""[..], false),
            (RESPONSE, false),
            (b"H", false),
            (b"", true),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let (done, waits) = channel();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                stream.write_all(early).unwrap();
                if closes {
                    stream.shutdown(std::net::Shutdown::Write).unwrap();
                }
                done.send(()).unwrap();
                let mut request = [0; 1024];
                let length = stream.read(&mut request).unwrap_or_default();
                let _ = stream.write_all(RESPONSE);
                length
            });
            let connector =
                ().chain(TcpConnector::default())
                    .chain(Waits(Mutex::new(waits)))
                    .chain(SocketConnector)
                    .chain(PlaintextConnector)
                    .chain(BoxConnector);
            let config = Agent::config_builder().proxy(None).build();
            let agent = Agent::with_parts(config, connector, DefaultResolver::default());
            let is_silent = early.is_empty() && !closes;
            let response = agent.get(&url).call();
            assert_eq!(response.is_ok(), is_silent, "{early:?} {closes}");
            assert_eq!(server.join().unwrap() > 0, is_silent, "{early:?} {closes}");
        }
    }
}
