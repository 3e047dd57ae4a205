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
    let base_url = BaseUrl::parse(&global.base_url)
        .map_err(|fault| Failure::usage(format!("{fault} (of --base-url or FACTIFY_BASE_URL)")))?;
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
        // A call has room for an attempt that takes its whole time.
        .deadline(timeout.saturating_mul(2).max(Duration::from_secs(120)))
        .retry(retry)
        .observer(Arc::new(watch))
        .user_agent(concat!("factify-cli/", env!("CARGO_PKG_VERSION")))
        .map_err(|fault| Failure::local(fault.to_string()))?;
    // An unusable proxy is nothing to a server on this machine, which is reached directly.
    let proxy = if plaintext {
        Proxy::Direct
    } else {
        Proxy::Environment
    };
    let transport = UreqTransport::builder()
        .roots(Roots::Platform)
        .proxy(proxy)
        .build()
        .map_err(|fault| Failure::usage(fault.to_string()))?;
    Ok(Client::new(transport, config))
}

/// The organization that the arguments or else the environment name.
pub(crate) fn organization(
    named: Option<OrganizationId>,
    global: &Global,
) -> Result<OrganizationId, Failure> {
    let read = |text: &str, source| {
        text.parse()
            .map_err(|fault| Failure::usage(format!("{fault} (of {source})")))
    };
    let option = global.org.as_deref().map(|text| read(text, "--org"));
    match (named, option.transpose()?) {
        (Some(named), Some(option)) if named != option => Err(Failure::usage(format!(
            "which organization? The argument says {named}, and --org {option}."
        ))),
        (Some(organization), _) | (None, Some(organization)) => Ok(organization),
        (None, None) => match std::env::var("FACTIFY_ORG") {
            Ok(text) if !text.is_empty() => read(&text, "FACTIFY_ORG"),
            _ => Err(Failure::usage(
                "which organization? Name it as the first argument, by --org or in FACTIFY_ORG.",
            )),
        },
    }
}

fn key(file: Option<&Path>) -> Result<BearerToken, Failure> {
    let Some(path) = file else {
        return BearerToken::from_env().map_err(|fault| {
            Failure::usage(format!(
                "{fault}\n  Set FACTIFY_KEY, or name a file that has the key by --key-file."
            ))
        });
    };
    let key = input::file(path, "--key-file")?;
    BearerToken::new(key.as_str())
        .map_err(|fault| Failure::usage(format!("{fault} (of the file of --key-file)")))
}

/// Who is told about the attempts of the client.
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
