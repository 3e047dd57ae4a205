//! The client that the options describe.

use std::sync::Arc;
use std::time::Duration;

use factify_core::{BaseUrl, BearerToken, ClientConfig, RetryPolicy, blocking};
use factify_ureq::{Proxy, Roots, UreqTransport};

use crate::args::Global;
use crate::console::Console;
use crate::failure::Failure;
use crate::queue::{CallPace, Queue, Turn};
use crate::recorder::Recorder;

pub(crate) type Client = blocking::Client<Arc<UreqTransport>>;

/// The transport and the settings of all calls.
pub(crate) struct Connection {
    transport: Arc<UreqTransport>,
    config: ClientConfig,
    api: String,
    console: Arc<Console>,
    queue: Arc<Queue>,
}

const USER_AGENT: &str = concat!("factify-cli/", env!("CARGO_PKG_VERSION"));

/// A client for one attempt without messages.
pub(crate) fn quick(
    base_url: BaseUrl,
    key: BearerToken,
    limit: Duration,
) -> Result<Client, Failure> {
    let transport = transport(is_plaintext(&base_url))?;
    let config = ClientConfig::new(key)
        .base_url(base_url)
        .timeout(limit)
        .deadline(limit)
        .retry(RetryPolicy::never())
        .user_agent(USER_AGENT)
        .map_err(|error| Failure::local(error.to_string()))?;
    Ok(Client::new(transport, config))
}

fn is_plaintext(base_url: &BaseUrl) -> bool {
    base_url.to_string().starts_with("http://")
}

fn transport(plaintext: bool) -> Result<Arc<UreqTransport>, Failure> {
    // A server on this machine is reached directly, so an invalid proxy does not matter.
    let proxy = if plaintext {
        Proxy::Direct
    } else {
        Proxy::Environment
    };
    UreqTransport::builder()
        .roots(Roots::Platform)
        .proxy(proxy)
        .build()
        .map(Arc::new)
        .map_err(|error| Failure::usage(error.to_string()))
}

impl Connection {
    pub(crate) fn new(
        global: &Global,
        base_url: BaseUrl,
        key: BearerToken,
        console: &Arc<Console>,
        queue: &Arc<Queue>,
    ) -> Result<Self, Failure> {
        let api = base_url.to_string();
        let plaintext = is_plaintext(&base_url);
        let retry = RetryPolicy::standard().max_attempts(global.retries.saturating_add(1));
        let timeout = global.timeout;
        let config = ClientConfig::new(key)
            .base_url(base_url)
            .timeout(timeout)
            // The call has time for an attempt that takes its full timeout, and to wait for the turns of
            // the other calls.
            .deadline(timeout.saturating_mul(2).max(Duration::from_secs(120)) + queue.round())
            .retry(retry)
            .observer(console.clone())
            .user_agent(USER_AGENT)
            .map_err(|error| Failure::local(error.to_string()))?;
        Ok(Self {
            transport: transport(plaintext)?,
            config,
            api,
            console: Arc::clone(console),
            queue: Arc::clone(queue),
        })
    }

    /// The URL of the API.
    pub(crate) fn api(&self) -> &str {
        &self.api
    }

    /// A client for one call at a time.
    pub(crate) fn client(&self) -> Client {
        self.paced(None)
    }

    /// A client for a call whose first request has this turn.
    pub(crate) fn client_at(&self, turn: Turn) -> Client {
        self.paced(Some(turn))
    }

    /// A client that keeps the last response as it arrived.
    pub(crate) fn recording_client(&self) -> blocking::Client<Recorder> {
        let recorder = Recorder::new(Arc::clone(&self.transport));
        blocking::Client::new(recorder, self.paced_config(None))
    }

    fn paced(&self, turn: Option<Turn>) -> Client {
        Client::new(Arc::clone(&self.transport), self.paced_config(turn))
    }

    fn paced_config(&self, turn: Option<Turn>) -> ClientConfig {
        let pace = CallPace::new(&self.queue, &self.console, turn);
        self.config.clone().pace(Arc::new(pace))
    }
}

/// The environment variable that names the organization.
pub(crate) const ORGANIZATION: &str = "FACTIFY_ORG";
