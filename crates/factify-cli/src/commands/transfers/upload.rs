use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Args;
use factify_core::documents::{
    AccessLevel, CreateDocument, ExportDocument, GetDocument, ListDocuments,
};
use factify_core::{Operation, OperationInfo};

use super::files::{self, Kind, LocalFile};
use super::journal::Journal;
use super::lost::Taken;
use super::uploading::{ALREADY, UPLOADED, Uploads};
use crate::args::value;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::several::{self, Job, Rate};
use crate::commands::tally::Achieved;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Uploaded;

pub(crate) const EXAMPLES: &str = "\
factify documents upload report.pdf --title 'Report of the year' --wait
factify documents upload *.pdf --journal uploads.jsonl
find . -name '*.md' | factify documents upload --files-from - --journal uploads.jsonl
pdftk a.pdf b.pdf cat output - | factify documents upload - --file-name both.pdf";

#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// The files; `-` uploads standard input
    #[arg(
        required_unless_present = "files_from",
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath
    )]
    files: Vec<PathBuf>,
    /// Also upload the files that this file names, one per line; `-` reads the names from standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// The title, 1 to 255 characters, if there is only one file [default: the name of the file without the
    /// extension]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The description of each document, at most 2,000 characters
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Who can open the documents [default: organization, or private if you are in none]
    #[arg(
        long,
        value_name = "LEVEL",
        value_parser = value::known(AccessLevel::KNOWN, AccessLevel::as_str)
    )]
    access_level: Option<AccessLevel>,
    /// Record the uploads in this file, and skip the files that an earlier run uploaded
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    kind: Kind,
    /// Wait until the API has read each file
    #[arg(long)]
    wait: bool,
    /// How long to wait for each document, such as 10m
    #[arg(
        long,
        value_name = "TIME",
        value_parser = value::duration,
        default_value = "5m",
        requires = "wait"
    )]
    within: Duration,
    #[command(flatten)]
    rate: Rate,
}

impl ApiCommand for Upload {
    const OPERATION: OperationInfo = CreateDocument::INFO;
    const OTHERS: &'static [OperationInfo] =
        &[ListDocuments::INFO, ExportDocument::INFO, GetDocument::INFO];
    const IN_FLIGHT: usize = super::IN_FLIGHT;

    fn rate(&self) -> Option<u32> {
        self.rate.rate
    }

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let connection = context.connect()?;
        let mut names = self.files;
        if let Some(list) = &self.files_from {
            if files::is_standard_input(list) && names.iter().any(|it| files::is_standard_input(it))
            {
                return Err(Failure::usage(
                    "standard input cannot be both a file and the list of --files-from",
                ));
            }
            names.extend(files::names_from(list)?);
            if names.is_empty() {
                return Err(Failure::usage("the list of --files-from names no file"));
            }
        }
        if self.title.is_some() && names.len() > 1 {
            return Err(Failure::usage("--title needs a single file"));
        }
        let files = files::check(names, &self.kind)?;
        let mut uploads = Uploads {
            title: self.title,
            description: self.description,
            access_level: self.access_level,
            within: self.wait.then_some(self.within),
            journal: None,
            taken: Taken::default(),
            waiting: Mutex::default(),
            console: Arc::clone(&context.console),
        };
        uploads.check(&files)?;
        let mut again = "If you run this again, files that are already uploaded are uploaded twice: use --journal.";
        if let Some(journal) = &self.journal {
            if let Some(file) = files
                .iter()
                .find(|file| file.path().is_none_or(|it| it.to_str().is_none()))
            {
                return Err(Failure::usage(format!(
                    "{file}: --journal needs a file whose path is Unicode"
                )));
            }
            uploads.journal = Some(Journal::open(journal, connection.api().to_owned())?);
            again = "Run this again to upload the rest.";
        }
        let uploads = Arc::new(uploads);
        let job = Job::new("Uploading", "uploaded")
            .again(again)
            .items_are("file")
            .object("upload");
        let shared = Arc::clone(&uploads);
        let exit = several::run(
            &job,
            files,
            connection,
            context,
            move |client, file: &LocalFile| shared.upload(client, file),
            |uploaded: &Uploaded| match uploaded.result {
                result @ (UPLOADED | ALREADY) => Achieved::Done(result),
                result => Achieved::Partly(result),
            },
        );
        for (file, document) in &*uploads.waiting() {
            context.console.say(format_args!(
                "{file} was uploaded as {document}; wait for it with: factify documents wait {document}"
            ));
        }
        exit
    }
}
