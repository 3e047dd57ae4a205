use std::io::{self, Read};

/// A custom source for a request body, for example an object from a store or a file in an archive.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::io::{self, Read};
/// use factify::{BodySource, RequestBody};
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

    /// Opens the content at its start. Every attempt opens it again and must read the same bytes.
    ///
    /// An async transport opens and reads it on a thread that may block.
    ///
    /// # Errors
    /// If the content cannot be opened or has changed. The attempt then fails before anything is sent,
    /// and there is no retry.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}
