use factify_core::api_keys::ApiKey;
use factify_core::documents::Document;
use factify_core::invites::OrganizationInvite;
use factify_core::members::OrganizationMember;
use factify_core::organizations::Organization;
use factify_core::policies::Policy;
use factify_core::users::User;
use factify_core::{OrganizationId, Timestamp};
use serde::Serialize;

use crate::handlers::members;
use crate::sandbox::Sandbox;

/// The objects of the API, in order of creation.
#[derive(Serialize)]
pub(super) struct State {
    now: Timestamp,
    organizations: Vec<OrganizationState>,
    users: Vec<User>,
    documents: Vec<Document>,
    policies: Vec<OwnedPolicy>,
}

#[derive(Serialize)]
struct OrganizationState {
    organization: Organization,
    members: Vec<OrganizationMember>,
    invites: Vec<OrganizationInvite>,
    api_keys: Vec<ApiKey>,
}

#[derive(Serialize)]
struct OwnedPolicy {
    organization_id: OrganizationId,
    policy: Policy,
}

pub(super) fn show(sandbox: &Sandbox) -> State {
    let organizations = sandbox.organizations().into_iter();
    let organizations = organizations.map(|organization| {
        let id = organization.id;
        let members = members::all(&sandbox.lock(), id);
        OrganizationState {
            members,
            invites: sandbox.invites_of(id),
            api_keys: sandbox.api_keys_of(id),
            organization,
        }
    });
    let organizations = organizations.collect();
    let documents = sandbox.documents();
    let world = sandbox.lock();
    let policies = world.policies.all().iter();
    State {
        now: world.now(),
        organizations,
        users: world.users().to_vec(),
        documents,
        policies: policies
            .map(|(organization_id, policy)| OwnedPolicy {
                organization_id: *organization_id,
                policy: policy.clone(),
            })
            .collect(),
    }
}
