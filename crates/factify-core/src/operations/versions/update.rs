use factify_types::VersionId;
use factify_types::versions::Version;

use super::VersionResource;
use crate::operations::declare::operation;

operation! {
    /// Changes the title or the description of the version. A value that you do not set does not change.
    #[id = "updateVersion", sdk = "versions.update"]
    #[idempotent]
    #[PATCH = "/v1beta/versions/{version_id}"]
    #[body(json)]
    #[response(version: Version)]
    #[verify(version.id == version_id)]
    #[call(VersionResource::update)]
    pub struct UpdateVersion {
        /// The version.
        #[path(resource)]
        pub version_id: VersionId,
        /// The new title. It can be empty.
        #[limit(characters = 0..=255)]
        pub title: Option<String>,
        /// The new description.
        pub description: Option<String>,
    }
}
