use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;

use super::form::Form;
use crate::transport::RequestBody;

/// The body of a request with its content type: none, JSON, a multipart form or any other.
#[derive(Clone, Default)]
pub struct Body {
    pub(super) content_type: Option<HeaderValue>,
    pub(super) content: RequestBody,
}

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The API requires an object even if it has no properties.
const EMPTY_OBJECT: Bytes = Bytes::from_static(b"{}");

/// Room for most objects.
const CAPACITY: usize = 128;

impl Body {
    /// No body and no content type.
    pub const fn none() -> Self {
        Self {
            content_type: None,
            content: RequestBody::empty(),
        }
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// If the value cannot be written as JSON.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, serde_json::Error> {
        serde_json::to_vec(value).map(|json| Self::of_json(json.into()))
    }

    /// A multipart form.
    pub fn form(form: Form) -> Self {
        form.into_body()
    }

    /// Any content with this content type.
    pub fn new(content_type: HeaderValue, content: impl Into<RequestBody>) -> Self {
        Self {
            content_type: Some(content_type),
            content: content.into(),
        }
    }

    /// Marks the content as secret.
    pub(crate) fn sensitive(mut self) -> Self {
        self.content = self.content.sensitive();
        self
    }

    fn of_json(bytes: Bytes) -> Self {
        Self::new(JSON, bytes)
    }
}

impl std::fmt::Debug for Body {
    /// Omits the bytes, because they may hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body")
            .field("content_type", &self.content_type)
            .field("length", &self.content.len())
            .finish()
    }
}

/// A JSON object under construction.
pub(crate) struct Object(Vec<u8>);

impl Object {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(
        &mut self,
        name: &str,
        value: &(impl Serialize + ?Sized),
    ) -> Result<(), serde_json::Error> {
        if self.0.is_empty() {
            self.0.reserve(CAPACITY);
            self.0.push(b'{');
        } else {
            self.0.push(b',');
        }
        serde_json::to_writer(&mut self.0, name)?;
        self.0.push(b':');
        serde_json::to_writer(&mut self.0, value)
    }

    pub(crate) fn finish(self) -> Body {
        Body::of_json(self.into_bytes())
    }

    pub(crate) fn into_bytes(mut self) -> Bytes {
        if self.0.is_empty() {
            return EMPTY_OBJECT;
        }
        self.0.push(b'}');
        self.0.into()
    }
}
