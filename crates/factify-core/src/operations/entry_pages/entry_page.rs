use serde::de::{Deserialize, Deserializer, Error};

use crate::operations::declare::check::ResponseBody;
use crate::presigned_url::PresignedUrl;

/// The URL for a download of an entry page. Schema `GenerateEntryPageResponse`, v1beta.
///
/// The URL grants access to the file, so it is a secret. It can be serialized only with the feature `serve`, so that
/// nobody writes it by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryPage {
    /// The URL. It is temporary; the API does not document how long it is valid.
    pub download_url: PresignedUrl,
}

impl EntryPage {
    /// A URL, for your tests.
    pub fn new(download_url: PresignedUrl) -> Self {
        Self { download_url }
    }
}

impl ResponseBody for EntryPage {
    const HAS_SECRET: bool = true;
}

/// The form of the API.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "serve", derive(serde::Serialize))]
struct Generated {
    download_url: String,
}

impl<'de> Deserialize<'de> for EntryPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let generated = Generated::deserialize(deserializer)?;
        let url = PresignedUrl::parse(&generated.download_url).map_err(D::Error::custom)?;
        Ok(Self::new(url))
    }
}

#[cfg(feature = "serve")]
impl serde::Serialize for EntryPage {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let download_url = self.download_url.request().uri().to_string();
        Generated { download_url }.serialize(serializer)
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for EntryPage {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let text = format!("https://files.example.com/{}.pdf", u16::arbitrary(u)?);
        let url = PresignedUrl::parse(&text).map_err(|_| arbitrary::Error::IncorrectFormat)?;
        Ok(Self::new(url))
    }
}
