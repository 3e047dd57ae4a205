use serde::Deserialize;

use super::MAX_PAGE_SIZE;
use crate::wire::{InvalidParameter, limit};

/// A page size from 1 to 100, for a configuration: a wrong one is an error when it is read, and not only
/// when a list is requested.
///
/// ```
/// use factify_core::PageSize;
///
/// let size: PageSize = factify_core::serde_json::from_str("25")?;
/// assert_eq!(size.get(), 25);
/// assert!(factify_core::serde_json::from_str::<PageSize>("0").is_err());
/// # Ok::<(), factify_core::serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "u32")]
pub struct PageSize(u32);

impl PageSize {
    /// The largest page.
    pub const MAX: Self = Self(MAX_PAGE_SIZE);

    /// The number of items.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for PageSize {
    type Error = InvalidParameter;

    fn try_from(size: u32) -> Result<Self, Self::Error> {
        limit::value("page_size", &size, &(1..=MAX_PAGE_SIZE as usize)).map(|()| Self(size))
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> Self {
        size.0
    }
}
