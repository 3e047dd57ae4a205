//! The presigned URLs of uploaded files.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use bytes::Bytes;
use factify_core::documents::ExportedDocument;
use factify_core::entry_pages::EntryPage;
use factify_core::{DocumentId, PresignedUrl, Timestamp, VersionId};
use http::{HeaderName, HeaderValue, Request, Uri};

use super::documents::StoredFile;
use super::{World, entry_page};
use crate::target::absolute;

/// The start of the path of every file.
pub(crate) const PATH: &str = "/_sandbox/files/";

/// The path of an entry page, before the ID of its document.
const ENTRY_PAGES: &str = "/_sandbox/files/entry-pages/";

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
    let (url, expires_at) = sign(world, request, &format!("{PATH}{version}"))?;
    let url = url.header(HEADER, HeaderValue::from_static("1")).ok()?;
    Some(ExportedDocument::new(url, expires_at))
}

/// A URL for the entry page of a document, on the server of this request. It needs no header.
pub(crate) fn entry_page(
    world: &World,
    request: &Request<Bytes>,
    document: DocumentId,
) -> Option<EntryPage> {
    let (url, _) = sign(world, request, &format!("{ENTRY_PAGES}{document}"))?;
    Some(EntryPage::new(url))
}

fn sign(world: &World, request: &Request<Bytes>, path: &str) -> Option<(PresignedUrl, Timestamp)> {
    let expires_at = world.now().checked_add(VALID)?;
    let signature = signature(world, path, expires_at);
    let target = format!("{path}?expires={expires_at}&signature={signature:016x}");
    let url = PresignedUrl::parse(&absolute(request, &target)).ok()?;
    Some((url, expires_at))
}

/// What a request for a file gets.
pub(crate) enum Found {
    File(StoredFile),
    /// The entry page of this document.
    EntryPage(DocumentId, StoredFile),
    Expired,
    Unknown,
}

/// The file at this path and query.
pub(crate) fn find(world: &World, uri: &Uri) -> Found {
    let query = uri.query().unwrap_or_default();
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let value = |name: &str| {
        let mut pairs = query.iter();
        pairs
            .find(|(found, _)| found == name)
            .map(|(_, value)| &**value)
    };
    let expires_at = value("expires").and_then(|time| time.parse::<Timestamp>().ok());
    let Some(expires_at) = expires_at else {
        return Found::Unknown;
    };
    let expected = format!("{:016x}", signature(world, uri.path(), expires_at));
    if value("signature") != Some(&*expected) {
        return Found::Unknown;
    }
    if expires_at <= world.now() {
        return Found::Expired;
    }
    if let Some(id) = uri.path().strip_prefix(ENTRY_PAGES) {
        let document = id.parse().ok().and_then(|id| world.documents.get(id));
        return document.map_or(Found::Unknown, |document| {
            let content_type = "application/pdf".to_owned();
            let bytes = entry_page::pdf(document).into();
            let page = StoredFile::new("entry-page.pdf", content_type, bytes);
            Found::EntryPage(document.id, page)
        });
    }
    let id = uri.path().strip_prefix(PATH).and_then(|id| id.parse().ok());
    let version = id.and_then(|id| world.documents.version(id));
    version.map_or(Found::Unknown, |version| Found::File(version.file.clone()))
}

fn signature(world: &World, path: &str, expires_at: Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    (world.page_secret(), path, expires_at.to_string()).hash(&mut hasher);
    hasher.finish()
}
