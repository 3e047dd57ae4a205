use factify_types::organizations::{Organization, OrganizationRole};

use super::OrganizationsResource;
use crate::operations::declare::operation;

operation! {
    /// Lists the organizations that the caller has access to, one page at a time.
    #[id = "listOrganizations", sdk = "organizations.list"]
    #[idempotent]
    #[GET = "/v1beta/organizations"]
    #[response(Page<Organization>)]
    #[call(OrganizationsResource::list)]
    pub struct ListOrganizations {
        /// Organizations in which the caller has this role.
        pub role: Vec<OrganizationRole>,
        /// The maximum number of organizations in a page. The API's default is 50.
        #[limit(value = 1..=100)]
        pub page_size: Option<u32>,
        /// The token of the page to read. Without it, the first page.
        pub page_token: Option<String>,
    }
}
