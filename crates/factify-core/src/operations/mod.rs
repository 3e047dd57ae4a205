//! The operations: a folder for each area of the API, a file for each operation.
//!
//! To add an operation: add its file, its `mod` and `pub use` lines in its module here, and its line in
//! the list at the end; in the sandbox, add its handler and its row in the access table.

mod declare;
pub(crate) mod ensure;
mod resource;

/// A declaration that must not compile, from a test.
#[cfg(misdeclared)]
mod misdeclared {
    include!(env!("MISDECLARED"));
}

use crate::operation::{Operation, OperationInfo};

/// Requests for access to documents.
pub mod access_requests {
    mod approve;
    mod check_status;
    mod create;
    mod deny;
    mod inspect;
    mod list;
    mod resource;

    pub use approve::ApproveAccessRequest;
    pub use check_status::CheckAccessRequestStatus;
    pub use create::CreateAccessRequest;
    pub use deny::DenyAccessRequest;
    pub use inspect::InspectDocumentAccess;
    pub use list::ListAccessRequests;
    pub use resource::AccessRequestsResource;

    pub use factify_types::access_requests::*;
}

/// API keys.
pub mod api_keys {
    mod create;
    mod ensure;
    mod list;
    mod resource;
    mod revoke;
    mod secret;

    pub use create::{CreateApiKey, CreatedApiKey};
    pub use ensure::{EnsureRevoked, EnsureRevokedCall, Ensured, EnsuredState};
    pub use list::ListApiKeys;
    pub use resource::ApiKeysResource;
    pub use revoke::RevokeApiKey;
    pub use secret::{ApiKeySecret, InvalidApiKeySecret};

    pub use factify_types::api_keys::*;
}

/// Documents.
pub mod documents {
    mod create;
    mod export;
    mod exported_document;
    mod get;
    mod get_quota;
    mod list;
    mod list_duplicates;
    mod process;
    mod resource;
    pub(crate) mod save;
    mod transfer_ownership;
    mod trash;
    mod untrash;
    mod update;
    pub(crate) mod wait;

    pub use crate::client::{FileChunks, SaveCall, WaitCall};
    pub use create::CreateDocument;
    pub use export::ExportDocument;
    pub use exported_document::ExportedDocument;
    pub use get::GetDocument;
    pub use get_quota::GetDocumentQuota;
    pub use list::ListDocuments;
    pub use list_duplicates::ListDocumentDuplicates;
    pub use process::ProcessDocument;
    pub use resource::{DocumentResource, DocumentsResource};
    pub use transfer_ownership::TransferDocumentOwnership;
    pub use trash::TrashDocument;
    pub use untrash::UntrashDocument;
    pub use update::UpdateDocument;

    pub use factify_types::documents::*;
}

/// Entry pages: PDFs that lead to a document.
pub mod entry_pages {
    mod entry_page;
    mod generate;

    pub use entry_page::EntryPage;
    pub use generate::GenerateDocumentEntryPage;
}

/// Invitations to join an organization.
pub mod invites {
    mod accept;
    mod create;
    mod ensure;
    mod list;
    mod resend;
    mod resource;
    mod revoke;
    mod token;

    pub use accept::AcceptOrganizationInvite;
    pub use create::CreateOrganizationInvite;
    pub use ensure::{EnsureRevoked, EnsureRevokedCall, Ensured, EnsuredState};
    pub use list::ListOrganizationInvites;
    pub use resend::ResendOrganizationInvite;
    pub use resource::InvitesResource;
    pub use revoke::RevokeOrganizationInvite;
    pub use token::{InvalidInvitationToken, InvitationToken};

    pub use factify_types::invites::*;
}

/// The members of an organization.
pub mod members {
    mod add;
    mod ensure;
    mod list;
    mod remove;
    mod resource;
    mod update;

    pub use add::AddOrganizationMember;
    pub use ensure::{EnsureRemoved, EnsureRemovedCall, Ensured, EnsuredState};
    pub use list::ListOrganizationMembers;
    pub use remove::RemoveOrganizationMember;
    pub use resource::MembersResource;
    pub use update::UpdateOrganizationMember;

    pub use factify_types::members::*;
}

/// Organizations and their resources.
pub mod organizations {
    mod create;
    mod get;
    mod list;
    mod logo_image;
    pub(crate) mod offboard;
    mod public_profile;
    mod resource;
    mod update;
    mod upload_logo;

    pub use crate::client::OffboardCall;
    pub use create::CreateOrganization;
    pub use get::GetOrganization;
    pub use list::ListOrganizations;
    pub use logo_image::{InvalidLogoImage, LogoImage};
    pub use offboard::{
        OffboardDocument, OffboardItem, OffboardReport, OffboardState, OffboardSubject,
    };
    pub use public_profile::GetOrganizationPublicProfile;
    pub use resource::{OrganizationResource, OrganizationsResource};
    pub use update::UpdateOrganization;
    pub use upload_logo::UploadOrganizationLogo;

    pub use factify_types::organizations::*;
}

/// Access policies of documents.
pub mod policies {
    mod attach;
    mod detach;
    mod list;
    mod resource;

    pub use attach::AttachDocumentPolicy;
    pub use detach::DetachDocumentPolicy;
    pub use list::ListDocumentPolicies;
    pub use resource::PoliciesResource;

    pub use factify_types::policies::*;
}

/// Who has access to documents.
pub mod sharing {
    mod create_share_link;
    mod ensured;
    mod get_general_access;
    mod grant;
    pub(crate) mod grant_many;
    mod grant_report;
    mod list;
    pub(crate) mod no_access;
    mod resource;
    mod revoke;
    mod set_general_access;
    mod update;

    pub use crate::client::{EnsureNoAccessCall, GrantManyCall};
    pub use create_share_link::CreateShareLink;
    pub use ensured::{AccessWay, Ensured, EnsuredState};
    pub use get_general_access::GetGeneralAccess;
    pub use grant::GrantDocumentAccess;
    pub use grant_report::{GrantReport, GrantState, NotAllGranted, ReportedGrant};
    pub use list::ListDocumentAccess;
    pub use resource::SharingResource;
    pub use revoke::RevokeDocumentAccess;
    pub use set_general_access::SetGeneralAccess;
    pub use update::UpdateDocumentAccess;

    pub use factify_types::sharing::*;
}

/// What happened to documents.
pub mod timelines {
    mod get;

    pub use get::GetDocumentTimeline;

    pub use factify_types::timelines::*;
}

/// Usage and quotas.
pub mod usage {
    mod delete_key_quota;
    mod get;
    mod get_history;
    mod list_key_quotas;
    mod resource;
    mod set_key_quota;

    pub use delete_key_quota::DeleteApiKeyQuota;
    pub use get::GetOrganizationQuota;
    pub use get_history::GetUsageHistory;
    pub use list_key_quotas::ListApiKeyQuotas;
    pub use resource::UsageResource;
    pub use set_key_quota::SetApiKeyQuota;

    pub use factify_types::usage::*;
}

/// The authenticated user.
pub mod users {
    mod get_me;
    mod preferences;

    pub use get_me::GetMe;
    pub use preferences::GetUserPreferences;

    pub use factify_types::users::*;

    use crate::error::Error;

    fn advice(error: &Error) -> Option<&'static str> {
        error
            .is_permission_denied()
            .then_some("Use the token of a user: an API key cannot do this.")
    }
}

/// The versions of documents.
pub mod versions {
    mod create;
    mod get;
    #[cfg(feature = "records")]
    mod get_record;
    mod list;
    mod resource;
    mod update;

    pub use create::CreateDocumentVersion;
    pub use get::GetVersion;
    #[cfg(feature = "records")]
    pub use get_record::GetVersionRecord;
    pub use list::ListDocumentVersions;
    pub use resource::{VersionResource, VersionsResource};
    pub use update::UpdateVersion;

    pub use factify_types::versions::*;
}

/// Lists the operations. Those with `#[records]` exist only with this feature.
macro_rules! operations {
    // Sorts them into all, and those that always exist.
    (@sort $d:tt [$($all:tt)*] $always:tt #[records] $area:ident::$Name:ident, $($rest:tt)*) => {
        operations! { @sort $d [$($all)* $area::$Name,] $always $($rest)* }
    };
    (@sort $d:tt [$($all:tt)*] [$($always:tt)*] $area:ident::$Name:ident, $($rest:tt)*) => {
        operations! { @sort $d [$($all)* $area::$Name,] [$($always)* $area::$Name,] $($rest)* }
    };
    (@sort $d:tt [$($all:tt)*] [$($always:tt)*]) => {
        #[cfg(feature = "records")]
        operations! { @list $d $($all)* }
        #[cfg(not(feature = "records"))]
        operations! { @list $d $($always)* }
    };
    (@list $d:tt $($area:ident::$Name:ident,)+) => {
        /// The constants of all operations of this crate, in alphabetical order.
        pub const OPERATIONS: &[OperationInfo] = &[$($area::$Name::INFO),+];

        /// Calls a macro with the types of all operations of this crate, in the order of
        /// `OPERATIONS`.
        ///
        /// ```
        /// # extern crate factify_core as factify;
        /// use factify::Operation;
        ///
        /// macro_rules! print_paths {
        ///     ($($Operation:ty),+) => {
        ///         $(println!("{}", <$Operation>::INFO.path);)+
        ///     };
        /// }
        ///
        /// factify::for_each_operation!(print_paths);
        /// ```
        #[macro_export]
        macro_rules! for_each_operation {
            ($d callback:ident) => {
                $d callback! { $($crate::$area::$Name),+ }
            };
        }
    };
    ($d:tt $($operations:tt)+) => {
        operations! { @sort $d [] [] $($operations)+ }
    };
}

operations! {
    $
    invites::AcceptOrganizationInvite,
    members::AddOrganizationMember,
    access_requests::ApproveAccessRequest,
    policies::AttachDocumentPolicy,
    access_requests::CheckAccessRequestStatus,
    access_requests::CreateAccessRequest,
    api_keys::CreateApiKey,
    documents::CreateDocument,
    versions::CreateDocumentVersion,
    organizations::CreateOrganization,
    invites::CreateOrganizationInvite,
    sharing::CreateShareLink,
    usage::DeleteApiKeyQuota,
    access_requests::DenyAccessRequest,
    policies::DetachDocumentPolicy,
    documents::ExportDocument,
    entry_pages::GenerateDocumentEntryPage,
    documents::GetDocument,
    documents::GetDocumentQuota,
    timelines::GetDocumentTimeline,
    sharing::GetGeneralAccess,
    users::GetMe,
    organizations::GetOrganization,
    organizations::GetOrganizationPublicProfile,
    usage::GetOrganizationQuota,
    usage::GetUsageHistory,
    users::GetUserPreferences,
    versions::GetVersion,
    #[records]
    versions::GetVersionRecord,
    sharing::GrantDocumentAccess,
    access_requests::InspectDocumentAccess,
    usage::ListApiKeyQuotas,
    access_requests::ListAccessRequests,
    api_keys::ListApiKeys,
    sharing::ListDocumentAccess,
    documents::ListDocumentDuplicates,
    policies::ListDocumentPolicies,
    versions::ListDocumentVersions,
    documents::ListDocuments,
    invites::ListOrganizationInvites,
    members::ListOrganizationMembers,
    organizations::ListOrganizations,
    documents::ProcessDocument,
    members::RemoveOrganizationMember,
    invites::ResendOrganizationInvite,
    api_keys::RevokeApiKey,
    sharing::RevokeDocumentAccess,
    invites::RevokeOrganizationInvite,
    usage::SetApiKeyQuota,
    sharing::SetGeneralAccess,
    documents::TransferDocumentOwnership,
    documents::TrashDocument,
    documents::UntrashDocument,
    documents::UpdateDocument,
    sharing::UpdateDocumentAccess,
    organizations::UpdateOrganization,
    members::UpdateOrganizationMember,
    versions::UpdateVersion,
    organizations::UploadOrganizationLogo,
}
