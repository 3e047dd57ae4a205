//! The example that replaces an API key, with a crash at each of its requests.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../rotate_api_key_blocking.rs"]
mod blocking;
#[allow(dead_code)]
#[path = "../rotate_api_key.rs"]
mod with_tokio;

use std::path::PathBuf;

use factify::api_keys::{ApiKey, ApiKeySecret};
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer};
use factify::{ApiKeyId, ClientConfig, OrganizationId, RetryPolicy};
use factify_examples::Failure;
use factify_examples::key_file::{KeyFile, UsedKey};

/// More requests than one run sends.
const REQUESTS: usize = 8;

type Rotate = fn(&ClientConfig, OrganizationId, &KeyFile) -> Result<ApiKeyId, Failure>;

fn with_tokio(
    config: &ClientConfig,
    organization: OrganizationId,
    file: &KeyFile,
) -> Result<ApiKeyId, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(with_tokio::rotate(config, organization, file))
}

fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("factify-rotate-{name}-{}", std::process::id()))
}

/// The active keys with the name of the admin's key.
fn active(sandbox: &Sandbox) -> Vec<ApiKey> {
    let id = sandbox.key_id(Persona::Admin);
    let mut keys = sandbox.api_keys_of(sandbox.organization_id());
    let name = keys.iter().find(|key| key.id == id).unwrap().name.clone();
    keys.retain(|key| key.name == name && key.is_active);
    keys
}

/// Returns how many runs were stopped.
fn crash_at_each_request(name: &str, rotate: Rotate) -> usize {
    let mut stopped = 0;
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        for request in 0..REQUESTS {
            let sandbox = Sandbox::builder().seed(3).build();
            let server = SandboxServer::start(sandbox.clone()).unwrap();
            let organization = sandbox.organization_id();
            let config = server.config(Persona::Admin).retry(RetryPolicy::never());
            let first = UsedKey {
                secret: ApiKeySecret::new(sandbox.key(Persona::Admin)).unwrap(),
                id: Some(sandbox.key_id(Persona::Admin)),
            };
            let file = KeyFile::open(path(name), &first).unwrap();

            let mut faults = vec![None; request];
            faults.push(Some(fault.clone()));
            sandbox.inject(FaultPlan::schedule(faults));
            stopped += usize::from(rotate(&config, organization, &file).is_err());
            // Whatever happened, the key in the file works.
            sandbox.inject(FaultPlan::default());
            let new = rotate(&config, organization, &file).unwrap();

            let active = active(&sandbox);
            assert_eq!(
                active.iter().map(|key| key.id).collect::<Vec<_>>(),
                [new],
                "{fault:?} {request}"
            );
            let config = config.token(file.read().unwrap().secret.to_token().unwrap());
            let client = factify::ureq::client(config).unwrap();
            client.organization(organization).get().send().unwrap();
            file.delete().unwrap();
        }
    }
    stopped
}

#[test]
fn a_run_after_a_crash_leaves_one_key_async() {
    assert!(crash_at_each_request("async", with_tokio) >= 8);
}

#[test]
fn a_run_after_a_crash_leaves_one_key_blocking() {
    assert!(crash_at_each_request("blocking", blocking::rotate) >= 8);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let first = UsedKey {
        secret: ApiKeySecret::new("ffy_test_example").unwrap(),
        id: None,
    };
    let file = KeyFile::open(path("mode"), &first).unwrap();
    let mode = path("mode").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    file.delete().unwrap();
}
