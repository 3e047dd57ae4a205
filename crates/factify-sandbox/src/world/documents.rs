use bytes::Bytes;
use factify_core::documents::{AccessLevel, ProcessingStatus, SourceFormat};
use factify_core::policies::DocumentPolicy;
use factify_core::timelines::TimelineEventType;
use factify_core::types::IdKind;
use factify_core::users::{Subject, SubjectType, User};
use factify_core::{DocumentId, OrganizationId, Timestamp, UserId, VersionId};

use super::World;
use super::sharing::Share;
use super::store::Store;

/// How long the sandbox takes to process a file, on its clock.
const PROCESSING: std::time::Duration = std::time::Duration::from_secs(2);

/// All documents and versions.
pub(crate) struct Documents {
    documents: Store<DocumentId, DocumentState>,
    versions: Store<VersionId, VersionState>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DocumentState {
    pub(crate) id: DocumentId,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) owner: UserId,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) creator: Subject,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) access_level: AccessLevel,
    pub(crate) current: VersionId,
    pub(crate) trashed_at: Option<Timestamp>,
    pub(crate) shares: Vec<Share>,
    /// The policies that are or were attached.
    pub(crate) policies: Vec<Attached>,
}

/// A policy that is or was attached to a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attached {
    pub(crate) policy: DocumentPolicy,
    pub(crate) is_detached: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VersionState {
    pub(crate) id: VersionId,
    pub(crate) document: DocumentId,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) creator: Subject,
    pub(crate) created_at: Timestamp,
    pub(crate) ready_at: Timestamp,
    pub(crate) file: StoredFile,
    /// The ID of the record of the file, a UUID.
    pub(crate) record_id: String,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredFile {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
    /// `None` if the sandbox cannot read the file.
    pub(crate) format: Option<SourceFormat>,
}

impl StoredFile {
    pub(crate) fn new(name: &str, content_type: String, bytes: Bytes) -> Self {
        Self {
            format: format(name, &content_type, &bytes),
            name: name.to_owned(),
            content_type,
            bytes,
        }
    }
}

fn format(name: &str, content_type: &str, bytes: &[u8]) -> Option<SourceFormat> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is = |extensions: &[&str], expected: &str| {
        let mut extensions = extensions.iter();
        extensions.any(|it| it.eq_ignore_ascii_case(extension)) || content_type == expected
    };
    let is_text = || std::str::from_utf8(bytes).is_ok();
    if bytes.starts_with(b"%PDF-") {
        Some(SourceFormat::Pdf)
    } else if bytes.starts_with(b"PK\x03\x04") {
        let office = "application/vnd.openxmlformats-officedocument";
        let word = format!("{office}.wordprocessingml.document");
        let excel = format!("{office}.spreadsheetml.sheet");
        let word = is(&["docx"], &word).then_some(SourceFormat::Docx);
        word.or_else(|| is(&["xlsx"], &excel).then_some(SourceFormat::Xlsx))
    } else if is(&["csv"], "text/csv") && is_text() {
        Some(SourceFormat::Csv)
    } else if is(&["md", "markdown"], "text/markdown") && is_text() {
        Some(SourceFormat::Markdown)
    } else {
        None
    }
}

impl VersionState {
    pub(crate) fn status(&self, now: Timestamp) -> ProcessingStatus {
        match self.file.format {
            _ if now < self.ready_at => ProcessingStatus::Processing,
            Some(_) => ProcessingStatus::Ready,
            None => ProcessingStatus::Failed,
        }
    }
}

impl Documents {
    pub(crate) fn new() -> Self {
        Self {
            documents: Store::new(),
            versions: Store::new(),
        }
    }

    /// All documents, in order of creation.
    pub(crate) fn all(&self) -> &[DocumentState] {
        self.documents.all()
    }

    /// All versions, in order of creation.
    pub(crate) fn versions(&self) -> &[VersionState] {
        self.versions.all()
    }

    pub(crate) fn get(&self, id: DocumentId) -> Option<&DocumentState> {
        self.documents.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: DocumentId) -> Option<&mut DocumentState> {
        self.documents.get_mut(&id)
    }

    pub(crate) fn version(&self, id: VersionId) -> Option<&VersionState> {
        self.versions.get(&id)
    }

    pub(crate) fn version_mut(&mut self, id: VersionId) -> Option<&mut VersionState> {
        self.versions.get_mut(&id)
    }
}

fn subject(user: &User) -> Option<Subject> {
    let id = user.id.id()?;
    Some(Subject::new(
        factify_core::PrincipalId::User(id),
        &*user.name,
        SubjectType::User,
    ))
}

impl World {
    /// Adds a document with its first version. `None` if the user does not exist.
    pub(crate) fn add_document(
        &mut self,
        owner: UserId,
        organization: Option<OrganizationId>,
        title: String,
        description: Option<String>,
        access_level: AccessLevel,
        file: StoredFile,
    ) -> Option<DocumentId> {
        let (creator, now) = (subject(self.user(owner)?)?, self.now());
        let id = DocumentId::from_uuid_bytes(self.ids.next(IdKind::Document, now));
        let current = self.push_version(id, creator.clone(), None, None, file);
        let document = DocumentState {
            id,
            title,
            description,
            owner,
            organization,
            creator,
            created_at: now,
            updated_at: now,
            access_level,
            current,
            trashed_at: None,
            shares: Vec::new(),
            policies: Vec::new(),
        };
        self.documents.documents.push(id, document);
        self.happened(id, Some(owner), TimelineEventType::DocumentCreated);
        Some(id)
    }

    /// Adds a version, which becomes the current one. `None` if the user does not exist.
    pub(crate) fn add_version(
        &mut self,
        document: DocumentId,
        user: UserId,
        title: Option<String>,
        description: Option<String>,
        file: StoredFile,
    ) -> Option<VersionId> {
        let (creator, now) = (subject(self.user(user)?)?, self.now());
        let id = self.push_version(document, creator, title, description, file);
        let document = self.documents.get_mut(document)?;
        let document_id = document.id;
        (document.current, document.updated_at) = (id, now);
        self.happened(
            document_id,
            Some(user),
            TimelineEventType::DocumentVersionUploaded,
        );
        Some(id)
    }

    fn push_version(
        &mut self,
        document: DocumentId,
        creator: Subject,
        title: Option<String>,
        description: Option<String>,
        file: StoredFile,
    ) -> VersionId {
        let now = self.now();
        let id = VersionId::from_uuid_bytes(self.ids.next(IdKind::Version, now));
        let version = VersionState {
            id,
            document,
            title,
            description,
            creator,
            created_at: now,
            ready_at: now.checked_add(PROCESSING).unwrap_or(now),
            file,
            record_id: self.ids.record(now),
        };
        self.documents.versions.push(id, version);
        id
    }

    /// Starts the processing of a version again.
    pub(crate) fn process(&mut self, version: VersionId) {
        let now = self.now();
        if let Some(version) = self.documents.version_mut(version) {
            version.ready_at = now.checked_add(PROCESSING).unwrap_or(now);
        }
    }
}
