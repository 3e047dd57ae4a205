//! The connections that are kept for later requests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use http::Request;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::CaptureConnection;
use hyper_util::client::legacy::{Builder, Client, ResponseFuture};
use tokio::runtime::{Handle, Id};

use crate::body::OutgoingBody;
use crate::connect::{Connector, Timed};
use crate::wire::Wires;

type HyperConnector = Timed<HttpsConnector<Wires<Connector>>>;
type HyperClient = Client<HyperConnector, OutgoingBody>;

/// The maximum number of runtimes whose connections are kept.
const MAX_RUNTIMES: usize = 64;

/// Connections, separate for each runtime: a connection does not work while the runtime on which it was
/// made is not running.
pub(crate) struct Pool {
    builder: Builder,
    connector: HyperConnector,
    /// The least recently used one first.
    clients: Mutex<Vec<(Option<Id>, HyperClient)>>,
    /// Whether a response has come over HTTP/2.
    has_http2: AtomicBool,
}

impl Pool {
    pub(crate) fn new(builder: Builder, connector: HyperConnector) -> Self {
        Self {
            builder,
            connector,
            clients: Mutex::default(),
            has_http2: AtomicBool::new(false),
        }
    }

    pub(crate) fn has_http2(&self) -> bool {
        self.has_http2.load(Ordering::Acquire)
    }

    pub(crate) fn note_http2(&self) {
        self.has_http2.store(true, Ordering::Release);
    }

    /// The number of runtimes whose connections are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.clients.lock().unwrap().len()
    }

    /// Starts a request on a connection of the current runtime.
    pub(crate) fn request(&self, request: Request<OutgoingBody>) -> ResponseFuture {
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match clients.iter().position(|(of, _)| *of == runtime) {
            Some(index) => clients.remove(index).1,
            None => self.builder.build(self.connector.clone()),
        };
        let response = client.request(request);
        let is_full = clients.len() == MAX_RUNTIMES;
        let evicted = is_full.then(|| clients.remove(0));
        clients.push((runtime, client));
        drop(clients);
        // Closes its connections, which may take some time.
        drop(evicted);
        response
    }
}

/// The connection of a request. No later request uses it unless it is released: after a timeout it may
/// be dead, even if the server still responds to pings.
#[derive(Clone)]
pub(crate) struct Reserved(Option<CaptureConnection>);

impl Reserved {
    pub(crate) fn new(connection: CaptureConnection) -> Self {
        Self(Some(connection))
    }

    /// Leaves the connection to later requests.
    pub(crate) fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(captured) = &self.0 {
            if let Some(connection) = captured.connection_metadata().as_ref() {
                connection.poison();
            }
        }
    }
}
