use factify_types::invites::OrganizationInvite;
use factify_types::{InviteId, OrganizationId};

use super::InvitesResource;
use crate::operations::declare::operation;

operation! {
    /// Sends the email of an invite again.
    ///
    /// Needs the permission to invite members. The API's document does not say what it makes of an
    /// expired invite. One that was accepted or revoked is refused.
    #[id = "resendOrganizationInvite"]
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
        /// The invite to send again.
        #[path]
        pub invite_id: InviteId,
    }
}
