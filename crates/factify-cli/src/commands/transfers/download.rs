use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use factify_core::documents::{ExportDocument, GetDocument};
use factify_core::{DocumentId, Error, ErrorKind, Operation, OperationInfo, Outcome, VersionId};

use super::names::Names;
use super::part::Parts;
use crate::args::{Word, value};
use crate::client::Client;
use crate::commands::ApiCommand;
use crate::commands::context::{Context, items};
use crate::commands::several::{self, Job, Rate};
use crate::commands::tally::Achieved;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, certainty};
use crate::output::{Downloaded, shown};

const DONE: &str = "downloaded";

pub(crate) const EXAMPLES: &str = "\
factify documents download doc_01h2xcejqtf2nbrexx3vqjhp41
factify documents download doc_01h2xcejqtf2nbrexx3vqjhp41 --to - | pdftotext - -
factify documents list --output ids | factify documents download - --to backup/ --skip-existing";

#[derive(Debug, Args)]
pub(crate) struct Download {
    /// The ids of the documents; `-` reads ids from standard input, one per line
    #[arg(required = true, value_name = "DOC", value_parser = value::item::<DocumentId>)]
    words: Vec<Word<DocumentId>>,
    /// The id of the version, if there is only one document [default: the current one]
    #[arg(long, value_name = "VERSION")]
    version: Option<VersionId>,
    /// A directory, the name of the file if there is only one document, or `-` for standard output
    #[arg(
        long,
        value_name = "PATH",
        default_value = ".",
        value_hint = clap::ValueHint::AnyPath
    )]
    to: PathBuf,
    /// Replace files that exist
    #[arg(long, conflicts_with = "skip_existing")]
    force: bool,
    /// Skip documents whose file exists; its content is not compared
    ///
    /// With this option each file name contains the id of its document, so that it means the same document in each run.
    /// Use the option in every run of a backup.
    #[arg(long)]
    skip_existing: bool,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Download {
    const OPERATION: OperationInfo = ExportDocument::INFO;
    const OTHERS: &'static [OperationInfo] = &[GetDocument::INFO];
    const IN_FLIGHT: usize = super::IN_FLIGHT;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let documents = items(self.words)?;
        let single = match *documents.as_slice() {
            [document] => Some(document),
            _ => None,
        };
        if self.version.is_some() && single.is_none() {
            return Err(Failure::usage("--version needs a single document"));
        }
        if self.to.as_os_str() == "-" {
            let document = single.ok_or_else(|| {
                Failure::usage("only a single document can be written to standard output")
            })?;
            return to_standard_output(document, self.version, context);
        }
        let target = Target::new(self.to, single.is_some())?;
        let existing = match (self.force, self.skip_existing) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Skip,
            _ => Existing::Refuse,
        };
        // Known before anything is sent.
        if let Target::File(path) = &target {
            if existing == Existing::Refuse && is_there(path) {
                return Err(Failure::usage(refusal(path)));
            }
        }
        let parts = Parts::default();
        let downloads = Downloads {
            version: self.version,
            target,
            existing,
            // A name must mean the same document in the next run.
            names: Names::new(existing == Existing::Skip),
            parts: parts.clone(),
            console: Arc::clone(&context.console),
        };
        let job = Job::new("Downloading", DONE)
            .again("Run this again with --skip-existing to download the rest.")
            .object("download");
        let exit = several::run(
            &job,
            documents,
            connection,
            context,
            move |client, document: &DocumentId| downloads.download(client, *document),
            |downloaded: &Downloaded| match downloaded.bytes {
                Some(_) => Achieved::Done(DONE),
                None => Achieved::Done("already there"),
            },
        );
        parts.remove();
        exit
    }
}

/// Where the files go.
enum Target {
    Directory(PathBuf),
    File(PathBuf),
}

impl Target {
    fn new(to: PathBuf, is_single: bool) -> Result<Self, Failure> {
        if to.is_dir() {
            return Ok(Self::Directory(to));
        }
        let what = shown(&to);
        if what.ends_with(std::path::is_separator) || !is_single {
            return Err(Failure::usage(format!(
                "{what} (from --to) is not an existing directory"
            )));
        }
        let directory = to.parent().filter(|path| !path.as_os_str().is_empty());
        if let Some(directory) = directory.filter(|path| !path.is_dir()) {
            let directory = shown(directory);
            return Err(Failure::usage(format!(
                "{directory} (from --to) is not an existing directory"
            )));
        }
        Ok(Self::File(to))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Existing {
    Refuse,
    Skip,
    Replace,
}

struct Downloads {
    version: Option<VersionId>,
    target: Target,
    existing: Existing,
    names: Names,
    parts: Parts,
    console: Arc<Console>,
}

impl Downloads {
    fn download(&self, client: &Client, document: DocumentId) -> Result<Downloaded, Error> {
        let (title, path) = match &self.target {
            Target::File(path) => (String::new(), path.clone()),
            Target::Directory(directory) => {
                let found = client.document(document).get().send()?;
                let format = found.source_format.as_ref();
                let name = self.names.name(document, &found.title, format);
                // `./` would only be noise.
                let path = if directory == Path::new(".") {
                    name.into()
                } else {
                    directory.join(name)
                };
                (found.title, path)
            }
        };
        let mut downloaded = Downloaded {
            document,
            title,
            file: shown(&path),
            bytes: None,
        };
        if self.existing != Existing::Replace && is_there(&path) {
            return match self.existing {
                Existing::Skip => Ok(downloaded),
                _ => Err(exists(&path)),
            };
        }
        let failed = |error| not_written(&path, error);
        let mut part = self.parts.create(&path).map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bar = self.console.transfer(&name, None);
        let mut call = client.document(document).download();
        if let Some(version) = self.version {
            call = call.version_id(version);
        }
        let mut bytes = 0;
        for chunk in call.on_progress(bar.report()).chunks() {
            let chunk = chunk?;
            part.write_all(&chunk).map_err(failed)?;
            bytes += chunk.len() as u64;
        }
        let completed = part.complete(self.existing == Existing::Replace);
        completed.map_err(|error| match error.kind() {
            // Somebody has created it meanwhile.
            io::ErrorKind::AlreadyExists => exists(&path),
            _ => not_written(&path, error),
        })?;
        downloaded.bytes = Some(bytes);
        Ok(downloaded)
    }
}

/// Whether there is anything of this name, even a link to nothing.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn refusal(path: &Path) -> String {
    format!("{} exists: give --force to replace it", path.display())
}

fn exists(path: &Path) -> Error {
    Error::new(ErrorKind::Write, Outcome::NotApplied).with_detail(refusal(path))
}

fn not_written(path: &Path, error: io::Error) -> Error {
    let detail = format!("{} cannot be written", path.display());
    Error::new(ErrorKind::Write, Outcome::NotApplied)
        .with_detail(detail)
        .with_source(error)
}

fn to_standard_output(
    document: DocumentId,
    version: Option<VersionId>,
    context: &Context,
) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        return Err(Failure::usage(
            "standard output is a terminal: redirect it, or name a file or a directory with --to",
        ));
    }
    let client = context.connect()?.client();
    let mut call = client.document(document).download();
    if let Some(version) = version {
        call = call.version_id(version);
    }
    let shown = context.console.progress("Downloading", 1);
    let bar = context.console.transfer(&document, None);
    let mut written = Ok(());
    for chunk in call.on_progress(bar.report()).chunks() {
        let chunk = chunk.map_err(|error| {
            let known = certainty(&error);
            Failure::call(format_args!("{document}: {known} {DONE}"), &error)
        })?;
        written = out.write_all(&chunk);
        if written.is_err() {
            break;
        }
    }
    drop((bar, shown));
    match written.and_then(|()| out.flush()) {
        Ok(()) => Ok(Exit::Done),
        // An incomplete file is no success, even if its reader has gone.
        Err(error) => Err(Failure::unwritten(&error)),
    }
}
