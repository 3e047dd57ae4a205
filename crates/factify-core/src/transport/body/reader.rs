use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::vec::IntoIter;

use bytes::{Buf, Bytes};

use super::request::{Part, Parts};

/// Reads the content of a [`RequestBody`](super::RequestBody) from start to end.
///
/// It reads exactly the announced number of bytes, or fails.
pub struct BodyReader {
    parts: IntoIter<Open>,
    current: Option<Open>,
    body: Arc<Parts>,
    read: u64,
}

enum Open {
    Bytes(Bytes),
    Source {
        content: Box<dyn Read + Send>,
        left: u64,
    },
}

impl BodyReader {
    pub(super) fn open(body: Arc<Parts>) -> io::Result<Self> {
        let open = body.content.iter().map(|part| {
            Ok(match part {
                Part::Bytes(bytes) => Open::Bytes(bytes.clone()),
                Part::Source(source, length) => {
                    let mut content = source.open()?;
                    if *length == 0 {
                        check_end(&mut *content)?;
                    }
                    Open::Source {
                        content,
                        left: *length,
                    }
                }
            })
        });
        let open: io::Result<Vec<_>> = open.collect();
        Ok(Self {
            parts: open?.into_iter(),
            current: None,
            body,
            read: 0,
        })
    }

    /// The length of the whole content in bytes.
    #[allow(clippy::len_without_is_empty)] // It is the length of the body.
    pub fn len(&self) -> u64 {
        self.body.length
    }

    /// Returns at most `max` of the next bytes, or `None` at the end. Content in memory is not copied. A
    /// `max` of 0 counts as 1.
    ///
    /// # Errors
    /// If a source cannot be read, has changed, or ends too early.
    pub fn chunk(&mut self, max: usize) -> io::Result<Option<Bytes>> {
        let max = max.max(1);
        loop {
            let chunk = match &mut self.current {
                None => Bytes::new(),
                Some(Open::Bytes(bytes)) => bytes.split_to(max.min(bytes.len())),
                Some(Open::Source { content, left }) => {
                    let size = usize::try_from(*left).unwrap_or(max).min(max);
                    let mut chunk = Vec::with_capacity(size);
                    let limit = u64::try_from(size).unwrap_or(u64::MAX);
                    content.take(limit).read_to_end(&mut chunk)?;
                    take(&mut **content, left, chunk.len(), size)?;
                    chunk.into()
                }
            };
            if !chunk.is_empty() {
                self.report(chunk.len());
                return Ok(Some(chunk));
            }
            if !self.next_part() {
                return Ok(None);
            }
        }
    }

    /// Continues with the next part after the current one is read. Returns `false` at the end.
    fn next_part(&mut self) -> bool {
        self.current = self.parts.next();
        self.current.is_some()
    }

    fn report(&mut self, read: usize) {
        self.read = self
            .read
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if let Some(progress) = &self.body.progress {
            progress.report(self.read, Some(self.body.length));
        }
    }
}

/// Counts the bytes that were read from a source. If `wanted` bytes are left and none were read, the
/// source has ended too early. If none are left, it must be at its end.
fn take(
    content: &mut (dyn Read + Send),
    left: &mut u64,
    read: usize,
    wanted: usize,
) -> io::Result<()> {
    if read == 0 && wanted > 0 {
        let message = "the source ended before its announced length";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
    }
    *left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
    if read > 0 && *left == 0 {
        check_end(content)?;
    }
    Ok(())
}

/// A source that goes on after its announced length has changed, or announced a wrong one.
fn check_end(content: &mut (dyn Read + Send)) -> io::Result<()> {
    let mut more = Vec::new();
    if content.take(1).read_to_end(&mut more)? == 0 {
        return Ok(());
    }
    Err(io::Error::other(
        "the source is longer than its announced length",
    ))
}

impl Read for BodyReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let read = match &mut self.current {
                None => 0,
                Some(Open::Bytes(bytes)) => {
                    let size = bytes.len().min(out.len());
                    bytes.copy_to_slice(out.get_mut(..size).unwrap_or_default());
                    size
                }
                Some(Open::Source { content, left }) => {
                    let size = usize::try_from(*left).unwrap_or(out.len()).min(out.len());
                    let read = content.read(out.get_mut(..size).unwrap_or_default())?;
                    take(&mut **content, left, read, size)?;
                    read
                }
            };
            if read > 0 {
                self.report(read);
                return Ok(read);
            }
            if !self.next_part() {
                return Ok(0);
            }
        }
    }
}

impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader")
            .field("read", &self.read)
            .field("length", &self.body.length)
            .finish_non_exhaustive()
    }
}
