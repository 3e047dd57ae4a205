use clap::Args;
use factify_core::records;
use factify_core::versions::GetVersionRecord;
use factify_core::{Operation, OperationInfo, Pagination, VersionId};
use serde::Serialize;

use crate::commands::context::Context;
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Cell, Column, Document, Format, Outlined};

pub(crate) const EXAMPLES: &str = "\
factify versions record ver_01h2xcejqtf2nbrexx3vqjhp41
factify versions record ver_01h2xcejqtf2nbrexx3vqjhp41 --output json | jq .document.record.blocks";

#[derive(Debug, Args)]
pub(crate) struct Record {
    /// The id of the version
    #[arg(value_name = "VERSION")]
    version: VersionId,
}

impl ApiCommand for Record {
    const OPERATION: OperationInfo = GetVersionRecord::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let record = read(self.version, context)?;
        let mut output = context.output(Document::Whole);
        match context.global.output {
            Format::Json | Format::Jsonl | Format::Ids => output.record(&Whole(&record)),
            Format::Table | Format::Wide | Format::Csv => {
                for part in Outlined::of(&record) {
                    output.record(&part);
                }
            }
        }
        output.finish(&Pagination::new())?;
        Ok(Exit::Done)
    }
}

pub(super) fn read(version: VersionId, context: &Context) -> Result<records::Record, Failure> {
    one::send(GetVersionRecord::new(version), version, "read", context)
}

/// The API's object.
struct Whole<'r>(&'r records::Record);

impl output::Record for Whole<'_> {
    const COLUMNS: &'static [Column] = &[];

    fn json(&self) -> impl Serialize + '_ {
        self.0
    }

    fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}
