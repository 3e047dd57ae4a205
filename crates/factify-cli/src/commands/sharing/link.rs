//! Links, and access without a grant.

use clap::Args;
use factify_core::sharing::{
    CreateShareLink, GeneralAccessLevel, GetGeneralAccess, SetGeneralAccess,
};
use factify_core::{DocumentId, Operation, OperationInfo};

use crate::args::value;
use crate::commands::context::Context;
use crate::commands::{ApiCommand, one};
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
}

impl ApiCommand for Link {
    const OPERATION: OperationInfo = CreateShareLink::INFO;

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let create = CreateShareLink::new(self.document);
        let requested = format!("a link to {}", self.document);
        one::change(create, requested, "created", context)
    }
}

#[derive(Debug, Args)]
pub(crate) struct GeneralAccess {
    /// The id of the document
    #[arg(value_name = "DOC")]
    document: DocumentId,
    /// The new level; without it, the command shows the current one
    #[arg(
        value_name = "LEVEL",
        value_parser = value::known(GeneralAccessLevel::KNOWN, GeneralAccessLevel::as_str)
    )]
    level: Option<GeneralAccessLevel>,
}

impl ApiCommand for GeneralAccess {
    const OPERATION: OperationInfo = SetGeneralAccess::INFO;
    const OTHERS: &'static [OperationInfo] = &[GetGeneralAccess::INFO];

    fn run(self, context: &Context) -> Result<Exit, Failure> {
        let requested = format!("the general access of {}", self.document);
        match self.level {
            Some(level) => {
                let set = SetGeneralAccess::new(self.document, level);
                one::change(set, requested, "set", context)
            }
            None => one::read(GetGeneralAccess::new(self.document), requested, context),
        }
    }
}
