//! The presigned URLs of uploaded files.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use factify_core::documents::ExportedDocument;
use factify_core::{PresignedUrl, Timestamp, VersionId};
use http::{HeaderName, HeaderValue, Request, Uri};

use super::World;
use super::documents::StoredFile;
use crate::target::absolute;

/// The path of a file, before the ID of its version.
pub(crate) const PATH: &str = "/_sandbox/files/";

/// How long a URL is valid, on the sandbox's clock.
const VALID: Duration = Duration::from_secs(15 * 60);

/// The header that a download must have.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-sandbox-download");

/// A URL for the file of a version, on the server of this request.
pub(crate) fn export(
    world: &World,
    request: &Request<Bytes>,
    version: VersionId,
) -> Option<ExportedDocument> {
    let expires_at = world.now().checked_add(VALID)?;
    let signature = signature(world, version, expires_at);
    let path = format!("{PATH}{version}?expires={expires_at}&signature={signature:016x}");
    let url = PresignedUrl::parse(&absolute(request, &path)).ok()?;
    let url = url.header(HEADER, HeaderValue::from_static("1")).ok()?;
    Some(ExportedDocument::new(url, expires_at))
}

/// What a request for a file gets.
pub(crate) enum Found<'w> {
    File(&'w StoredFile),
    Expired,
    Unknown,
}

/// The file at this path and query.
pub(crate) fn find<'w>(world: &'w World, uri: &Uri) -> Found<'w> {
    let read = || {
        let version: VersionId = uri.path().strip_prefix(PATH)?.parse().ok()?;
        let query: Vec<_> = form_urlencoded::parse(uri.query()?.as_bytes()).collect();
        let value = |name: &str| {
            query
                .iter()
                .find(|(found, _)| found == name)
                .map(|it| &*it.1)
        };
        let expires_at: Timestamp = value("expires")?.parse().ok()?;
        let expected = format!("{:016x}", signature(world, version, expires_at));
        (value("signature")? == expected).then_some((version, expires_at))
    };
    match read() {
        Some((_, expires_at)) if expires_at <= world.now() => Found::Expired,
        Some((version, _)) => world
            .documents
            .version(version)
            .map_or(Found::Unknown, |version| Found::File(&version.file)),
        None => Found::Unknown,
    }
}

fn signature(world: &World, version: VersionId, expires_at: Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    (
        world.page_secret(),
        version.as_str(),
        expires_at.to_string(),
    )
        .hash(&mut hasher);
    hasher.finish()
}
