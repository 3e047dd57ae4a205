//! Uploads the files of a folder, a few at a time, with progress. The title of each document is the name of its file.
//!
//! You can interrupt it at any time and run it again: it goes on, and uploads no file twice. A journal beside the folder
//! has what was begun and what is done. If a response was lost, the next run looks for the document, and compares its
//! content. If it cannot decide, it says so and leaves the file out. A file that changed after its upload is left out
//! too: upload it as a new version of the document, or under another name.
//!
//! Without `FACTIFY_KEY` it uses a sandbox that loses a response. With it: `cargo run --example upload_folder -- FOLDER
//! [JOURNAL]`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use factify::hyper::HyperTransport;
use factify::sandbox::{Fault, FaultPlan};
use factify::{Client, ClientConfig, DocumentId, LocalPace, Outcome, Upload};
use factify_examples::sha256::Sha256;
use factify_examples::uploads::{Begun, Content, Next, SETTLED_AFTER, Uploads};
use factify_examples::{FILES, Failure, Place, exit, explain, path};
use futures_util::{StreamExt, stream};

/// The number of uploads at the same time.
const AT_ONCE: usize = 4;

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let (config, sandbox) = Place::config("FOLDER [JOURNAL]")?;
    let Some(place) = sandbox else {
        let folder = path(1).ok_or("give the arguments FOLDER [JOURNAL]")?;
        let summary = upload_folder(config, &folder, path(2), SETTLED_AFTER).await?;
        println!("{summary}.");
        return Ok(());
    };
    eprintln!("{place}");
    let directory = std::env::temp_dir().join(format!("upload_folder-{}", std::process::id()));
    let folder = directory.join("folder");
    std::fs::create_dir_all(&folder)?;
    for (name, content) in FILES {
        std::fs::write(folder.join(name), content)?;
    }
    if let Some(sandbox) = &place.sandbox {
        println!("The sandbox loses the first response, to show that no file is uploaded twice.");
        sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
    }
    for _ in 0..2 {
        match upload_folder(config.clone(), &folder, None, Duration::ZERO).await {
            Ok(summary) => println!("{summary}."),
            Err(failure) => println!("{}.", explain(&failure)),
        }
    }
    Ok(std::fs::remove_dir_all(directory)?)
}

/// Returns a summary. A request whose client has stopped may be under way for `settled_after`.
///
/// # Errors
/// If a file was left out. Run it again.
pub(crate) async fn upload_folder(
    config: ClientConfig,
    folder: &Path,
    journal: Option<PathBuf>,
    settled_after: Duration,
) -> Result<String, Failure> {
    let uploads = Arc::new(Uploads::open(folder, journal)?);
    let client = factify::hyper::client(config.pace(Arc::new(LocalPace::new())))?;
    let tasks = stream::iter(uploads.files()?).map(|file| {
        let (client, uploads) = (client.clone(), Arc::clone(&uploads));
        tokio::spawn(async move {
            let result = upload(&client, &uploads, &file, settled_after).await;
            uploads.count(&file, &result);
        })
    });
    let mut tasks = tasks.buffer_unordered(AT_ONCE);
    while let Some(ended) = tasks.next().await {
        ended?;
    }
    uploads.finish()
}

/// Returns whether it was uploaded now, or by an earlier run.
async fn upload(
    client: &Client<HyperTransport>,
    uploads: &Uploads,
    file: &str,
    settled_after: Duration,
) -> Result<bool, Failure> {
    let path = uploads.path(file);
    let payload = Upload::file(&path)?;
    // Reading a file would block the runtime.
    let content = tokio::task::block_in_place(|| Content::of(&path))?;
    match uploads.next(file, &content)? {
        Next::Nothing => return Ok(false),
        Next::Upload => {}
        Next::Look(begun) => {
            tokio::time::sleep(uploads.wait(file, &begun, settled_after)).await;
            if let Some(document_id) = find(client, file, &begun).await? {
                uploads.uploaded(file, begun.content, document_id)?;
                // An error if the file has changed since then.
                uploads.next(file, &content)?;
                return Ok(false);
            }
        }
    }
    uploads.begin(file, content.clone())?;
    let bar = uploads.bar(file, payload.len());
    let progress = bar.clone();
    let create = client.documents().create(payload, file);
    let create = create.on_progress(move |it| {
        progress.set_length(it.total.unwrap_or(it.bytes));
        progress.set_position(it.bytes);
    });
    let result = create.send().await;
    bar.finish_and_clear();
    match result {
        Ok(document) => uploads.uploaded(file, content, document.id)?,
        Err(error) => {
            if error.outcome() == Outcome::NotApplied {
                uploads.refused(file)?;
            }
            return Err(error.into());
        }
    }
    Ok(true)
}

/// The document that an earlier run created.
///
/// # Errors
/// If it is not certain.
async fn find(
    client: &Client<HyperTransport>,
    file: &str,
    begun: &Begun,
) -> Result<Option<DocumentId>, Failure> {
    let mut others = Vec::new();
    let mut found = client.documents().find_upload(file, begun.since()).items();
    while let Some(document) = found.try_next().await? {
        if document.title == file {
            let mut sha256 = Sha256::new();
            let download = client.document(document.id).download();
            download.to_writer(&mut sha256).await?;
            if sha256.finish() == begun.content.sha256 {
                return Ok(Some(document.id));
            }
            others.push(document.id);
        }
    }
    begun.not_found(&others)
}
