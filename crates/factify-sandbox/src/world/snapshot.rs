use factify_core::access_requests::AccessRequest;
use factify_core::api_keys::ApiKey;
use factify_core::invites::OrganizationInvite;
use factify_core::organizations::{Organization, OrganizationRole};
use factify_core::policies::Policy;
use factify_core::sharing::ShareLink;
use factify_core::users::User;
use factify_core::{OrganizationId, Timestamp, UserId};

use super::documents::{DocumentState, VersionState};
use super::timeline::Event;
use super::{Key, OrganizationState, World};

/// What the requests have changed so far, for comparison. Two snapshots are equal if no request and no
/// expiry between them changed anything. The counts of requests are not a part of it.
///
/// ```
/// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
/// use factify::sandbox::{Persona, Sandbox};
///
/// let sandbox = Sandbox::new(1);
/// let before = sandbox.snapshot();
/// let client = sandbox.blocking_client(Persona::Outsider);
/// let invites = client.organization(sandbox.organization_id()).invites();
/// assert!(invites.create("dwight@example.com".parse()?).send().is_err());
/// assert_eq!(sandbox.snapshot(), before);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    users: Vec<User>,
    keys: Vec<KeySnapshot>,
    organizations: Vec<OrganizationSnapshot>,
    documents: Vec<DocumentState>,
    versions: Vec<VersionState>,
    access_requests: Vec<AccessRequest>,
    policies: Vec<(OrganizationId, Policy)>,
    share_links: Vec<ShareLink>,
    notifications: usize,
    events: Vec<Event>,
    logos: usize,
    emails: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct KeySnapshot {
    user: UserId,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    quota: Option<i32>,
    model: Option<ApiKey>,
}

#[derive(Debug, Clone, PartialEq)]
struct OrganizationSnapshot {
    profile: Organization,
    members: Vec<(UserId, OrganizationRole, Timestamp)>,
    invites: Vec<OrganizationInvite>,
    quota: Option<i32>,
    document_limit: i32,
}

impl Snapshot {
    pub(crate) fn new(world: &mut World) -> Self {
        world.expire();
        let now = world.now();
        let key = |key: &Key| KeySnapshot {
            user: key.user,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            quota: key.quota,
            model: key
                .organization
                .map(|organization| key.model(organization, now)),
        };
        let organization = |of: &OrganizationState| OrganizationSnapshot {
            profile: of.profile.clone(),
            members: of
                .current_members()
                .map(|it| (it.id, it.role.clone(), it.joined_at))
                .collect(),
            invites: of.invites.all().to_vec(),
            quota: of.quota,
            document_limit: of.document_limit,
        };
        Self {
            users: world.users.all().to_vec(),
            keys: world.keys.all().iter().map(key).collect(),
            organizations: world.organizations.all().iter().map(organization).collect(),
            documents: world.documents.all().to_vec(),
            versions: world.documents.versions().to_vec(),
            access_requests: world.access_requests.all().to_vec(),
            policies: world.policies.all().to_vec(),
            share_links: world.share_links.clone(),
            notifications: world.notifications,
            events: world.events.clone(),
            logos: world.logos.count(),
            emails: world.outbox.len(),
        }
    }
}
