use factify_types::invites::OrganizationInvite;
use factify_types::{InviteId, OrganizationId};

use super::InvitesResource;
use crate::operations::declare::operation;

operation! {
    /// Sends the email of an invite again.
    ///
    /// Needs the permission to invite members. An accepted or revoked invite is refused. The API does
    /// not document what happens to an expired invite.
    #[id = "resendOrganizationInvite", sdk = "organizations.invites.resend"]
    #[not_idempotent = "it sends another email"]
    #[POST = "/v1beta/organizations/{organization_id}/invites/{invite_id}/resend"]
    #[body(json)]
    #[response({ invite: OrganizationInvite })]
    #[verify(invite.id == invite_id, invite.organization_id == organization_id)]
    #[call(InvitesResource::resend)]
    pub struct ResendOrganizationInvite {
        /// The organization that the invite is for.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The invite to resend.
        #[path]
        pub invite_id: InviteId,
    }
}
