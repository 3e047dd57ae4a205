use factify_core::documents::ProcessingStatus;
use factify_core::records::Record;
use factify_core::versions::{
    CreateDocumentVersion, GetVersion, GetVersionRecord, ListDocumentVersions, UpdateVersion,
    Version,
};
use factify_core::{Page, VersionId};

use super::documents::stored;
use crate::page::page;
use crate::respond::Refusal;
use crate::routes::{Context, Handle};
use crate::world::documents::VersionState;
use crate::world::{World, records};

fn model(world: &World, version: &VersionState) -> Version {
    let mut model = Version::new(
        version.id,
        version.document,
        format!("https://app.factify.com/versions/{}", version.id),
        version.creator.clone(),
        version.created_at,
        version.status(world.now()),
    );
    model.title.clone_from(&version.title);
    model.description.clone_from(&version.description);
    model
}

fn shown(context: &Context<'_>, id: VersionId) -> Result<Version, Refusal> {
    let version = context.world.documents.version(id);
    let model = version.map(|version| model(context.world, version));
    model.ok_or_else(|| Refusal::not_found("Version not found"))
}

impl Handle for ListDocumentVersions {
    fn handle(self, context: &mut Context<'_>) -> Result<Page<Version>, Refusal> {
        let world = &*context.world;
        page(
            world.documents.versions(),
            |version| (version.document == self.document_id).then(|| model(world, version)),
            context.request,
            world.page_secret(),
            self.page_size,
            self.page_token.as_deref(),
        )
    }
}

impl Handle for CreateDocumentVersion {
    fn handle(self, context: &mut Context<'_>) -> Result<Version, Refusal> {
        let (user, file) = (context.caller()?.id, stored(&self.payload)?);
        let world = &mut *context.world;
        let id = world.add_version(self.document_id, user, self.title, self.description, file);
        shown(context, id.ok_or_else(Refusal::internal)?)
    }
}

impl Handle for GetVersion {
    fn handle(self, context: &mut Context<'_>) -> Result<Version, Refusal> {
        shown(context, self.version_id)
    }
}

impl Handle for GetVersionRecord {
    fn handle(self, context: &mut Context<'_>) -> Result<Record, Refusal> {
        let world = &*context.world;
        let version = world.documents.version(self.version_id);
        let version = version.ok_or_else(|| Refusal::not_found("Version not found"))?;
        if version.status(world.now()) == ProcessingStatus::Processing {
            return Err(Refusal::precondition("The version is being processed"));
        }
        let record = records::of(version);
        record.ok_or_else(|| Refusal::precondition("The version could not be processed"))
    }
}

impl Handle for UpdateVersion {
    fn handle(self, context: &mut Context<'_>) -> Result<Version, Refusal> {
        let version = context.world.documents.version_mut(self.version_id);
        let version = version.ok_or_else(|| Refusal::not_found("Version not found"))?;
        if self.title.is_some() {
            version.title = self.title;
        }
        if self.description.is_some() {
            version.description = self.description;
        }
        shown(context, self.version_id)
    }
}
