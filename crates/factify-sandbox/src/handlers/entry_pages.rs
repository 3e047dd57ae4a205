use factify_core::entry_pages::{EntryPage, GenerateDocumentEntryPage};

use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::files;

impl Handle for GenerateDocumentEntryPage {
    fn handle(self, context: &mut Context<'_>) -> Result<EntryPage, Refusal> {
        let page = files::entry_page(context.world, context.request, self.document_id);
        page.ok_or_else(Refusal::internal)
    }
}
