use factify_types::OrganizationId;
use factify_types::organizations::Organization;

use super::{InvitationToken, InvitesResource};
use crate::error::Error;
use crate::operations::declare::operation;

operation! {
    /// Joins the organization with the token of an invitation's email.
    ///
    /// The caller must be a user whose verified address is the invited address (case-insensitive).
    #[id = "acceptOrganizationInvite", sdk = "organizations.invites.accept"]
    #[not_idempotent = "a second request could add a member again who was removed in between, since the API does not document that it refuses a used token"]
    #[POST = "/v1beta/organizations/{organization_id}/invites/accept"]
    #[body(json)]
    #[response({ organization: Organization })]
    #[verify(organization.id == organization_id)]
    #[call(InvitesResource::accept)]
    #[advice = advice]
    pub struct AcceptOrganizationInvite {
        /// The organization to join.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The token from the email.
        #[secret]
        pub token: InvitationToken,
    }
}

fn advice(error: &Error) -> Option<&'static str> {
    if error.is_permission_denied() {
        return Some("Use the key of the invited user.");
    }
    error.is_not_found().then_some(
        "Use the token of the newest email, which invalidates the earlier ones. The invite may also \
         have expired or been revoked.",
    )
}
