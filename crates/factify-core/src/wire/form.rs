//! Multipart forms (RFC 7578), written in the same way as browsers do.

use std::fmt;
use std::path::Path;

use bytes::Bytes;
use http::HeaderValue;

use super::body::Body;
use crate::error::{Error, ErrorKind, Outcome};
use crate::transport::{BodySource, RequestBody};

/// The fields of a multipart form, for an operation of your own.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::{Body, Form, Upload};
///
/// let file = Upload::bytes("report.pdf", &b"%PDF-1.7"[..]);
/// let body = Body::form(Form::new().text("title", "Report").file("payload", file));
/// # let _ = body;
/// ```
#[derive(Clone, Default)]
pub struct Form {
    fields: Vec<Field>,
}

#[derive(Clone)]
struct Field {
    name: &'static str,
    file: Option<File>,
    content: RequestBody,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: String,
    content_type: HeaderValue,
}

impl Form {
    /// A form without fields.
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push(Field {
            name,
            file: None,
            content: value.into().into(),
        });
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: &'static str, upload: Upload) -> Self {
        self.fields.push(Field {
            name,
            file: Some(upload.file),
            content: upload.content,
        });
        self
    }

    /// The body and its content type. The fields are streamed, so they cannot be searched for the boundary.
    /// It is random, so that nobody can predict it and put it into a field.
    pub(super) fn into_body(self) -> Body {
        let boundary = format!("factify-{:032x}", fastrand::u128(..));
        let mut bodies = Vec::with_capacity(2 * self.fields.len() + 1);
        for Field {
            name,
            file,
            content,
        } in self.fields
        {
            bodies.push(head(&boundary, bodies.is_empty(), name, file).into());
            bodies.push(content);
        }
        let end = if bodies.is_empty() { "" } else { "\r\n" };
        bodies.push(format!("{end}--{boundary}--\r\n").into());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Body {
            content_type: HeaderValue::try_from(content_type).ok(),
            content: RequestBody::concat(bodies),
        }
    }
}

/// The boundary and the headers before a field.
fn head(boundary: &str, is_first: bool, name: &str, file: Option<File>) -> Vec<u8> {
    let end = if is_first { "" } else { "\r\n" };
    let disposition = "content-disposition: form-data; name";
    let mut head = format!("{end}--{boundary}\r\n{disposition}=\"{name}\"").into_bytes();
    if let Some(File { name, content_type }) = file {
        let name = escaped(&name);
        head.extend_from_slice(format!("; filename=\"{name}\"\r\ncontent-type: ").as_bytes());
        head.extend_from_slice(content_type.as_bytes());
    }
    head.extend_from_slice(b"\r\n\r\n");
    head
}

/// Escapes quotes and line breaks in a file name, as browsers do.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self
            .fields
            .iter()
            .map(|field| (field.name, field.content.len()));
        f.debug_map().entries(fields).finish()
    }
}

/// A file to upload, from memory, from disk or from a custom source.
///
/// Content that is not in memory is streamed, so a large upload needs little memory. The content type comes from the
/// extension of the name, for the formats of the API: `pdf`, `docx`, `xlsx`, `csv`, `md` and `markdown`. Otherwise
/// it is `application/octet-stream`. Change it with [`content_type`](Self::content_type).
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::Upload;
///
/// let upload = Upload::bytes("report.pdf", &b"%PDF-1.7"[..]);
/// assert_eq!(upload.media_type(), "application/pdf");
/// assert_eq!(upload.len(), 8);
/// // A file on disk is read while it is sent.
/// assert!(Upload::file("no such file").is_err());
/// ```
#[derive(Clone)]
pub struct Upload {
    file: File,
    content: RequestBody,
}

impl Upload {
    /// A file with this name and these bytes.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(file_name.into(), bytes.into().into())
    }

    /// A file on disk, uploaded under its own name. See [`RequestBody::file`] for files that change.
    ///
    /// # Errors
    /// [`ErrorKind::RequestBody`] if the file cannot be opened, or is a directory, a pipe or a device.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let content = RequestBody::file(path).map_err(|cause| {
            let error = Error::new(ErrorKind::RequestBody, Outcome::NotApplied);
            error
                .with_detail("the file cannot be uploaded")
                .with_source(cause)
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self::new(name.into_owned(), content))
    }

    /// A file with this name and content from a custom source.
    pub fn source(file_name: impl Into<String>, source: impl BodySource + 'static) -> Self {
        Self::new(file_name.into(), RequestBody::source(source))
    }

    fn new(name: String, content: RequestBody) -> Self {
        let content_type = HeaderValue::from_static(content_type_of(&name));
        Self {
            file: File { name, content_type },
            content,
        }
    }

    /// Sets the content type, for example `application/pdf`.
    #[must_use]
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.file.content_type = content_type;
        self
    }

    /// The content.
    pub fn body(&self) -> &RequestBody {
        &self.content
    }

    /// The content type.
    pub fn media_type(&self) -> &HeaderValue {
        &self.file.content_type
    }

    /// The name of the file.
    pub fn file_name(&self) -> &str {
        &self.file.name
    }

    /// The length of the file in bytes.
    pub fn len(&self) -> u64 {
        self.content.len()
    }

    /// Whether the file is empty.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }
}

/// The content type of a file with this name.
fn content_type_of(name: &str) -> &'static str {
    let extension = Path::new(name).extension().unwrap_or_default();
    match extension.to_string_lossy().to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv" => "text/csv",
        "md" | "markdown" => "text/markdown",
        _ => "application/octet-stream",
    }
}

/// Files on disk and custom sources are equal if they are clones of the same upload.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file && self.content.is_same(&other.content)
    }
}

impl Eq for Upload {}

impl fmt::Debug for Upload {
    /// Omits the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file", &self.file)
            .field("length", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for Upload {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        // The server does not restore escaped characters.
        let name = super::generate::text(u, None)?;
        let symbols = name.chars();
        let is_plain = |symbol: &char| !symbol.is_control() && !['"', '%', '\\'].contains(symbol);
        let name: String = symbols.filter(is_plain).collect();
        let bytes: Vec<u8> = u.arbitrary()?;
        Ok(Self::bytes(name, bytes))
    }
}
