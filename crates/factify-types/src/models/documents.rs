//! Documents, and who created them.

use alloc::string::String;

use crate::users::Subject;
use crate::{DocumentId, IdRef, OrganizationId, Timestamp, UserId, VersionId};

model! {
    /// A document. Schema `Document`, v1beta.
    pub struct Document {
        /// Its ID.
        pub id: DocumentId,
        /// The title, 1 to 255 characters.
        pub title: String,
        /// The description, at most 2,000 characters.
        pub description: Option<String>,
        /// The page of the document on Factify's site.
        pub url: String,
        /// The URL of a small image of it.
        pub thumbnail_url: Option<String>,
        /// Who created it.
        pub created_by: Subject,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// The current version.
        pub current_version: Option<VersionRef>,
        /// Whether the current version can be read.
        pub processing_status: ProcessingStatus,
        /// The format of the uploaded file.
        pub source_format: Option<SourceFormat>,
        /// Who can open it.
        pub access_level: AccessLevel,
        /// The access of everybody. The API documents it with the values of [`AccessLevel`].
        pub general_access: Option<AccessLevel>,
        /// What the caller may do with it. Only for an authenticated caller.
        pub permission_set: Option<DocumentPermissionSet>,
        /// The organization that owns it. It is a reference: it can be empty, if the API does not know it.
        pub owner_organization_id: Option<IdRef<OrganizationId>>,
        /// When it was last shared with the caller.
        pub shared_at: Option<Timestamp>,
        /// When the caller last viewed it.
        pub last_viewed_at: Option<Timestamp>,
        /// When it was moved to the trash. `None` if it is not there.
        pub trashed_at: Option<Timestamp>,
        /// Whether it is a demo for new users. It does not count for the quota.
        pub is_demo: bool,
    }
}

impl Document {
    /// The ID of the current version, if there is one and its ID is valid.
    pub fn current_version_id(&self) -> Option<VersionId> {
        self.current_version.as_ref()?.id.id()
    }
}

model! {
    /// A reference to a version of a document. Schema `VersionRef`, v1beta.
    pub struct VersionRef {
        /// Its ID.
        pub id: IdRef<VersionId>,
    }
}

model! {
    /// What the caller may do with a document. Schema `DocumentPermissionSet`, v1beta.
    pub struct DocumentPermissionSet {
        /// Open it.
        pub open: bool,
        /// View its pages.
        pub view: bool,
        /// Copy its content.
        pub copy_content: bool,
        /// Take screenshots of it.
        pub screenshot: bool,
        /// Export it.
        pub export: bool,
        /// Comment in public.
        pub comment_public: bool,
        /// Comment in private.
        pub comment_private: bool,
        /// List its versions.
        pub list_versions: bool,
        /// Upload a version.
        pub create_version: bool,
        /// Grant access to others.
        pub grant_access: bool,
        /// Manage the access of others.
        pub manage_access: bool,
        /// Attach a policy.
        pub attach_policy: bool,
        /// Move it to the trash.
        pub trash: bool,
        /// View its timeline.
        pub view_timeline: bool,
        /// View its analytics.
        pub view_analytics: bool,
        /// View its leads.
        pub view_leads: bool,
    }
}

model! {
    /// A document that looks like another one. Schema `DuplicateDocument`, v1beta.
    pub struct DuplicateDocument {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// Its title.
        pub title: Option<String>,
        /// The version that looks like the other one.
        pub version_id: Option<IdRef<VersionId>>,
        /// The title of the version.
        pub version_title: Option<String>,
        /// When the caller last viewed it.
        pub last_viewed_at: Option<Timestamp>,
    }
}

model! {
    /// The quota of an organization for documents. Schema `GetDocumentQuotaResponse`, v1beta.
    pub struct DocumentQuota {
        /// The maximum number of documents. 0 means that there is no maximum.
        pub limit: i32,
        /// The documents that count: also those in the trash, but no demos.
        pub used: i32,
        /// The documents that can still be created. It means nothing if there is no maximum.
        pub available: i32,
    }
}

model! {
    /// The result of a request to process a document. Schema `ProcessDocumentResponse`, v1beta.
    pub struct ProcessedDocument {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The version that is processed.
        pub version_id: Option<IdRef<VersionId>>,
        /// What happened.
        pub status: Option<ProcessingOutcome>,
    }
}

model! {
    /// The result of a transfer to another owner. Schema `TransferDocumentOwnershipResponse`, v1beta.
    pub struct TransferredDocument {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The new owner.
        pub new_owner_id: Option<IdRef<UserId>>,
    }
}

open_enum! {
    /// Who can open a document. Schema `AccessLevel`, v1beta.
    AccessLevel {
        /// Those to whom somebody gave access.
        Private = "private",
        /// The members of the organization.
        Organization = "organization",
        /// Everybody.
        Public = "public",
    }
}

open_enum! {
    /// Whether a document or a version can be read. Schema `ProcessingStatus`, v1beta.
    ProcessingStatus {
        /// The API is reading the file.
        Processing = "processing",
        /// It can be read.
        Ready = "ready",
        /// The API could not read the file.
        Failed = "failed",
    }
}

open_enum! {
    /// What a request to process a document did. Schema `ProcessingOutcome`, v1beta.
    ProcessingOutcome {
        /// The API does not say it.
        Unspecified = "PROCESSING_OUTCOME_UNSPECIFIED",
        /// It started the processing.
        Started = "PROCESSING_OUTCOME_STARTED",
        /// The version was being processed already.
        AlreadyProcessing = "PROCESSING_OUTCOME_ALREADY_PROCESSING",
        /// The version was processed already.
        AlreadyCompleted = "PROCESSING_OUTCOME_ALREADY_COMPLETED",
        /// The processing failed.
        Failed = "PROCESSING_OUTCOME_FAILED",
    }
}

open_enum! {
    /// Whether the caller owns a document. Schema `DocumentOwnership`, v1beta.
    DocumentOwnership {
        /// The caller owns it.
        Owned = "owned",
        /// Somebody else owns it.
        NotOwned = "not_owned",
    }
}

open_enum! {
    /// Whether a document is in the trash. Schema `DocumentTrashState`, v1beta.
    DocumentTrashState {
        /// It is not in the trash.
        Active = "active",
        /// It is in the trash.
        Trashed = "trashed",
    }
}

open_enum! {
    /// The format of an uploaded file. Parameter `source_format` of `listDocuments`, v1beta.
    SourceFormat {
        /// PDF.
        Pdf = "pdf",
        /// Word.
        Docx = "docx",
        /// Excel.
        Xlsx = "xlsx",
        /// Comma-separated values.
        Csv = "csv",
        /// Markdown.
        Markdown = "markdown",
    }
}

open_enum! {
    /// The order of a list of documents. Parameter `sort` of `listDocuments`, v1beta: a text whose values the
    /// document describes.
    any DocumentSort {
        /// Oldest first.
        CreatedAt = "created_at",
        /// Newest first. The default.
        CreatedAtDescending = "-created_at",
        /// By the last change, oldest first.
        UpdatedAt = "updated_at",
        /// By the last change, newest first.
        UpdatedAtDescending = "-updated_at",
        /// By title.
        Name = "name",
        /// By title, descending.
        NameDescending = "-name",
        /// By the last view, oldest first.
        LastViewedAt = "last_viewed_at",
        /// By the last view, newest first.
        LastViewedAtDescending = "-last_viewed_at",
        /// By the last sharing, oldest first.
        LastSharedAt = "last_shared_at",
        /// By the last sharing, newest first.
        LastSharedAtDescending = "-last_shared_at",
    }
}
