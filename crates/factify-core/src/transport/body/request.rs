use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::file::FileSource;
use super::progress::ProgressFn;
use super::reader::BodyReader;
use super::source::BodySource;

/// The body of a request. It has a known length and is the same in every attempt.
///
/// It is in memory, or it is streamed from a file or another [`BodySource`], which every attempt opens
/// again. Cloning is cheap: it copies no content.
///
/// A transport that does not stream uses [`into_bytes`](Self::into_bytes). A streaming transport sends
/// [`as_bytes`](Self::as_bytes) if it is `Some`, and otherwise reads the body with
/// [`open`](Self::open). It sends [`len`](Self::len) as the `Content-Length`.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::RequestBody;
///
/// let body = RequestBody::from("{}");
/// assert_eq!(body.len(), 2);
/// assert_eq!(body.into_bytes()?, "{}");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct RequestBody {
    content: Content,
    is_sensitive: bool,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Parts(Arc<Parts>),
}

/// Content that is read in parts.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) content: Vec<Part>,
    pub(super) length: u64,
    pub(super) progress: Option<ProgressFn>,
}

#[derive(Clone)]
pub(super) enum Part {
    Bytes(Bytes),
    /// A source, and its length when the body was made.
    Source(Arc<dyn BodySource>, u64),
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl RequestBody {
    /// An empty body.
    pub const fn empty() -> Self {
        Self {
            content: Content::Bytes(Bytes::new()),
            is_sensitive: false,
        }
    }

    /// A streamed file. Its length and modification time are recorded now. If the file has changed later,
    /// the attempt fails with [`TransportErrorKind::RequestBody`](crate::TransportErrorKind). If it
    /// changes during an attempt, its last bytes are not sent.
    ///
    /// # Errors
    /// If the file cannot be opened, or is a directory, a pipe or a device.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        FileSource::new(path.as_ref()).map(Self::source)
    }

    /// Streamed content from a custom source.
    pub fn source(source: impl BodySource + 'static) -> Self {
        let length = source.length();
        Self::of_parts(vec![Part::Source(Arc::new(source), length)])
    }

    /// Joins several bodies.
    pub(crate) fn concat(bodies: Vec<Self>) -> Self {
        let mut parts = Vec::with_capacity(bodies.len());
        for body in bodies {
            match body.content {
                Content::Bytes(bytes) => parts.push(Part::Bytes(bytes)),
                Content::Parts(body) => parts.extend(body.content.iter().cloned()),
            }
        }
        Self::of_parts(parts)
    }

    fn of_parts(parts: Vec<Part>) -> Self {
        let length = parts.iter().map(|part| match part {
            Part::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Part::Source(_, length) => *length,
        });
        Self {
            content: Content::Parts(Arc::new(Parts {
                length: length.fold(0, u64::saturating_add),
                content: parts,
                progress: None,
            })),
            is_sensitive: false,
        }
    }

    /// Reports the progress of each attempt.
    pub(crate) fn with_progress(self, progress: ProgressFn) -> Self {
        if self.is_sensitive {
            // It stays in one piece, which a transport can hide from its log.
            return self;
        }
        let mut parts = self.into_parts();
        parts.progress = Some(progress);
        Self {
            content: Content::Parts(Arc::new(parts)),
            is_sensitive: false,
        }
    }

    fn into_parts(self) -> Parts {
        match self.content {
            Content::Bytes(bytes) => Parts {
                length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                content: vec![Part::Bytes(bytes)],
                progress: None,
            },
            Content::Parts(parts) => Arc::unwrap_or_clone(parts),
        }
    }

    /// Marks the body as secret: a transport must not log it.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.is_sensitive = true;
        self
    }

    /// Whether the body is marked as secret.
    pub fn is_sensitive(&self) -> bool {
        self.is_sensitive
    }

    /// The length in bytes.
    pub fn len(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Content::Parts(parts) => parts.length,
        }
    }

    /// Whether the body is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The content, if it is in memory in one piece.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Parts(_) => None,
        }
    }

    /// Reads the content into memory if it is not there yet. It blocks while it reads.
    ///
    /// # Errors
    /// If a source cannot be opened or read, or has changed.
    pub fn into_bytes(self) -> io::Result<Bytes> {
        let mut reader = match self.content {
            Content::Bytes(bytes) => return Ok(bytes),
            Content::Parts(parts) => BodyReader::open(parts)?,
        };
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut reader, &mut bytes)?;
        Ok(bytes.into())
    }

    /// Opens the content at its start for one attempt. It may block.
    ///
    /// # Errors
    /// If a source cannot be opened, or has changed.
    pub fn open(&self) -> io::Result<BodyReader> {
        match &self.content {
            Content::Bytes(_) => BodyReader::open(Arc::new(self.clone().into_parts())),
            Content::Parts(parts) => BodyReader::open(Arc::clone(parts)),
        }
    }

    /// Whether both bodies have the same bytes or the same sources.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        fn parts(body: &RequestBody) -> Vec<Part> {
            body.clone().into_parts().content
        }
        let (ours, theirs) = (parts(self), parts(other));
        let mut pairs = ours.iter().zip(&theirs);
        ours.len() == theirs.len()
            && pairs.all(|pair| match pair {
                (Part::Bytes(ours), Part::Bytes(theirs)) => ours == theirs,
                (Part::Source(ours, _), Part::Source(theirs, _)) => Arc::ptr_eq(ours, theirs),
                _ => false,
            })
    }
}

macro_rules! from_bytes {
    ($($Source:ty),+) => {$(
        impl From<$Source> for RequestBody {
            fn from(bytes: $Source) -> Self {
                Self {
                    content: Content::Bytes(bytes.into()),
                    is_sensitive: false,
                }
            }
        }
    )+};
}

from_bytes!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl fmt::Debug for RequestBody {
    /// Omits the content, because it may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("length", &self.len())
            .finish_non_exhaustive()
    }
}
