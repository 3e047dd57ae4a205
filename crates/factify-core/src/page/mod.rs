//! Walks over the pages of a list, async and blocking.

mod iterator;
mod pager;
mod size;
mod stream;
mod walk;

use factify_types::Pagination;
use serde::{Deserialize, Deserializer, Serialize};

use crate::operation::Operation;

pub use iterator::{Items as BlockingItems, Pages as BlockingPages};
pub use pager::Pager;
pub use size::PageSize;
pub use stream::{Items, Pages};

/// The maximum page size, documented for every paged operation of v1beta.
pub const MAX_PAGE_SIZE: u32 = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Page<T> {
    /// The items. An empty page is not the end of the list: see
    /// [`Pagination::next_page_token`].
    #[serde(default = "Vec::new", deserialize_with = "null_is_empty")]
    pub items: Vec<T>,
    /// Where the list continues.
    pub pagination: Pagination,
}

impl<T> Page<T> {
    /// A page with these items.
    pub fn new(items: Vec<T>, pagination: Pagination) -> Self {
        Self { items, pagination }
    }
}

fn null_is_empty<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An operation whose response is a page of a list.
pub trait PagedOperation: Operation<Output = Page<Self::Item>> + Clone {
    /// The type of the items.
    type Item: Send;

    /// The token of the page to read, or `None` for the first page.
    fn page_token(&self) -> Option<&str>;

    /// Sets the page to read.
    fn set_page_token(&mut self, token: Option<String>);
}
