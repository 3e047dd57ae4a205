//! Downloads from presigned URLs, like those of a store of files.

use std::ops::Range;

use bytes::Bytes;
use factify_core::ErrorReason;
use factify_core::timelines::TimelineEventType;
use http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, RANGE,
};
use http::{Request, Response, StatusCode};

use crate::respond::Refusal;
use crate::world::World;
use crate::world::files::{self, Found, HEADER};

/// The file at a presigned URL, or the range of it that the request asks for.
pub(crate) fn file(
    world: &mut World,
    request: &Request<Bytes>,
) -> Result<Response<Bytes>, Refusal> {
    let headers = request.headers();
    refuse_token(headers)?;
    let (file, of_entry_page) = match files::find(world, request.uri()) {
        Found::File(file) => (file, None),
        Found::EntryPage(document, file) => (file, Some(document)),
        Found::Expired => return Err(Refusal::forbidden_for("The URL has expired")),
        Found::Unknown => return Err(Refusal::forbidden_for("The signature does not match")),
    };
    if of_entry_page.is_none() && !headers.contains_key(HEADER) {
        return Err(Refusal::forbidden_for("A header of the URL is missing"));
    }
    let length = file.bytes.len();
    let etag = format!("\"{:08x}-{length}\"", crc32fast::hash(&file.bytes));
    let etag = HeaderValue::try_from(etag).map_err(|_| Refusal::internal())?;
    if headers
        .get(IF_MATCH)
        .is_some_and(|expected| *expected != etag)
    {
        return Err(Refusal::changed());
    }
    let asked = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let range = asked.and_then(|range| parsed(range, length));
    let mut response = match &range {
        Some(range) if range.is_empty() => {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            response
        }
        Some(range) => {
            let mut response = Response::new(file.bytes.slice(range.clone()));
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response
        }
        None => Response::new(file.bytes.clone()),
    };
    let is_beginning = range
        .as_ref()
        .is_none_or(|range| range.start == 0 && !range.is_empty());
    if let Some(range) = range {
        let value = if range.is_empty() {
            format!("bytes */{length}")
        } else {
            format!("bytes {}-{}/{length}", range.start, range.end - 1)
        };
        let value = HeaderValue::try_from(value).map_err(|_| Refusal::internal())?;
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    let content_type = HeaderValue::try_from(&file.content_type);
    let content_type = content_type.map_err(|_| Refusal::internal())?;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response.headers_mut().insert(ETAG, etag);
    let bytes = HeaderValue::from_static("bytes");
    response.headers_mut().insert(ACCEPT_RANGES, bytes);
    if let Some(document) = of_entry_page.filter(|_| is_beginning) {
        let what = TimelineEventType::DocumentEntryPageDownloaded;
        world.happened(document, None, what);
    }
    Ok(response)
}

/// Like real stores, the sandbox refuses a presigned URL with a bearer token.
pub(crate) fn refuse_token(headers: &http::HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(AUTHORIZATION) {
        let message = "A presigned URL must not have a bearer token";
        let reason = ErrorReason::InvalidFieldValue;
        return Err(Refusal::invalid(reason, "authorization", message));
    }
    Ok(())
}

/// A range of bytes, empty if it is not within the file. `None` for other forms, which servers may ignore.
fn parsed(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) {
        return None;
    }
    if first.is_empty() {
        let suffix: usize = last.parse().ok()?;
        return Some(length.saturating_sub(suffix)..length);
    }
    let first: usize = first.parse().ok()?;
    let end = match last {
        "" => length,
        last => {
            let last = last.parse::<usize>().ok().filter(|last| *last >= first)?;
            last.saturating_add(1).min(length)
        }
    };
    Some(first.min(end)..end)
}

#[cfg(test)]
mod tests {
    use super::parsed;

    #[test]
    fn ranges_of_bytes() {
        for (range, expected) in [
            ("bytes=0-", Some(0..10)),
            ("bytes=3-5", Some(3..6)),
            ("bytes=3-100", Some(3..10)),
            ("bytes=10-", Some(10..10)),
            ("bytes=-4", Some(6..10)),
            ("bytes=-40", Some(0..10)),
            ("bytes=a-", None),
            ("bytes=+5-", None),
            ("bytes=5-3", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-", None),
        ] {
            assert_eq!(parsed(range, 10), expected, "{range}");
        }
    }
}
