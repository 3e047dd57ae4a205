use factify_types::UserId;
use factify_types::organizations::Organization;

use super::OrganizationsResource;
use crate::operations::declare::operation;

operation! {
    /// Creates an organization. The caller becomes its owner.
    ///
    /// The API documents this operation as **internal to Factify**: it may refuse you, and it may change
    /// without notice.
    #[id = "createOrganization"]
    #[not_idempotent = "it creates another organization"]
    #[POST = "/v1beta/organizations"]
    #[body(json)]
    #[response({ organization: Organization })]
    #[call(OrganizationsResource::create)]
    #[in_doubt = in_doubt]
    pub struct CreateOrganization {
        /// The name.
        #[limit(characters = 1..=255)]
        pub name: String,
        /// The owner. A user other than the caller needs the role of a system maintainer. A service account
        /// must name one, because it cannot own an organization.
        pub owner_user_id: Option<UserId>,
    }
}

fn in_doubt(create: &CreateOrganization) -> String {
    format!(
        "An organization with the name {:?} may exist now. List your organizations before you create \
         another.",
        create.name,
    )
}
