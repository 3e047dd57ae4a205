//! What has arrived of a file, and whether the next response continues it.

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MATCH, RANGE,
};

use crate::error::{Error, ErrorKind, Outcome};
use crate::presigned_url::PresignedUrl;

/// The part of a file that has arrived, and the response that brings the next part.
#[derive(Debug, Default)]
pub(super) struct Arriving {
    bytes: u64,
    total: Option<u64>,
    etag: Option<HeaderValue>,
    /// The checksum of the bytes that have arrived, if no strong `ETag` says that the file is the same.
    checksum: Option<Checksum>,
    /// The number of bytes at the start of the response that have arrived before.
    skip: u64,
    /// The checksum of these bytes, as far as they have arrived again.
    repeated: Checksum,
    /// Where in the file the response ends, if that is known.
    end: Option<u64>,
    /// Whether the server sends ranges without the length of the file. Then only a request for the whole file shows
    /// where the file ends.
    has_no_total: bool,
    /// How often the download has started again.
    restarts: u32,
}

impl Arriving {
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn is_complete(&self) -> bool {
        self.total == Some(self.bytes)
    }

    pub(super) fn restarts(&self) -> u32 {
        self.restarts
    }

    /// The `ETag` of the file, if the next request asks for its rest.
    fn resumed(&self) -> Option<&HeaderValue> {
        let asks_for_all = self.bytes == 0 || self.checksum.is_some() || self.has_no_total;
        self.etag.as_ref().filter(|_| !asks_for_all)
    }

    pub(super) fn is_resumed(&self) -> bool {
        self.resumed().is_some()
    }

    /// Asks for what has not arrived yet, or for the whole file if the rest could be that of another file.
    pub(super) fn rest(&self, url: PresignedUrl) -> Result<PresignedUrl, Error> {
        let Some(etag) = self.resumed() else {
            return Ok(url);
        };
        let start = match self.total {
            Some(_) => self.bytes,
            // Perhaps nothing is left, and a range must have a byte. The response says how long the file is.
            None => self.bytes.saturating_sub(1),
        };
        let range = HeaderValue::try_from(format!("bytes={start}-"));
        let range = range.map_err(|error| Error::invalid("no range").with_source(error))?;
        Ok(url
            .public_header(RANGE, range)
            .public_header(IF_MATCH, etag.clone()))
    }

    /// Compares the head of a response with what has arrived.
    pub(super) fn opened(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
        if !headers.get_all(CONTENT_ENCODING).iter().all(is_identity) {
            return Err(mismatch("the response is encoded, so it is not the file"));
        }
        let (start, end, total) = match status {
            StatusCode::OK => {
                let length = number(text(headers, CONTENT_LENGTH));
                (0, length, length)
            }
            StatusCode::PARTIAL_CONTENT => {
                let range = text(headers, CONTENT_RANGE).and_then(content_range);
                let (start, end, total) = range.ok_or_else(another_part)?;
                (start, Some(end), total)
            }
            _ => return Err(mismatch("the response is not a file").with_status(Some(status))),
        };
        let etag = headers.get(ETAG);
        if self.bytes == 0 {
            self.etag = etag.cloned();
            let is_strong = etag.is_some_and(|etag| !etag.as_bytes().starts_with(b"W/"));
            self.checksum = (!is_strong).then(Checksum::default);
            self.total = None;
        }
        let is_other_length = total.is_some_and(|total| {
            total < self.bytes || self.total.is_some_and(|before| before != total)
        });
        if is_other_length || self.etag.is_some() && self.etag.as_ref() != etag {
            return Err(changed());
        }
        self.skip = self.bytes.checked_sub(start).ok_or_else(another_part)?;
        self.repeated = Checksum::default();
        if self.bytes > 0 && start == 0 {
            self.restarts = self.restarts.saturating_add(1);
        }
        self.total = self.total.or(total);
        self.has_no_total |= end.is_some() && self.total.is_none();
        self.end = end.or(self.total);
        Ok(())
    }

    /// The part of a chunk that has not arrived before.
    pub(super) fn chunk(&mut self, mut old: Bytes) -> Result<Bytes, Error> {
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let new = old.split_off(skip.min(old.len()));
        if let Some(checksum) = self.checksum.as_mut().filter(|_| !old.is_empty()) {
            self.repeated.add(&old);
            if self.skip == length(&old) && self.repeated != *checksum {
                return Err(changed());
            }
        }
        self.skip -= length(&old);
        let bytes = self.bytes.saturating_add(length(&new));
        if self.end.is_some_and(|end| bytes > end) && !new.is_empty() {
            return Err(mismatch("the response is longer than it says"));
        }
        if let Some(checksum) = &mut self.checksum {
            checksum.add(&new);
        }
        self.bytes = bytes;
        Ok(new)
    }

    /// Whether the end of a response is the end of the file.
    pub(super) fn ended(&self) -> Result<(), Error> {
        match (self.end, self.skip) {
            (None, 0) => Ok(()),
            // It was cut, or the server sent less than what was asked for.
            _ => Err(Error::new(ErrorKind::Interrupted, Outcome::NotApplied).with_retryable(true)),
        }
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Whether this is no encoding. Some stores send the header without a value.
fn is_identity(encoding: &HeaderValue) -> bool {
    encoding.is_empty() || encoding.as_bytes().eq_ignore_ascii_case(b"identity")
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn number(text: Option<&str>) -> Option<u64> {
    text?.trim().parse().ok()
}

/// The start of a range, its end, which is not part of it, and the length of the file if it is known.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (number(Some(first))?, number(Some(last))?);
    let total = match total.trim() {
        "*" => None,
        total => Some(number(Some(total))?),
    };
    let is_valid = first <= last && total.is_none_or(|total| last < total);
    is_valid.then_some((first, last.checked_add(1)?, total))
}

fn mismatch(detail: &'static str) -> Error {
    Error::new(ErrorKind::Mismatch, Outcome::NotApplied).with_detail(detail)
}

fn another_part() -> Error {
    mismatch("the response is not the part of the file that was requested")
}

pub(super) fn changed() -> Error {
    mismatch("the file has changed while it was downloaded").with_advice("Download it again.")
}

/// Detects a change of content, but not one that is made on purpose to stay undetected: FNV-1a with 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_content() {
        for (text, expected) in [
            ("bytes 0-0/1", Some((0, 1, Some(1)))),
            ("bytes 3-9/10", Some((3, 10, Some(10)))),
            ("bytes 3-9/*", Some((3, 10, None))),
            ("bytes 3-9/9", None),
            ("bytes 9-3/10", None),
            ("bytes */10", None),
            ("bytes 3-9", None),
            ("bytes -9/10", None),
            ("lines 3-9/10", None),
            ("bytes 0-18446744073709551615/*", None),
            ("", None),
        ] {
            assert_eq!(content_range(text), expected, "{text}");
        }
    }

    #[test]
    fn the_checksum_depends_on_each_byte_and_not_on_the_chunks() {
        let of = |chunks: &[&[u8]]| {
            let mut checksum = Checksum::default();
            for chunk in chunks {
                checksum.add(chunk);
            }
            checksum
        };
        // From the authors' list of test values.
        assert_eq!(of(&[b"foobar"]), Checksum(0x8594_4171_f739_67e8));
        assert_eq!(of(&[b"foo", b"", b"bar"]), of(&[b"foobar"]));
        assert_ne!(of(&[b"foobas"]), of(&[b"foobar"]));
    }
}
