use factify_types::OrganizationId;

use super::{LogoImage, OrganizationResource};
use crate::operations::declare::operation;

operation! {
    /// Uploads an image for the logo, and returns its public URL.
    ///
    /// It does not change the organization: set the URL with [`OrganizationResource::update`]. A response without
    /// the URL is an error with the outcome `Applied`.
    #[id = "uploadOrganizationLogo", sdk = "organizations.logo.upload"]
    #[not_idempotent = "it stores another image"]
    #[POST = "/v1beta/organizations/{organization_id}/logo"]
    #[body(json)]
    #[response({ logo_url: String })]
    #[call(OrganizationResource::upload_logo)]
    #[in_doubt = in_doubt]
    pub struct UploadOrganizationLogo {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The image.
        pub image_data: LogoImage,
        /// The content type. It is only informational: the API reads the format from the image.
        pub content_type: Option<String>,
    }
}

fn in_doubt(_: &UploadOrganizationLogo) -> String {
    "The image may be stored now. You can upload it again: an image has no effect until you set its URL."
        .to_owned()
}
