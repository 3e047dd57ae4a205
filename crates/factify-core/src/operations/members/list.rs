use factify_types::OrganizationId;
use factify_types::members::OrganizationMember;

use super::MembersResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the members of the organization, one page at a time.
    ///
    /// The caller must be a member.
    #[id = "listOrganizationMembers", sdk = "organizations.members.list"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}/members"]
    #[response(Page<OrganizationMember>)]
    #[call(MembersResource::list)]
    pub struct ListOrganizationMembers {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The maximum number of members in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}
