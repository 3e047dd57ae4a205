use std::collections::BTreeMap;

use factify_types::Timestamp;
use http::{HeaderName, HeaderValue};
use serde::de::{Deserialize, Deserializer, Error};

use crate::operations::declare::check::ResponseBody;
use crate::presigned_url::PresignedUrl;

/// The URL for a download of a file. Schema `ExportDocumentResponse`, v1beta.
///
/// The URL grants access to the file, so it is a secret, with the headers that belong to it. It can be serialized only
/// with the feature `serve`, so that nobody writes it by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportedDocument {
    /// The URL, with its headers.
    pub url: PresignedUrl,
    /// When the URL expires.
    pub expires_at: Timestamp,
}

impl ExportedDocument {
    /// A URL, for your tests.
    pub fn new(url: PresignedUrl, expires_at: Timestamp) -> Self {
        Self { url, expires_at }
    }
}

impl ResponseBody for ExportedDocument {
    const HAS_SECRET: bool = true;
}

/// The form of the API.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "serve", derive(serde::Serialize))]
struct Exported {
    url: String,
    expires_at: Timestamp,
    #[serde(default, deserialize_with = "factify_types::null_is_default")]
    headers: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for ExportedDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let exported = Exported::deserialize(deserializer)?;
        let mut url = PresignedUrl::parse(&exported.url).map_err(D::Error::custom)?;
        for (name, value) in exported.headers {
            // The errors of the crate do not repeat a header.
            let name: HeaderName = name.parse().map_err(D::Error::custom)?;
            let value: HeaderValue = value.parse().map_err(D::Error::custom)?;
            url = url.header(name, value).map_err(D::Error::custom)?;
        }
        Ok(Self::new(url, exported.expires_at))
    }
}

#[cfg(feature = "serve")]
impl serde::Serialize for ExportedDocument {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let headers = self.url.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        let exported = Exported {
            url: self.url.request().uri().to_string(),
            expires_at: self.expires_at,
            headers: headers.collect(),
        };
        exported.serialize(serializer)
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for ExportedDocument {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let wrong = |_| arbitrary::Error::IncorrectFormat;
        let text = format!(
            "https://files.example.com/{}?signature={}",
            u16::arbitrary(u)?,
            u64::arbitrary(u)?
        );
        let mut url = PresignedUrl::parse(&text).map_err(wrong)?;
        if u.arbitrary()? {
            let value = HeaderValue::from(u16::arbitrary(u)?);
            let name = HeaderName::from_static("x-goog-content-length-range");
            url = url.header(name, value).map_err(wrong)?;
        }
        Ok(Self::new(url, u.arbitrary()?))
    }
}
