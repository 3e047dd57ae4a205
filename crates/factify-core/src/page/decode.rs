//! Reads a page whose items cannot all be read.

use factify_types::Pagination;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{ItemError, MAX_PAGE_SIZE, Page};
use crate::wire::{DecodeError, decode};

/// Reads a page at once. Only if that fails, reads it item by item, which takes longer.
pub(crate) fn page<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>, DecodeError> {
    decode::json_or(body, |text| serde_json::from_str(text), item_by_item)
}

#[derive(Deserialize)]
struct RawPage<'t> {
    #[serde(borrow)]
    items: Option<Vec<&'t RawValue>>,
    pagination: Pagination,
}

#[cold]
fn item_by_item<T: DeserializeOwned>(text: &str) -> Result<Page<T>, DecodeError> {
    let raw: RawPage<'_> =
        serde_json::from_str(text).map_err(|cause| DecodeError::not_json(text, &cause))?;
    readable(text, "items", raw.items.unwrap_or_default(), raw.pagination)
}

/// The page with those of its items that can be read. They are in this field.
pub(super) fn readable<T: DeserializeOwned>(
    text: &str,
    field: &str,
    items: Vec<&RawValue>,
    pagination: Pagination,
) -> Result<Page<T>, DecodeError> {
    let mut page = Page::new(Vec::new(), pagination);
    for (index, json) in items.into_iter().enumerate() {
        let cause = match serde_json::from_str(json.get()) {
            Ok(item) => {
                page.items.push(item);
                continue;
            }
            Err(cause) => cause,
        };
        let offset = json.get().as_ptr().addr() - text.as_ptr().addr();
        let before = text.get(..offset).unwrap_or_default();
        let error = DecodeError::not_json(json.get(), &cause);
        let error = error.within(&format!("{field}[{index}]"), before);
        // More items than the API sends: this bounds the work for a hostile body.
        if page.unreadable.len() >= MAX_PAGE_SIZE as usize {
            return Err(error);
        }
        page.unreadable.push(ItemError::new(index, error, json));
    }
    Ok(page)
}
