use std::fmt;

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use factify_types::parameter::Parameter;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::from_invalid;

/// An image for a logo: JPEG, PNG, WebP or SVG, at most 2 MiB.
///
/// The API's document can also be read as 2 MiB of Base64: the API may then refuse an image of more than 1.5 MiB.
///
/// Its format is recognized by its first bytes, as the API does; an SVG by its first element, in UTF-8. Cloning shares
/// the bytes.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::organizations::LogoImage;
///
/// let logo = LogoImage::new("<svg xmlns='http://www.w3.org/2000/svg'/>")?;
/// assert_eq!(logo.content_type(), "image/svg+xml");
/// assert!(LogoImage::new("GIF89a").is_err());
/// # Ok::<(), factify::organizations::InvalidLogoImage>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct LogoImage {
    bytes: Bytes,
    content_type: &'static str,
}

impl LogoImage {
    /// The largest image, in bytes.
    pub const MAX_BYTES: usize = 2 * 1024 * 1024;

    /// Checks an image.
    ///
    /// # Errors
    /// If it is empty, larger than 2 MiB, or in another format.
    pub fn new(image: impl Into<Bytes>) -> Result<Self, InvalidLogoImage> {
        let bytes = image.into();
        let problem = match content_type(&bytes) {
            _ if bytes.is_empty() => Problem::Empty,
            _ if bytes.len() > Self::MAX_BYTES => Problem::TooLarge(bytes.len()),
            Some(content_type) => {
                return Ok(Self {
                    bytes,
                    content_type,
                });
            }
            None => Problem::Unknown,
        };
        Err(InvalidLogoImage(problem))
    }

    /// The bytes of the image.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The content type of its format.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }
}

fn content_type(image: &[u8]) -> Option<&'static str> {
    if image.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if image.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if image.starts_with(b"RIFF") && image.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if is_svg(image) {
        Some("image/svg+xml")
    } else {
        None
    }
}

/// Whether it is XML in UTF-8 whose first element is `svg`.
fn is_svg(image: &[u8]) -> bool {
    let mut text = image.strip_prefix(b"\xef\xbb\xbf").unwrap_or(image);
    loop {
        text = text.trim_ascii_start();
        let end: &[u8] = if text.starts_with(b"<!--") {
            b"-->"
        } else if text.starts_with(b"<?") {
            b"?>"
        } else if text.starts_with(b"<!DOCTYPE svg") {
            // Drawing programs declare entities within brackets.
            let bracket = text.iter().position(|byte| b"[>".contains(byte));
            match bracket.and_then(|at| text.get(at)) {
                Some(b'[') => b"]>",
                _ => b">",
            }
        } else {
            break;
        };
        let found = text.windows(end.len()).position(|part| part == end);
        match found.and_then(|at| text.get(at + end.len()..)) {
            Some(rest) => text = rest,
            None => return false,
        }
    }
    let after = text.strip_prefix(b"<svg").and_then(<[u8]>::first);
    after.is_some_and(|byte| byte.is_ascii_whitespace() || b">/:".contains(byte))
}

impl fmt::Debug for LogoImage {
    /// Omits the bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogoImage")
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish()
    }
}

impl Parameter for LogoImage {}

/// Writes Base64.
impl Serialize for LogoImage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(&self.bytes, &STANDARD))
    }
}

/// Reads Base64, by the rules of [`LogoImage::new`].
impl<'de> Deserialize<'de> for LogoImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|_| D::Error::custom("it is not Base64"))?;
        Self::new(bytes).map_err(D::Error::custom)
    }
}

/// Why bytes are not a [`LogoImage`]. Convert the image to JPEG, PNG, WebP or SVG, or make it smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidLogoImage(Problem);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Empty,
    TooLarge(usize),
    Unknown,
}

impl fmt::Display for InvalidLogoImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a usable logo: ")?;
        match self.0 {
            Problem::Empty => f.write_str("it is empty"),
            Problem::TooLarge(length) => {
                write!(
                    f,
                    "it has {length} bytes, but the maximum is {}",
                    LogoImage::MAX_BYTES
                )
            }
            Problem::Unknown => f.write_str("it is neither JPEG, PNG, WebP nor SVG"),
        }
    }
}

impl std::error::Error for InvalidLogoImage {}

from_invalid!(InvalidLogoImage);

#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for LogoImage {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let starts: [&[u8]; 4] = [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\0\0\0\0WEBP",
            b"<svg>",
        ];
        let mut image = u.choose(&starts)?.to_vec();
        let length = u.int_in_range(0..=200)?;
        image.extend_from_slice(u.bytes(length.min(u.len()))?);
        Self::new(image).map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}
