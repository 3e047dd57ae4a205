//! The client that the options describe.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use factify_core::{
    AttemptReport, BaseUrl, BearerToken, ClientConfig, Observer, OrganizationId, RetryPolicy,
    blocking,
};
use factify_ureq::{Proxy, Roots, UreqTransport};

use crate::args::Global;
use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::pace::Pace;

pub(crate) type Client = blocking::Client<UreqTransport>;

pub(crate) fn connect(
    global: &Global,
    console: &Arc<Console>,
    pace: &Arc<Pace>,
) -> Result<Client, Failure> {
    let base_url = BaseUrl::parse(&global.base_url).map_err(|error| {
        Failure::usage(format!("{error} (from --base-url or FACTIFY_BASE_URL)"))
    })?;
    let plaintext = base_url.to_string().starts_with("http://");
    let retry = RetryPolicy::standard().max_attempts(global.retries.saturating_add(1));
    let watch = Watch {
        console: Arc::clone(console),
        pace: Arc::clone(pace),
    };
    let timeout = global.timeout;
    let config = ClientConfig::new(key(global.key_file.as_deref())?)
        .base_url(base_url)
        .timeout(timeout)
        // The call has time for an attempt that takes its full timeout.
        .deadline(timeout.saturating_mul(2).max(Duration::from_secs(120)))
        .retry(retry)
        .observer(Arc::new(watch))
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
    Ok(Client::new(transport, config))
}

/// The organization from the arguments, else from the environment.
pub(crate) fn organization(
    named: Option<OrganizationId>,
    global: &Global,
) -> Result<OrganizationId, Failure> {
    let read = |text: &str, source| {
        text.parse()
            .map_err(|error| Failure::usage(format!("{error} (from {source})")))
    };
    let option = global.org.as_deref().map(|text| read(text, "--org"));
    match (named, option.transpose()?) {
        (Some(named), Some(option)) if named != option => Err(Failure::usage(format!(
            "which organization? The argument says {named}, --org says {option}."
        ))),
        (Some(organization), _) | (None, Some(organization)) => Ok(organization),
        (None, None) => match std::env::var("FACTIFY_ORG") {
            Ok(text) if !text.is_empty() => read(&text, "FACTIFY_ORG"),
            _ => Err(Failure::usage(
                "which organization? Name it as the first argument, with --org or in FACTIFY_ORG.",
            )),
        },
    }
}

fn key(file: Option<&Path>) -> Result<BearerToken, Failure> {
    let Some(path) = file else {
        return BearerToken::from_env().map_err(|error| {
            Failure::usage(format!(
                "{error}\n  Set FACTIFY_KEY, or name a file that contains the key with --key-file."
            ))
        });
    };
    let key = input::file(path, "--key-file")?;
    BearerToken::new(key.as_str())
        .map_err(|error| Failure::usage(format!("{error} (from the file of --key-file)")))
}

/// The observers of the client's attempts.
struct Watch {
    console: Arc<Console>,
    pace: Arc<Pace>,
}

impl Observer for Watch {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        self.pace.attempted(attempt);
        self.console.attempted(attempt);
    }
}
