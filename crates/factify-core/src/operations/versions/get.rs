use factify_types::VersionId;
use factify_types::versions::Version;

use super::VersionResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads the version.
    #[id = "getVersion", sdk = "versions.get"]
    #[idempotent]
    #[GET = "/v1beta/versions/{version_id}"]
    #[response(version: Version)]
    #[verify(version.id == version_id)]
    #[call(VersionResource::get)]
    pub struct GetVersion {
        /// The version.
        #[path(resource)]
        pub version_id: VersionId,
    }
}

impl ResponseBody for Version {}
