use serde::Deserialize;

use super::MAX_PAGE_SIZE;
use crate::wire::{InvalidParameter, limit};

/// A page size from 1 to 100, for a configuration: a wrong one is an error when it is read, and not only
/// when a list is requested.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::PageSize;
///
/// # fn example<T: factify::blocking::HttpTransport>(
/// #     invites: &factify::invites::InvitesResource<'_, factify::blocking::Client<T>>,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let size: PageSize = factify::serde_json::from_str("25")?;
/// for invite in invites.list().page_size(size.get()).items() {
///     println!("{}", invite?.email);
/// }
///
/// let wrong = factify::serde_json::from_str::<PageSize>("0").unwrap_err();
/// assert_eq!(wrong.to_string(), "page_size: it is 0, but must be from 1 to 100");
/// # Ok(())
/// # }
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
