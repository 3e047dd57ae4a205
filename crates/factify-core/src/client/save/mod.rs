//! The call that downloads the file of a document.

mod chunks;
mod file;
mod saving;

use std::io::{self, Write};
use std::path::Path;

use factify_types::{DocumentId, VersionId};

use super::config::ClientConfig;
use super::options::{Options, option_setters};
use super::run::Clock;
use super::{Client, blocking};
use crate::error::{Error, ErrorKind, Outcome};
use crate::transport::blocking::HttpTransport as BlockingHttpTransport;
use crate::transport::{HttpTransport, Now, Progress, ProgressFn, TransferLimits};

pub use chunks::{BlockingFileChunks, FileChunks};
use file::PartFile;
use saving::Next;

/// A call of [`DocumentResource::download`](crate::documents::DocumentResource::download).
///
/// Nothing happens before [`to_writer`](Self::to_writer), `to_file` or the first of the `chunks`. If the connection
/// breaks, the download goes on where it stopped; if the URL expires, it gets a new one. The bytes are those of one
/// file: its `ETag` must stay the same. If it has no `ETag`, or a weak one, the download starts again, five times at most,
/// and compares what it has. A response with a `Content-Encoding` is refused. The URL never gets the bearer token.
///
/// [`timeout`](Self::timeout) limits the time until the body of a response begins, and [`retry`](Self::retry) says how
/// often in a row a request may fail, or bring no new byte. [`header`](Self::header) adds headers to the request for
/// the URL. Without [`deadline`](Self::deadline), a download may take any time: only a connection that is too slow ends
/// it, as [`transfer`](Self::transfer) says.
#[derive(Debug)]
#[must_use = "nothing is downloaded until you call `to_writer`, `to_file` or read the `chunks`"]
pub struct SaveCall<'c, C> {
    client: &'c C,
    config: &'c ClientConfig,
    document_id: DocumentId,
    version_id: Option<VersionId>,
    options: Options,
}

impl<'c, C> SaveCall<'c, C> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, document_id: DocumentId) -> Self {
        Self {
            client,
            config,
            document_id,
            version_id: None,
            options: Options::default(),
        }
    }

    /// The version. Without it, the current one.
    pub fn version_id(mut self, id: VersionId) -> Self {
        self.version_id = Some(id);
        self
    }

    option_setters!();

    /// Limits for a slow download. Default: as configured for the client.
    pub fn transfer(mut self, limits: TransferLimits) -> Self {
        self.options.transfer = Some(limits);
        self
    }

    /// Calls `report` after each chunk, with the bytes of the file so far. After a break they go on from there.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.progress = Some(ProgressFn::new(report));
        self
    }
}

impl<T: HttpTransport> Clock for Client<T> {
    fn now(&self) -> Now {
        self.transport().now()
    }
}

impl<T: BlockingHttpTransport> Clock for blocking::Client<T> {
    fn now(&self) -> Now {
        self.transport().now()
    }
}

/// Writes all chunks. Both clients differ only in how they wait.
macro_rules! save {
    ($chunks:expr, $open:expr, $close:expr, $not_written:expr $(, $await:tt)?) => {{
        let mut chunks = $chunks;
        let result = match $open {
            Err(cause) => Err($not_written(cause)),
            Ok(mut writer) => loop {
                match chunks.step()$(.$await)? {
                    Some(Next::Chunk(bytes)) => {
                        if let Err(cause) = writer.write_all(&bytes) {
                            break Err($not_written(cause));
                        }
                    }
                    Some(Next::End(Ok(length))) => {
                        let closed: io::Result<()> = $close(writer);
                        break closed.map(|()| length).map_err($not_written);
                    }
                    Some(Next::End(Err(error))) => break Err(error),
                    // The end comes before.
                    None => break Err(Error::new(ErrorKind::Transport, Outcome::NotApplied)),
                }
            },
        };
        chunks.finish(result)
    }};
}

/// The error names the file.
fn not_written_to(path: &Path) -> impl Fn(io::Error) -> Error + Copy {
    move |cause| {
        let path = path.display();
        let detail = format!("the download could not be written to {path}");
        Error::not_written(cause).with_detail(detail)
    }
}

impl<T: HttpTransport + 'static> SaveCall<'_, Client<T>> {
    /// Downloads the file into a writer, and returns its length in bytes. It blocks the task while it writes; for a
    /// slow or async writer, write the [chunks](Self::chunks) yourself.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] if the writer fails, [`ErrorKind::Mismatch`] if the file changes during the download, and the
    /// errors of a call. Part of the file may have been written.
    pub async fn to_writer(self, writer: impl Write) -> Result<u64, Error> {
        let flush = |mut writer| Write::flush(&mut writer);
        save!(self.chunks(), Ok(writer), flush, Error::not_written, await)
    }

    /// Downloads the file to a path, and returns its length in bytes. It is written under another name in the same
    /// directory, which ends with `.part`, and renamed when it is complete. It replaces a file that has this name,
    /// without copying its permissions. A symbolic link is replaced; the file that it points to stays.
    ///
    /// It blocks the task while it writes, and at the end until the disk has the file, which may take seconds if it is
    /// large. If other tasks must go on, spawn it where blocking is allowed, or write the [chunks](Self::chunks)
    /// yourself.
    ///
    /// # Errors
    /// As [`to_writer`](Self::to_writer). There is then no new file under this name, and the part is removed. Only a
    /// program that is killed leaves the part behind.
    pub async fn to_file(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let (open, not_written) = (PartFile::create(path), not_written_to(path));
        save!(self.chunks(), open, PartFile::complete, not_written, await)
    }

    /// The file in chunks, for example to pass it on.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::{Client, DocumentId, Error, HttpTransport};
    ///
    /// async fn length<T: HttpTransport + 'static>(
    ///     client: &Client<T>,
    ///     document: DocumentId,
    /// ) -> Result<usize, Error> {
    ///     let mut chunks = client.document(document).download().chunks();
    ///     let mut length = 0;
    ///     while let Some(chunk) = chunks.try_next().await? {
    ///         length += chunk.len();
    ///     }
    ///     Ok(length)
    /// }
    /// ```
    pub fn chunks(self) -> FileChunks<T> {
        FileChunks::new(self)
    }
}

impl<T: BlockingHttpTransport> SaveCall<'_, blocking::Client<T>> {
    /// Downloads the file into a writer, and returns its length in bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Write`] if the writer fails, [`ErrorKind::Mismatch`] if the file changes during the download, and the
    /// errors of a call. Part of the file may have been written.
    pub fn to_writer(self, writer: impl Write) -> Result<u64, Error> {
        let flush = |mut writer| Write::flush(&mut writer);
        save!(self.chunks(), Ok(writer), flush, Error::not_written)
    }

    /// Downloads the file to a path, and returns its length in bytes. It is written under another name in the same
    /// directory, which ends with `.part`, and renamed when it is complete. It replaces a file that has this name,
    /// without copying its permissions. A symbolic link is replaced; the file that it points to stays.
    ///
    /// # Errors
    /// As [`to_writer`](Self::to_writer). There is then no new file under this name, and the part is removed. Only a
    /// program that is killed leaves the part behind.
    pub fn to_file(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let (open, not_written) = (PartFile::create(path), not_written_to(path));
        save!(self.chunks(), open, PartFile::complete, not_written)
    }

    /// The file in chunks, for example to pass it on.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::{DocumentId, Error};
    ///
    /// fn length(client: &Client<impl HttpTransport>, document: DocumentId) -> Result<usize, Error> {
    ///     let mut length = 0;
    ///     for chunk in client.document(document).download().chunks() {
    ///         length += chunk?.len();
    ///     }
    ///     Ok(length)
    /// }
    /// ```
    pub fn chunks(self) -> BlockingFileChunks<T> {
        BlockingFileChunks::new(self)
    }
}
