//! Multipart forms (RFC 7578), written as browsers do.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use http::HeaderValue;

use super::body::Body;

/// The fields of a multipart form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<Field>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Field {
    name: &'static str,
    file: Option<File>,
    bytes: Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct File {
    name: String,
    content_type: HeaderValue,
}

impl Form {
    /// A form without fields.
    pub const fn new() -> Self {
        Self { fields: Vec::new() }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push(Field {
            name,
            file: None,
            bytes: value.into().into(),
        });
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: &'static str, upload: Upload) -> Self {
        self.fields.push(Field {
            name,
            file: Some(upload.file),
            bytes: upload.bytes,
        });
        self
    }

    /// The body, and its content type. The boundary follows from the fields, and is in none of them.
    pub(super) fn into_body(self) -> Body {
        let mut hasher = DefaultHasher::new();
        self.fields.hash(&mut hasher);
        let boundary = loop {
            let boundary = format!("factify-{:016x}", hasher.finish());
            boundary.hash(&mut hasher);
            let is_within = |field: &Field| {
                let mut parts = field.bytes.windows(boundary.len());
                parts.any(|part| part == boundary.as_bytes())
            };
            if !self.fields.iter().any(is_within) {
                break boundary;
            }
        };
        let length: usize = self
            .fields
            .iter()
            .map(|field| field.bytes.len() + 256)
            .sum();
        let mut out = Vec::with_capacity(length);
        for Field { name, file, bytes } in self.fields {
            let disposition = "content-disposition: form-data; name";
            let head = format!("--{boundary}\r\n{disposition}=\"{name}\"");
            out.extend_from_slice(head.as_bytes());
            if let Some(File { name, content_type }) = file {
                let name = escaped(&name);
                out.extend_from_slice(
                    format!("; filename=\"{name}\"\r\ncontent-type: ").as_bytes(),
                );
                out.extend_from_slice(content_type.as_bytes());
            }
            out.extend_from_slice(b"\r\n\r\n");
            out.extend_from_slice(&bytes);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Body {
            content_type: HeaderValue::try_from(content_type).ok(),
            bytes: out.into(),
        }
    }
}

/// What a browser does with a file name: it escapes what would end it.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

impl fmt::Debug for Field {
    /// Leaves out the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("file", &self.file)
            .field("length", &self.bytes.len())
            .finish()
    }
}

/// A file to upload, in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    file: File,
    bytes: Bytes,
}

impl Upload {
    /// These bytes as a file of this name. Its content type is `application/octet-stream` until
    /// [`content_type`](Self::content_type) says another one.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            file: File {
                name: file_name.into(),
                content_type: HeaderValue::from_static("application/octet-stream"),
            },
            bytes: bytes.into(),
        }
    }

    /// Says what the file is, for instance `application/pdf`.
    #[must_use]
    pub fn content_type(mut self, content_type: HeaderValue) -> Self {
        self.file.content_type = content_type;
        self
    }

    /// The name of the file.
    pub fn file_name(&self) -> &str {
        &self.file.name
    }

    /// The length of the file, in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the file has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl fmt::Debug for Upload {
    /// Leaves out the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file", &self.file)
            .field("length", &self.bytes.len())
            .finish()
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for Upload {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        // What a browser escapes does not come back.
        let name = super::generate::text(u, None)?;
        let symbols = name.chars();
        let is_plain = |symbol: &char| !symbol.is_control() && !['"', '%', '\\'].contains(symbol);
        let name: String = symbols.filter(is_plain).collect();
        let bytes: Vec<u8> = u.arbitrary()?;
        Ok(Self::bytes(name, bytes))
    }
}
