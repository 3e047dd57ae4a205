//! Walks over the pages of a list, async and blocking.

mod decode;
mod events;
mod item;
mod iterator;
mod pager;
mod size;
mod stream;
mod walk;
mod whole;

use factify_types::{Pagination, null_is_default};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::operation::Operation;

pub(crate) use decode::page as decode_page;
pub(crate) use events::{Events, PageWire};
pub use item::{ItemError, PageItems};
pub use iterator::{Items as BlockingItems, Pages as BlockingPages};
pub use pager::Pager;
pub use size::PageSize;
pub use stream::{Items, Pages};
pub(crate) use whole::{Walked, WholeList};

/// The maximum page size, documented for every paged operation of v1beta.
pub const MAX_PAGE_SIZE: u32 = 100;

/// One page of a list.
///
/// An item that cannot be read does not hide the others: it is an [`ItemError`] in its place. So each
/// item is a `Result`, and `?` stops at the first item that cannot be read:
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::invites::ListOrganizationInvites;
/// use factify::{Error, Operation};
///
/// # let invite = r#"{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41",
/// #     "organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","email":"a@example.com","status":"pending",
/// #     "sender":{"id":"user_1","name":"A","email":"a@example.com"},
/// #     "created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}"#;
/// let body = format!(r#"{{"items":[{invite},{{"id":7}}],"pagination":{{}}}}"#);
/// let page = ListOrganizationInvites::decode_body(body.as_bytes())?;
///
/// let mut emails = Vec::new();
/// for invite in page.items() {
///     match invite {
///         Ok(invite) => emails.push(&*invite.email),
///         Err(error) => println!("{error}"),
///     }
/// }
/// assert_eq!(emails, ["a@example.com"]);
/// assert_eq!(page.unreadable()[0].path(), "items[1].id");
/// // All of them, or the first error.
/// assert!(page.into_items().is_err());
/// # Ok::<(), factify::DecodeError>(())
/// ```
///
/// `serde` writes a page in the API's format, including the items that could not be read. It reads a page
/// only if every item is readable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Page<T> {
    #[serde(default = "Vec::new", deserialize_with = "null_is_default")]
    pub(crate) items: Vec<T>,
    /// The items in the order of the page.
    #[serde(skip)]
    #[cfg_attr(feature = "arbitrary1", arbitrary(default))]
    unreadable: Vec<ItemError>,
    /// Where the list continues.
    pub pagination: Pagination,
}

impl<T> Page<T> {
    /// A page with these items. To make one with an item that cannot be read, decode such a body with
    /// [`Operation::decode_body`].
    pub fn new(items: Vec<T>, pagination: Pagination) -> Self {
        Self {
            items,
            unreadable: Vec::new(),
            pagination,
        }
    }

    /// The items in their order. An empty page is not the end of the list: see
    /// [`Pagination::next_page_token`].
    pub fn items(&self) -> impl ExactSizeIterator<Item = Result<&T, &ItemError>> {
        item::InOrder::new(self.items.iter(), self.unreadable.iter())
    }

    /// All items.
    ///
    /// # Errors
    /// With the first item that cannot be read.
    pub fn into_items(self) -> Result<Vec<T>, ItemError> {
        match self.unreadable.into_iter().next() {
            None => Ok(self.items),
            Some(error) => Err(error),
        }
    }

    /// The items that could not be read.
    pub fn unreadable(&self) -> &[ItemError] {
        &self.unreadable
    }
}

#[cfg(feature = "serve")]
impl<T: Serialize> Page<T> {
    /// The JSON of the page, with unreadable items exactly as the server sent them.
    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        struct Written<'p, T> {
            items: Vec<item::WrittenAsJson<'p, T>>,
            pagination: &'p Pagination,
        }

        serde_json::to_vec(&Written {
            items: self.items().map(Into::into).collect(),
            pagination: &self.pagination,
        })
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = Result<T, ItemError>;
    type IntoIter = PageItems<T>;

    fn into_iter(self) -> PageItems<T> {
        PageItems::new(self.items, self.unreadable)
    }
}

/// Writes an unreadable item with the values that the server sent. In a binary format this is an error.
impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Items<'p, T>(&'p Page<T>);

        impl<T: Serialize> Serialize for Items<'_, T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.items().map(item::Written))
            }
        }

        let mut page = serializer.serialize_struct("Page", 2)?;
        page.serialize_field("items", &Items(self))?;
        page.serialize_field("pagination", &self.pagination)?;
        page.end()
    }
}

/// An operation whose response is a page of a list.
pub trait PagedOperation: Operation<Output = Page<Self::Item>> + Clone + 'static {
    /// The type of the items.
    type Item: Send;

    /// The token of the page to read, or `None` for the first page.
    fn page_token(&self) -> Option<&str>;

    /// Sets the page to read.
    fn set_page_token(&mut self, token: Option<String>);

    /// Sets the maximum number of items in a page: 1 to [`MAX_PAGE_SIZE`].
    fn set_page_size(&mut self, size: Option<u32>);
}
