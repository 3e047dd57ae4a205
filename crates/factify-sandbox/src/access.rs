//! Who may call which operation, and how a call counts against the rate limits.

use bytes::Bytes;
use factify_core::access_requests::{
    ApproveAccessRequest, CheckAccessRequestStatus, CreateAccessRequest, DenyAccessRequest,
    InspectDocumentAccess, ListAccessRequests,
};
use factify_core::api_keys::{CreateApiKey, ListApiKeys, RevokeApiKey};
use factify_core::documents::{
    CreateDocument, ExportDocument, GetDocument, GetDocumentQuota, ListDocumentDuplicates,
    ListDocuments, ProcessDocument, TransferDocumentOwnership, TrashDocument, UntrashDocument,
    UpdateDocument,
};
use factify_core::entry_pages::GenerateDocumentEntryPage;
use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, ListOrganizationInvites,
    ResendOrganizationInvite, RevokeOrganizationInvite,
};
use factify_core::members::{
    AddOrganizationMember, ListOrganizationMembers, RemoveOrganizationMember,
    UpdateOrganizationMember,
};
use factify_core::organizations::{
    CreateOrganization, GetOrganization, GetOrganizationPublicProfile, ListOrganizations,
    OrganizationRole, UpdateOrganization, UploadOrganizationLogo,
};
use factify_core::policies::{AttachDocumentPolicy, DetachDocumentPolicy, ListDocumentPolicies};
use factify_core::sharing::{
    CreateShareLink, DocumentRole, GetGeneralAccess, GrantDocumentAccess, ListDocumentAccess,
    RevokeDocumentAccess, SetGeneralAccess, UpdateDocumentAccess,
};
use factify_core::timelines::GetDocumentTimeline;
use factify_core::usage::{
    DeleteApiKeyQuota, GetOrganizationQuota, GetUsageHistory, ListApiKeyQuotas, SetApiKeyQuota,
};
use factify_core::users::{GetMe, GetUserPreferences};
use factify_core::versions::{
    CreateDocumentVersion, GetVersion, GetVersionRecord, ListDocumentVersions, UpdateVersion,
};
use factify_core::{
    ApiKeyId, DocumentId, Operation, OperationInfo, OrganizationId, ParameterPlace, PathValues,
    UserId, VersionId,
};
use http::Request;
use serde_json::Value;

use crate::respond::Refusal;
use crate::routes::Caller;
use crate::world::World;
use crate::world::documents::DocumentState;

use Access::{
    Anyone, AskForDocument, ChangeDocument, ChangeVersion, Manage, ManageDocument, ManageOrSelf,
    Member, MemberOrManage, OfKey, OpenDocument, OpenVersion, SignedIn, User,
};
use Counts::{AsCreation, AsRequest};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Everybody, even without a key.
    Anyone,
    /// Every user, with an API key or a user token.
    User,
    /// Every user, but only with a user token.
    SignedIn,
    /// A member of the organization that the request names, or else of that of the caller.
    Member,
    /// A member of the organization of the caller, or an owner or admin of another one that the request names.
    MemberOrManage,
    /// An owner or admin of this organization.
    Manage,
    /// An owner or admin, or the member in the path.
    ManageOrSelf,
    /// An owner or admin of the organization of the API key in the path.
    OfKey,
    /// A user who can open the document in the path.
    OpenDocument,
    /// A user who can open and change the document in the path.
    ChangeDocument,
    /// A user who can manage the document in the path.
    ManageDocument,
    /// Every user, for a document that exists and is not in the trash.
    AskForDocument,
    /// A user who can open the document of the version in the path.
    OpenVersion,
    /// A user who can open and change the document of the version in the path.
    ChangeVersion,
}

/// How a call counts against the rate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// As a request.
    AsRequest,
    /// As a request and as a creation; the limit of creations is lower.
    AsCreation,
}

/// For each operation, who may call it and how a call counts.
static ACCESS: &[(OperationInfo, Access, Counts)] = &[
    (AcceptOrganizationInvite::INFO, User, AsRequest),
    (AddOrganizationMember::INFO, Manage, AsCreation),
    (ApproveAccessRequest::INFO, ManageDocument, AsRequest),
    (AttachDocumentPolicy::INFO, ManageDocument, AsRequest),
    (CheckAccessRequestStatus::INFO, AskForDocument, AsRequest),
    (CreateAccessRequest::INFO, AskForDocument, AsCreation),
    (CreateApiKey::INFO, Manage, AsCreation),
    (CreateDocument::INFO, User, AsCreation),
    (CreateDocumentVersion::INFO, ChangeDocument, AsCreation),
    (CreateOrganization::INFO, User, AsCreation),
    (CreateOrganizationInvite::INFO, Manage, AsCreation),
    (CreateShareLink::INFO, ManageDocument, AsCreation),
    (DeleteApiKeyQuota::INFO, Manage, AsRequest),
    (DenyAccessRequest::INFO, ManageDocument, AsRequest),
    (DetachDocumentPolicy::INFO, ManageDocument, AsRequest),
    (ExportDocument::INFO, OpenDocument, AsRequest),
    (GenerateDocumentEntryPage::INFO, OpenDocument, AsRequest),
    (GetDocument::INFO, OpenDocument, AsRequest),
    (GetDocumentQuota::INFO, User, AsRequest),
    (GetDocumentTimeline::INFO, OpenDocument, AsRequest),
    (GetGeneralAccess::INFO, OpenDocument, AsRequest),
    (GetMe::INFO, SignedIn, AsRequest),
    (GetOrganization::INFO, Member, AsRequest),
    (GetOrganizationPublicProfile::INFO, Anyone, AsRequest),
    (GetOrganizationQuota::INFO, MemberOrManage, AsRequest),
    (GetUsageHistory::INFO, Member, AsRequest),
    (GetUserPreferences::INFO, SignedIn, AsRequest),
    (GetVersion::INFO, OpenVersion, AsRequest),
    (GetVersionRecord::INFO, OpenVersion, AsRequest),
    (GrantDocumentAccess::INFO, ManageDocument, AsRequest),
    (InspectDocumentAccess::INFO, OpenDocument, AsRequest),
    (ListAccessRequests::INFO, ManageDocument, AsRequest),
    (ListApiKeyQuotas::INFO, Manage, AsRequest),
    (ListApiKeys::INFO, Manage, AsRequest),
    (ListDocumentAccess::INFO, OpenDocument, AsRequest),
    (ListDocumentDuplicates::INFO, OpenDocument, AsRequest),
    (ListDocumentPolicies::INFO, OpenDocument, AsRequest),
    (ListDocuments::INFO, User, AsRequest),
    (ListDocumentVersions::INFO, OpenDocument, AsRequest),
    (ListOrganizationInvites::INFO, Manage, AsRequest),
    (ListOrganizationMembers::INFO, Member, AsRequest),
    (ListOrganizations::INFO, User, AsRequest),
    (ProcessDocument::INFO, ChangeDocument, AsRequest),
    (RemoveOrganizationMember::INFO, ManageOrSelf, AsRequest),
    (ResendOrganizationInvite::INFO, Manage, AsRequest),
    (RevokeApiKey::INFO, OfKey, AsRequest),
    (RevokeDocumentAccess::INFO, ManageDocument, AsRequest),
    (RevokeOrganizationInvite::INFO, Manage, AsRequest),
    (SetApiKeyQuota::INFO, Manage, AsRequest),
    (SetGeneralAccess::INFO, ManageDocument, AsRequest),
    (TransferDocumentOwnership::INFO, ManageDocument, AsRequest),
    (TrashDocument::INFO, ManageDocument, AsRequest),
    (UntrashDocument::INFO, ManageDocument, AsRequest),
    (UpdateDocument::INFO, ChangeDocument, AsRequest),
    (UpdateDocumentAccess::INFO, ManageDocument, AsRequest),
    (UpdateOrganization::INFO, Manage, AsRequest),
    (UpdateOrganizationMember::INFO, Manage, AsRequest),
    (UpdateVersion::INFO, ChangeVersion, AsRequest),
    (UploadOrganizationLogo::INFO, Manage, AsCreation),
];

fn access(operation: &str) -> Option<Access> {
    let row = ACCESS.iter().find(|(info, ..)| info.id == operation);
    row.map(|(_, access, _)| *access)
}

/// Whether a call counts as a creation.
pub(crate) fn is_creation(operation: &str) -> bool {
    let mut rows = ACCESS.iter();
    rows.any(|(info, _, counts)| info.id == operation && *counts == AsCreation)
}

/// Whether a call needs no authentication.
pub(crate) fn is_public(operation: &str) -> bool {
    access(operation) == Some(Anyone)
}

/// Whether an operation reads or changes quotas.
pub(crate) fn is_on_quotas(operation: &str) -> bool {
    let quotas = "/v1beta/quota";
    let mut rows = ACCESS.iter();
    rows.any(|(info, ..)| info.id == operation && info.path.starts_with(quotas))
}

/// Refuses a caller without permission. For users who are not members, the organization does not exist.
pub(crate) fn check(
    operation: &OperationInfo,
    path: &PathValues<'_>,
    request: &Request<Bytes>,
    world: &World,
    caller: Option<&Caller>,
) -> Result<(), Refusal> {
    let hidden = || Refusal::not_found("Organization not found");
    let access = access(operation.id).ok_or_else(Refusal::internal)?;
    let named = match path.get::<OrganizationId>("organization_id") {
        Some(id) => Some(id?),
        None => named_organization(operation, request),
    };
    let mut parameters = operation.parameters.iter();
    let is_required = parameters.any(|it| it.name == "organization_id" && it.required);
    if is_required && named.is_none() {
        // It is refused as a parameter.
        return Ok(());
    }
    if access != OfKey && named.is_some_and(|id| world.organization(id).is_none()) {
        return Err(hidden());
    }
    let Some(caller) = caller else {
        return Ok(());
    };
    let role_in = |id| world.organization(id).and_then(|it| it.role(caller.id));
    let organization = || match named {
        Some(id) => Ok(id),
        None => caller.organization(world).ok_or_else(hidden),
    };
    let manages = |role: Option<&OrganizationRole>, refusal: Refusal| match role {
        Some(OrganizationRole::Owner | OrganizationRole::Admin) => Ok(()),
        Some(_) => Err(Refusal::forbidden()),
        None => Err(refusal),
    };
    match access {
        SignedIn if caller.key.is_some() => Err(Refusal::forbidden()),
        Anyone | User | SignedIn => Ok(()),
        MemberOrManage if named.is_some() && named != caller.organization(world) => {
            manages(role_in(organization()?), hidden())
        }
        Member | MemberOrManage => role_in(organization()?).map(|_| ()).ok_or_else(hidden),
        Manage => manages(role_in(organization()?), hidden()),
        ManageOrSelf => {
            let user = path.get::<UserId>("user_id").transpose()?;
            let role = role_in(organization()?);
            match (user == Some(caller.id), role) {
                (true, Some(_)) => Ok(()),
                _ => manages(role, hidden()),
            }
        }
        AskForDocument => {
            let document = document(path, world)?;
            let document = document.filter(|document| document.trashed_at.is_none());
            document
                .map(|_| ())
                .ok_or_else(|| Refusal::not_found("Document not found"))
        }
        OpenDocument | ChangeDocument | ManageDocument | OpenVersion | ChangeVersion => {
            let least = match access {
                ManageDocument => DocumentRole::Admin,
                ChangeDocument | ChangeVersion => DocumentRole::Collaborator,
                _ => DocumentRole::Viewer,
            };
            let role = document(path, world)?
                .and_then(|document| world.document_role(document, caller.id));
            match role {
                Some(role) if role >= least => Ok(()),
                Some(_) => Err(Refusal::forbidden()),
                None if path.get::<DocumentId>("document_id").is_some() => {
                    Err(Refusal::not_found("Document not found"))
                }
                None => Err(Refusal::not_found("Version not found")),
            }
        }
        OfKey => {
            let hidden = || Refusal::not_found("API key not found");
            let key = path.get::<ApiKeyId>("api_key_id").ok_or_else(hidden)??;
            let key = world.keys.get(key).ok_or_else(hidden)?;
            manages(key.organization.and_then(role_in), hidden())
        }
    }
}

/// The document in the path, or that of the version in the path.
fn document<'w>(
    path: &PathValues<'_>,
    world: &'w World,
) -> Result<Option<&'w DocumentState>, Refusal> {
    let id = if let Some(id) = path.get::<DocumentId>("document_id") {
        Some(id?)
    } else {
        let version = path.get::<VersionId>("version_id").transpose()?;
        let version = version.and_then(|id| world.documents.version(id));
        version.map(|version| version.document)
    };
    Ok(id.and_then(|id| world.documents.get(id)))
}

/// The organization in the query or the body.
fn named_organization(
    operation: &OperationInfo,
    request: &Request<Bytes>,
) -> Option<OrganizationId> {
    let name = "organization_id";
    let mut parameters = operation.parameters.iter();
    match parameters.find(|parameter| parameter.name == name)?.place {
        ParameterPlace::Query => {
            let query = request.uri().query().unwrap_or_default();
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            // An empty value is the same as none.
            let found = pairs.find(|(found, value)| found == name && !value.is_empty());
            found?.1.parse().ok()
        }
        ParameterPlace::Body => {
            let body: Value = serde_json::from_slice(request.body()).ok()?;
            body.get(name)?.as_str()?.parse().ok()
        }
        _ => None,
    }
}
