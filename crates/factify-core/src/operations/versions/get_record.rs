use factify_types::VersionId;
use factify_types::records::Record;

use super::VersionResource;
use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads the content of the version: a document or a spreadsheet.
    ///
    /// The API does not document its response for a version that is not ready. So wait first, with
    /// [`DocumentResource::wait_until_processed`](crate::documents::DocumentResource::wait_until_processed).
    ///
    /// The record of a large spreadsheet is large. The limit of its response is 64 MiB, unless you set
    /// [`ClientConfig::max_response_bytes`](crate::ClientConfig::max_response_bytes). On a slow connection, set a
    /// longer `timeout` for the call.
    #[id = "getVersionRecord", sdk = "versions.getRecord"]
    #[idempotent]
    #[GET = "/v1beta/versions/{version_id}/record"]
    #[response(record: Record)]
    #[call(VersionResource::record)]
    #[max_response_bytes = 64 << 20]
    pub struct GetVersionRecord {
        /// The version.
        #[path(resource)]
        pub version_id: VersionId,
    }
}

impl ResponseBody for Record {}
