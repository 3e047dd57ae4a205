use factify_core::bytes::Bytes;
use factify_core::organizations::LogoImage;

/// The path of a logo, before its number.
pub(crate) const PATH: &str = "/_sandbox/logos/";

/// The logos that were uploaded.
#[derive(Default)]
pub(crate) struct Logos(Vec<LogoImage>);

impl Logos {
    /// Stores an image and returns the path of its URL.
    pub(crate) fn add(&mut self, image: LogoImage) -> String {
        self.0.push(image);
        format!("{PATH}{}", self.0.len())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The content type and the bytes of the image at this path.
    pub(crate) fn get(&self, path: &str) -> Option<(&'static str, Bytes)> {
        let number: usize = path.strip_prefix(PATH)?.parse().ok()?;
        let image = self.0.get(number.checked_sub(1)?)?;
        Some((image.content_type(), image.bytes().clone()))
    }
}
