//! Replaces an API key, blocking: creates a new one, proves that it works, stores it in a file, and makes sure
//! that the old one opens nothing.
//!
//! It is safe to run again after a crash at any point, and after any error. Another run at the same time is refused
//! on the same machine; never start one on another. It revokes every other active key with the name of the key in
//! use, because a crash may have left it: give this key a name of its own. The new key gets the
//! lifetime of the old one; set its quota yourself.
//!
//! Without `FACTIFY_KEY` it uses a sandbox that loses a response. With it: `cargo run --example
//! rotate_api_key_blocking -- org_… FILE`. `FACTIFY_KEY` is the first key; from then on the file has the key in use.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Duration;

use factify::api_keys::ApiKey;
use factify::sandbox::{Fault, FaultPlan};
use factify::ureq::UreqTransport;
use factify::{ApiKeyId, ClientConfig, OrganizationId, Timestamp};
use factify_examples::key_file::{KeyFile, UsedKey};
use factify_examples::{Failure, Place, exit, explain};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let place = Place::from_env("FILE")?;
    eprintln!("{place}");
    let Some(sandbox) = &place.sandbox else {
        let file = KeyFile::open(place.argument()?, &place.key()?)?;
        eprintln!("The key in use is that in {file}.");
        let new = rotate(&place.config, place.organization, &file)?;
        println!("{new} is in use. It is in {file}.");
        return Ok(());
    };
    let path = std::env::temp_dir().join(format!("rotate_api_key_blocking-{}", std::process::id()));
    let file = KeyFile::open(path, &place.key()?)?;
    // The second request creates the key.
    sandbox.inject(FaultPlan::schedule([None, Some(Fault::DropAfter)]));
    if let Err(failure) = rotate(&place.config, place.organization, &file) {
        println!("The first run: {}", explain(&failure));
    }
    let new = rotate(&place.config, place.organization, &file)?;
    println!("The second run: {new} is in use.");
    let keys = sandbox.api_keys_of(place.organization);
    let revoked = keys.iter().filter(|key| key.revoked_at.is_some()).count();
    println!("{revoked} keys are revoked: the old one, and the one whose secret was lost.");
    Ok(file.delete()?)
}

/// The API allows 8,760 hours. The server's clock may be a little behind.
const LONGEST_LIFE: Duration = Duration::from_secs(8_760 * 3_600 - 60);

/// Returns the ID of the new key.
///
/// # Errors
/// If it is not finished. The key in the file is valid then. Run it again.
pub(crate) fn rotate(
    config: &ClientConfig,
    organization: OrganizationId,
    file: &KeyFile,
) -> Result<ApiKeyId, Failure> {
    let key = file.read()?;
    let client = factify::ureq::client(config.clone().token(key.secret.to_token()?))?;
    // An earlier run may have crashed.
    let old = revoke_others(&client, organization, &key)?;

    let mut create = client.api_keys().create(organization, old.name);
    if let Some(end) = old.expires_at {
        let life = end.duration_since(old.created_at).unwrap_or_default();
        let life = life.min(LONGEST_LIFE);
        create = create.expires_at(Timestamp::now().checked_add(life).unwrap_or(end));
    }
    let created = create.send()?;
    let key = UsedKey {
        secret: created.secret,
        id: Some(created.api_key.id),
    };
    let client = factify::ureq::client(config.clone().token(key.secret.to_token()?))?;
    client.organization(organization).get().send()?;
    // From here on, the new key is in use.
    file.write(&key).map_err(|error| {
        format!(
            "{error}\nThe next run revokes the new key {}.",
            created.api_key.id
        )
    })?;
    Ok(revoke_others(&client, organization, &key)?.id)
}

/// Makes sure that the other keys with the name of the key in use open nothing. Returns the key in use.
fn revoke_others(
    client: &factify::blocking::Client<UreqTransport>,
    organization: OrganizationId,
    key: &UsedKey,
) -> Result<ApiKey, Failure> {
    let api_keys = client.api_keys();
    let keys = api_keys.list(organization).items();
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let active: Vec<_> = keys.into_iter().filter(|key| key.is_active).collect();
    let used = key.find(&active)?;
    for other in active {
        if other.name == used.name && other.id != used.id {
            api_keys.ensure_revoked(organization, other.id).send()?;
        }
    }
    Ok(used)
}
