//! Backs up all documents of the organization to a directory: the original files of their current versions, and a
//! manifest with their titles.
//!
//! You can interrupt it at any time and run it again: it skips what is in the backup and undamaged. A new version of a
//! document becomes another file. Documents in the trash are not downloaded, but what was saved of them stays. A document
//! whose processing goes on or has failed has an original file too. If a download fails, the others go on.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it: `cargo run --example back_up -- DIRECTORY`. The key must be one of
//! an admin: others do not see all documents.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use factify::documents::{Document, DocumentSort};
use factify::hyper::HyperTransport;
use factify::{Client, ClientConfig, LocalPace, Upload};
use factify_examples::backup::Backup;
use factify_examples::{FILES, Failure, Place, exit, path};
use futures_util::StreamExt;

/// The number of downloads at the same time.
const AT_ONCE: usize = 4;

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let (config, sandbox) = Place::config("DIRECTORY")?;
    let Some(place) = sandbox else {
        let directory = path(1).ok_or("give the argument DIRECTORY")?;
        println!("{}.", back_up(config, &directory).await?);
        return Ok(());
    };
    eprintln!("{place}");
    let directory = std::env::temp_dir().join(format!("back_up-{}", std::process::id()));
    let client = factify::hyper::client(config.clone())?;
    for (name, content) in FILES {
        let file = Upload::bytes(name, content);
        client.documents().create(file, name).send().await?;
        println!("{}.", back_up(config.clone(), &directory).await?);
    }
    Ok(std::fs::remove_dir_all(directory)?)
}

/// Returns a summary.
///
/// # Errors
/// If not everything is saved. Run it again.
pub(crate) async fn back_up(config: ClientConfig, directory: &Path) -> Result<String, Failure> {
    let backup = Arc::new(Backup::open(directory)?);
    let client = factify::hyper::client(config.pace(Arc::new(LocalPace::new())))?;
    // New documents are at the end, so they move none to another page.
    let oldest_first = DocumentSort::CreatedAt;
    let documents = client.documents().list().organization_scope(true);
    let documents = documents.sort(oldest_first).page_size(100).items();
    let tasks = documents.map(|document| {
        let (client, backup) = (client.clone(), Arc::clone(&backup));
        tokio::spawn(async move {
            match document {
                Ok(document) => {
                    let result = save(&client, &backup, &document).await;
                    backup.count(document.id.as_str(), &result);
                }
                Err(error) => backup.count("the list", &Err(error.into())),
            }
        })
    });
    let mut tasks = tasks.buffer_unordered(AT_ONCE);
    while let Some(ended) = tasks.next().await {
        ended?;
    }
    backup.finish()
}

/// Returns whether there was something to save.
async fn save(
    client: &Client<HyperTransport>,
    backup: &Backup,
    document: &Document,
) -> Result<bool, Failure> {
    // Reading a file would block the runtime.
    let missing = tokio::task::block_in_place(|| backup.missing(document))?;
    let Some(file) = missing else {
        return Ok(false);
    };
    let download = client.document(document.id).download();
    let download = download.version_id(file.version_id);
    let bytes = download.to_file(&file.path).await?;
    tokio::task::block_in_place(|| backup.add(document, file, bytes))?;
    Ok(true)
}
