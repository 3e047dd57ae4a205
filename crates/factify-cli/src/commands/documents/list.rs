use clap::Args;
use factify_core::documents::{
    AccessLevel, DocumentOwnership, DocumentSort, DocumentTrashState, ListDocuments,
    ProcessingStatus, SourceFormat,
};
use factify_core::{Operation, OperationInfo, PrincipalId, Timestamp};

use crate::args::value;
use crate::commands::ApiCommand;
use crate::commands::context::Context;
use crate::commands::list::{self, Paging, Subject};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    filter: Filter,
    /// The order; - before a name reverses it [default: -created_at]
    #[arg(
        long,
        value_name = "ORDER",
        allow_hyphen_values = true,
        value_parser = value::known(DocumentSort::KNOWN, DocumentSort::as_str)
    )]
    sort: Option<DocumentSort>,
    #[command(flatten)]
    paging: Paging,
}

/// Which documents, as the API filters them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
struct Filter {
    /// Only documents whose title or description contains this text (case-insensitive)
    #[arg(long, value_name = "TEXT", value_parser = value::text)]
    query: Option<String>,
    /// Only documents whose title contains this text
    #[arg(long, value_name = "TEXT", value_parser = value::text)]
    title_contains: Option<String>,
    /// Only documents whose description contains this text
    #[arg(long, value_name = "TEXT", value_parser = value::text)]
    description_contains: Option<String>,
    /// Only documents of this format; separate several with commas or repeat the option
    #[arg(
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        value_parser = value::known(SourceFormat::KNOWN, SourceFormat::as_str)
    )]
    source_format: Vec<SourceFormat>,
    /// Only documents with this access level; several are possible
    #[arg(
        long,
        value_name = "LEVEL",
        value_delimiter = ',',
        value_parser = value::known(AccessLevel::KNOWN, AccessLevel::as_str)
    )]
    access_level: Vec<AccessLevel>,
    /// Only documents with this processing status; several are possible
    #[arg(
        long,
        value_name = "STATUS",
        value_delimiter = ',',
        value_parser = value::known(ProcessingStatus::KNOWN, ProcessingStatus::as_str)
    )]
    processing_status: Vec<ProcessingStatus>,
    /// Only documents that you own, or that you do not own
    #[arg(
        long,
        value_name = "OWNERSHIP",
        value_delimiter = ',',
        value_parser = value::known(DocumentOwnership::KNOWN, DocumentOwnership::as_str)
    )]
    ownership: Vec<DocumentOwnership>,
    /// Only documents that are in the trash, or that are not; give both for all [default: active]
    #[arg(
        long,
        value_name = "STATE",
        value_delimiter = ',',
        value_parser = value::known(DocumentTrashState::KNOWN, DocumentTrashState::as_str)
    )]
    trash_state: Vec<DocumentTrashState>,
    /// Only documents that this user or bot created; repeat the option for several
    #[arg(long, value_name = "USER")]
    created_by: Vec<PrincipalId>,
    /// Only documents created at this time or later: 2026-01-15T09:00:00Z, a date (midnight, local time),
    /// or an age such as 12h, 30d, 2w, 6mo
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    created_after: Option<Timestamp>,
    /// Only documents created at this time or earlier
    #[arg(long, value_name = "TIME", value_parser = value::time, allow_hyphen_values = true)]
    created_before: Option<Timestamp>,
    /// All documents of your organization, not only those that you can open
    #[arg(long)]
    organization_scope: bool,
}

impl ApiCommand for List {
    const OPERATION: OperationInfo = ListDocuments::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let filter = self.filter;
        let mut list = ListDocuments::new();
        list.query = filter.query;
        list.title_contains = filter.title_contains;
        list.description_contains = filter.description_contains;
        list.source_format = filter.source_format;
        list.access_level = filter.access_level;
        list.processing_status = filter.processing_status;
        list.ownership = filter.ownership;
        list.trash_state = filter.trash_state;
        list.created_by_id = filter.created_by;
        list.created_after = filter.created_after;
        list.created_before = filter.created_before;
        list.organization_scope = filter.organization_scope.then_some(true);
        list.sort = self.sort;
        list::run(list, &self.paging, &Subject::new("document"), context)
    }
}
