//! The client that the options describe.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use factify_core::{
    ApiKey, AttemptReport, BaseUrl, ClientConfig, Observer, OrganizationId, RetryPolicy, blocking,
};
use factify_ureq::{Roots, UreqTransport};
use zeroize::Zeroizing;

use crate::args::Global;
use crate::console::Console;
use crate::failure::Failure;
use crate::pace::Pace;

/// More than any key or token has, so that a file named by mistake is not read whole.
const MAX_SECRET_BYTES: u64 = 64 << 10;

pub(crate) type Client = blocking::Client<UreqTransport>;

pub(crate) fn connect(
    global: &Global,
    console: &Arc<Console>,
    pace: &Arc<Pace>,
) -> Result<Client, Failure> {
    let base_url = BaseUrl::parse(&global.base_url)
        .map_err(|fault| Failure::usage(format!("{fault} (of --base-url or FACTIFY_BASE_URL)")))?;
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
    let transport = UreqTransport::builder()
        .roots(Roots::Platform)
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

fn key(file: Option<&Path>) -> Result<ApiKey, Failure> {
    let Some(path) = file else {
        return ApiKey::from_env().map_err(|fault| {
            Failure::usage(format!(
                "{fault}\n  Set FACTIFY_KEY, or name a file that has the key by --key-file."
            ))
        });
    };
    let key = secret_file(path, "--key-file")?;
    ApiKey::new(key.as_str())
        .map_err(|fault| Failure::usage(format!("{fault} (of the file of --key-file)")))
}

/// Reads a file that holds a secret and little else. Its name is not repeated: it may be the secret
/// itself, given by mistake.
pub(crate) fn secret_file(path: &Path, option: &str) -> Result<Zeroizing<String>, Failure> {
    File::open(path)
        .and_then(secret)
        .map_err(|fault| Failure::usage(format!("the file of {option} cannot be read: {fault}")))
}

/// Reads a secret. One that is too long is refused later, by its start.
pub(crate) fn secret(source: impl Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    source.take(MAX_SECRET_BYTES).read_to_string(&mut text)?;
    Ok(text)
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
