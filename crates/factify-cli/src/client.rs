//! The client that the options describe.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use factify_core::{
    BaseUrl, BearerToken, ClientConfig, InvalidVariable, OrganizationId, RetryPolicy, blocking,
    environment,
};
use factify_ureq::{Proxy, Roots, UreqTransport};

use crate::args::Global;
use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::queue::{CallPace, Queue, Turn};

pub(crate) type Client = blocking::Client<Arc<UreqTransport>>;

/// The transport and the settings of all calls.
pub(crate) struct Connection {
    transport: Arc<UreqTransport>,
    config: ClientConfig,
    api: String,
    console: Arc<Console>,
    queue: Arc<Queue>,
}

impl Connection {
    pub(crate) fn new(
        global: &Global,
        console: &Arc<Console>,
        queue: &Arc<Queue>,
    ) -> Result<Self, Failure> {
        let base_url = base_url(global.base_url.as_deref())?;
        let api = base_url.to_string();
        let plaintext = api.starts_with("http://");
        let retry = RetryPolicy::standard().max_attempts(global.retries.saturating_add(1));
        let timeout = global.timeout;
        let config = ClientConfig::new(key(global.key_file.as_deref())?)
            .base_url(base_url)
            .timeout(timeout)
            // The call has time for an attempt that takes its full timeout, and to wait for the turns of
            // the other calls.
            .deadline(timeout.saturating_mul(2).max(Duration::from_secs(120)) + queue.round())
            .retry(retry)
            .observer(console.clone())
            .user_agent(concat!("factify-cli/", env!("CARGO_PKG_VERSION")))
            .map_err(|error| Failure::local(error.to_string()))?;
        // A server on this machine is reached directly, so an invalid proxy does not matter.
        let proxy = if plaintext {
            Proxy::Direct
        } else {
            Proxy::Environment
        };
        let transport = UreqTransport::builder()
            .roots(Roots::Platform)
            .proxy(proxy)
            .build()
            .map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Self {
            transport: Arc::new(transport),
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

    fn paced(&self, turn: Option<Turn>) -> Client {
        let pace = CallPace::new(&self.queue, &self.console, turn);
        let config = self.config.clone().pace(Arc::new(pace));
        Client::new(Arc::clone(&self.transport), config)
    }
}

/// The organization from the arguments, else from the environment.
pub(crate) fn organization(
    named: Option<OrganizationId>,
    global: &Global,
) -> Result<OrganizationId, Failure> {
    let option = global.org.as_deref().map(|text| {
        text.parse()
            .map_err(|error| Failure::usage(format!("{error} (from --org)")))
    });
    match (named, option.transpose()?) {
        (Some(named), Some(option)) if named != option => Err(Failure::usage(format!(
            "which organization? The argument says {named}, --org says {option}."
        ))),
        (Some(organization), _) | (None, Some(organization)) => Ok(organization),
        (None, None) => variable(environment::read(ORGANIZATION))?.ok_or_else(|| {
            Failure::usage(format!(
                "which organization? Name it as the first argument, with --org or in {ORGANIZATION}."
            ))
        }),
    }
}

/// The environment variable that names the organization.
pub(crate) const ORGANIZATION: &str = "FACTIFY_ORG";

fn variable<T>(value: Result<T, InvalidVariable>) -> Result<T, Failure> {
    value.map_err(|error| Failure::usage(error.to_string()))
}

fn base_url(option: Option<&str>) -> Result<BaseUrl, Failure> {
    match option {
        Some(text) => BaseUrl::parse(text)
            .map_err(|error| Failure::usage(format!("{error} (from --base-url)"))),
        None => Ok(variable(BaseUrl::from_env())?.unwrap_or_default()),
    }
}

fn key(file: Option<&Path>) -> Result<BearerToken, Failure> {
    let Some(path) = file else {
        return match BearerToken::from_env() {
            Err(error) if error.is_missing() => Err(Failure::usage(format!(
                "there is no API key\n  Set {}, or name a file that contains the key with --key-file.",
                error.name()
            ))),
            token => variable(token),
        };
    };
    let key = input::file(path, "--key-file")?;
    BearerToken::new(key.trim_start().lines().next().unwrap_or_default())
        .map_err(|error| Failure::usage(format!("{error} (from the file of --key-file)")))
}
