//! Transfers of documents.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use factify_core::documents::{Document, ExportedDocument};
use factify_core::versions::Version;
use factify_core::{DocumentId, Timestamp};
use serde::Serialize;

use super::{Cell, Column, Record};

/// An uploaded file, which is a document now.
pub(crate) struct Uploaded {
    pub(crate) file: String,
    pub(crate) document: DocumentId,
    pub(crate) title: String,
    /// Such as "uploaded".
    pub(crate) result: &'static str,
    pub(crate) bytes: u64,
}

impl Record for Uploaded {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT"),
        Column::new("RESULT").left_out(2),
        Column::new("BYTES").left_out(3),
        Column::new("TITLE").shortened_to(12).left_out(1),
        Column::new("FILE").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Object<'r> {
            id: DocumentId,
            title: &'r str,
            file: &'r str,
            bytes: u64,
        }
        Object {
            id: self.document,
            title: &self.title,
            file: &self.file,
            bytes: self.bytes,
        }
    }

    fn id(&self) -> Option<&str> {
        Some(self.document.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.document.as_str()),
            Cell::plain(self.result),
            Cell::plain(&self.bytes.to_string()),
            Cell::plain(&self.title),
            Cell::plain(&self.file),
        ]
    }
}

/// An uploaded file, which is a version of a document now.
pub(crate) struct UploadedVersion {
    pub(crate) version: Version,
    pub(crate) file: String,
    pub(crate) bytes: u64,
}

impl Record for UploadedVersion {
    const COLUMNS: &'static [Column] = &[
        Column::new("VERSION"),
        Column::new("DOCUMENT").left_out(1),
        Column::new("BYTES").left_out(2),
        Column::new("FILE").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        &self.version
    }

    fn id(&self) -> Option<&str> {
        Some(self.version.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.version.id.as_str()),
            Cell::plain(self.version.document_id.as_str()),
            Cell::plain(&self.bytes.to_string()),
            Cell::plain(&self.file),
        ]
    }
}

/// A downloaded document, which is a file now.
pub(crate) struct Downloaded {
    pub(crate) document: DocumentId,
    /// Empty if it was not asked for.
    pub(crate) title: String,
    pub(crate) file: String,
    /// `None` if the file was there before.
    pub(crate) bytes: Option<u64>,
}

impl Record for Downloaded {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT"),
        Column::new("BYTES").left_out(1),
        Column::new("FILE").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        struct Object<'r> {
            id: DocumentId,
            #[serde(skip_serializing_if = "str::is_empty")]
            title: &'r str,
            file: &'r str,
            #[serde(skip_serializing_if = "Option::is_none")]
            bytes: Option<u64>,
        }
        Object {
            id: self.document,
            title: &self.title,
            file: &self.file,
            bytes: self.bytes,
        }
    }

    fn id(&self) -> Option<&str> {
        Some(self.document.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let bytes = self.bytes.map(|bytes| bytes.to_string());
        vec![
            Cell::plain(self.document.as_str()),
            Cell::plain(&bytes.unwrap_or_default()),
            Cell::plain(&self.file),
        ]
    }
}

/// A document that can be read.
pub(crate) struct Processed(pub(crate) Document);

impl Record for Processed {
    const COLUMNS: &'static [Column] = &[
        Column::new("DOCUMENT"),
        Column::new("STATUS").left_out(2),
        Column::new("VERSION").left_out(1),
        Column::new("TITLE").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        &self.0
    }

    fn id(&self) -> Option<&str> {
        Some(self.0.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let version = self.0.current_version_id();
        vec![
            Cell::plain(self.0.id.as_str()),
            Cell::plain(self.0.processing_status.as_str()),
            Cell::plain(version.as_ref().map_or("", |version| version.as_str())),
            Cell::plain(&self.0.title),
        ]
    }
}

/// A URL that grants access to a file.
#[derive(Serialize)]
pub(crate) struct ExportedUrl {
    url: String,
    expires_at: Timestamp,
    headers: BTreeMap<String, String>,
}

impl ExportedUrl {
    pub(crate) fn new(exported: &ExportedDocument) -> Self {
        let request = exported.url.request();
        // Those of the API are marked; the others are the library's own.
        let headers = request.headers().iter();
        let headers = headers.filter(|(_, value)| value.is_sensitive());
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value.as_bytes())));
        Self {
            url: request.uri().to_string(),
            expires_at: exported.expires_at,
            headers: headers.collect(),
        }
    }

    /// The lines of a configuration of curl.
    pub(crate) fn curl(&self) -> String {
        let quoted = |text: &str| text.replace('\\', r"\\").replace('"', "\\\"");
        let mut lines = format!("url = \"{}\"\n", quoted(&self.url));
        for (name, value) in &self.headers {
            let header = quoted(&format!("{name}: {value}"));
            // Writing to a string does not fail.
            let _ = writeln!(lines, "header = \"{header}\"");
        }
        lines
    }
}

impl Record for ExportedUrl {
    const COLUMNS: &'static [Column] = &[
        Column::new("EXPIRES"),
        Column::new("HEADERS"),
        Column::new("URL"),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        let headers = self.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        vec![
            Cell::time(self.expires_at),
            Cell::plain(&headers.join(", ")),
            Cell::plain(&self.url),
        ]
    }
}

/// The name of a file, for a table and for JSON.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
