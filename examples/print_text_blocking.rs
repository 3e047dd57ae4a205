//! Waits until a document is processed, and prints its text, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it: `cargo run --example print_text_blocking -- doc_…`, or with a file to
//! upload.

#![allow(clippy::print_stderr)]

use std::process::ExitCode;

use factify::blocking::Client;
use factify::ureq::UreqTransport;
use factify::{DocumentId, Upload};
use factify_examples::{FILES, Failure, Place, exit, record_text};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let (config, sandbox) = Place::config("doc_…|FILE")?;
    let client = factify::ureq::client(config)?;
    if let Some(place) = sandbox {
        eprintln!("{place}");
        for (name, content) in FILES {
            let file = Upload::bytes(name, content);
            let document = client.documents().create(file, name).send()?;
            print_text(&client, document.id)?;
        }
        return Ok(());
    }
    let argument = std::env::args().nth(1);
    let argument = argument.ok_or("give the argument doc_… or FILE")?;
    let document_id = if argument.starts_with("doc_") {
        argument.parse()?
    } else {
        let file = Upload::file(&argument)?;
        let title = file.file_name().to_owned();
        let document = client.documents().create(file, title).send()?;
        eprintln!("{argument} is {}.", document.id);
        document.id
    };
    print_text(&client, document_id)
}

fn print_text(client: &Client<UreqTransport>, document_id: DocumentId) -> Result<(), Failure> {
    let document = client.document(document_id).wait_until_processed();
    let version = document.send()?.current_version;
    let version_id = version.and_then(|version| version.id.id());
    let version = client.version(version_id.ok_or("the document has no version")?);
    let record = version.record().send()?;
    Ok(record_text::write(&record, &mut std::io::stdout().lock())?)
}
