//! The form of a list of events, which continues with a cursor.

use factify_types::Pagination;
use serde::Deserialize;
#[cfg(feature = "serve")]
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Page, decode};
use crate::wire::DecodeError;
use crate::wire::decode::json_or;

/// A form of a page in JSON, other than that of [`Page`] itself.
pub(crate) trait PageWire<T> {
    fn read(body: &[u8]) -> Result<Page<T>, DecodeError>;

    #[cfg(feature = "serve")]
    fn write(page: &Page<T>) -> serde_json::Result<Vec<u8>>;
}

/// `events`, and `next_cursor` instead of the token of the next page.
#[derive(Debug)]
pub(crate) struct Events;

#[derive(Deserialize)]
struct Fields<I> {
    events: Option<I>,
    #[serde(default)]
    has_more: Option<bool>,
    #[serde(default)]
    next_cursor: Option<String>,
}

impl<I: Default> Fields<I> {
    fn into_parts(self) -> (I, Pagination) {
        let mut pagination = Pagination::new();
        pagination.has_more = self.has_more.unwrap_or_default();
        pagination.next_page_token = self.next_cursor;
        (self.events.unwrap_or_default(), pagination)
    }
}

fn at_once<T: DeserializeOwned>(text: &str) -> serde_json::Result<Page<T>> {
    let fields: Fields<Vec<T>> = serde_json::from_str(text)?;
    let (items, pagination) = fields.into_parts();
    Ok(Page::new(items, pagination))
}

#[cold]
fn one_by_one<T: DeserializeOwned>(text: &str) -> Result<Page<T>, DecodeError> {
    let fields: Fields<Vec<&RawValue>> =
        serde_json::from_str(text).map_err(|cause| DecodeError::not_json(text, &cause))?;
    let (items, pagination) = fields.into_parts();
    decode::readable(text, "events", items, pagination)
}

#[cfg(not(feature = "serve"))]
impl<T: DeserializeOwned> PageWire<T> for Events {
    fn read(body: &[u8]) -> Result<Page<T>, DecodeError> {
        json_or(body, at_once, one_by_one)
    }
}

#[cfg(feature = "serve")]
impl<T: DeserializeOwned + Serialize> PageWire<T> for Events {
    fn read(body: &[u8]) -> Result<Page<T>, DecodeError> {
        json_or(body, at_once, one_by_one)
    }

    fn write(page: &Page<T>) -> serde_json::Result<Vec<u8>> {
        use super::item::WrittenAsJson;

        #[derive(Serialize)]
        struct Written<'p, T> {
            events: Vec<WrittenAsJson<'p, T>>,
            has_more: bool,
            next_cursor: Option<&'p str>,
        }

        serde_json::to_vec(&Written {
            events: page.items().map(Into::into).collect(),
            has_more: page.pagination.has_more,
            next_cursor: page.pagination.next_page_token.as_deref(),
        })
    }
}
