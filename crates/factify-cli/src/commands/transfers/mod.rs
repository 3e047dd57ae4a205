//! The commands of documents and versions that move files, or wait for their processing.

mod content;
pub(super) mod download;
pub(super) mod export_url;
mod files;
mod journal;
mod lost;
mod names;
mod part;
pub(super) mod record;
pub(super) mod text;
pub(super) mod upload;
pub(super) mod upload_version;
mod uploading;
pub(super) mod wait;

pub(super) use download::Download;
pub(super) use export_url::ExportUrl;
pub(super) use record::Record;
pub(super) use text::Text;
pub(super) use upload::Upload;
pub(super) use upload_version::UploadVersion;
pub(super) use wait::Wait;

/// How many transfers are in flight.
const IN_FLIGHT: usize = 3;
