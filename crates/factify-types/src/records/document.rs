use alloc::string::String;

use super::{Block, List, Struct, TimestampText};

record! {
    /// What a document says, independent of the format of the file. Schema `qcr.v1alpha.DocumentRecord`, v1beta.
    pub struct DocumentRecord {
        /// The ID of the record. A layout refers to it.
        pub id: Option<String>,
        /// The blocks, in reading order.
        pub blocks: List<Block>,
        /// The title, the language and more.
        pub metadata: Option<DocumentMetadata>,
        /// Where the document is from.
        pub source: Option<SourceReference>,
    }
}

record! {
    /// Facts about a document. Schema `qcr.v1alpha.DocumentMetadata`, v1beta.
    pub struct DocumentMetadata {
        /// The title.
        pub title: Option<String>,
        /// The language.
        pub language: Option<String>,
        /// When the API read the document.
        pub extracted_at: Option<TimestampText>,
        /// What else the API knows, for example the software that read the document.
        pub attributes: Option<Struct>,
    }
}

record! {
    /// The origin of a record. Schema `qcr.v1alpha.SourceReference`, v1beta.
    pub struct SourceReference {
        /// The integration that delivered the document. It stays the same when the document is read again.
        pub source_id: Option<String>,
        /// The ID of the document in the system it is from, for example of an upload or an email.
        pub remote_id: Option<String>,
        /// When the document reached the API.
        pub ingested_at: Option<TimestampText>,
        /// What else the API knows, for example the format, the place or a hash of the file.
        pub attributes: Option<Struct>,
    }
}
