use std::io::{self, Read};

/// Content of your own for a request body: an object of another store, a file within an archive.
///
/// ```
/// use std::io::{self, Read};
/// use factify_core::{BodySource, RequestBody};
///
/// /// A megabyte of zeros, without a megabyte of memory.
/// struct Zeros;
///
/// impl BodySource for Zeros {
///     fn length(&self) -> u64 {
///         1 << 20
///     }
///
///     fn open(&self) -> io::Result<Box<dyn Read + Send>> {
///         Ok(Box::new(io::repeat(0).take(self.length())))
///     }
/// }
///
/// assert_eq!(RequestBody::source(Zeros).len(), 1 << 20);
/// ```
pub trait BodySource: Send + Sync {
    /// The length in bytes. It must never change.
    fn length(&self) -> u64;

    /// Opens the content at its start. Every attempt opens it again, and must read the same bytes.
    ///
    /// An async transport opens and reads on a thread on which blocking is allowed.
    ///
    /// # Errors
    /// When the content cannot be opened, or has changed. The attempt then fails before anything is
    /// sent, and the call is not sent again.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}
