//! Lists whose items are not read, because one unreadable item must not hide the others.

use factify_types::Pagination;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::operation::{Operation, OperationInfo};
use crate::page::PagedOperation;
use crate::wire::{DecodeError, PathBuilder, QueryBuilder, decode};

/// A list whose items stay unread. It has only what a list needs: a path and a query.
#[derive(Debug)]
pub(crate) struct Unread<O>(pub(super) O);

/// A page of unread items.
#[derive(Debug, Deserialize)]
pub(crate) struct UnreadPage {
    items: Option<Vec<Box<RawValue>>>,
    pagination: Option<Box<RawValue>>,
}

impl UnreadPage {
    pub(super) fn items(&self) -> impl Iterator<Item = &RawValue> {
        self.items.iter().flatten().map(|item| &**item)
    }

    /// Where the list continues.
    pub(super) fn pagination(&self) -> Result<Pagination, DecodeError> {
        #[derive(Deserialize)]
        struct Next {
            #[serde(default)]
            has_more: Value,
            next_page_token: Option<String>,
        }

        let json = self.pagination.as_ref().map_or("null", |json| json.get());
        let next: Next = serde_json::from_str(json)
            .map_err(|_| DecodeError::new("the pagination of the list cannot be read"))?;
        let mut pagination = Pagination::new();
        pagination.has_more = !matches!(next.has_more, Value::Null | Value::Bool(false));
        pagination.next_page_token = next.next_page_token;
        Ok(pagination)
    }
}

/// The text of a JSON string.
pub(crate) fn text(json: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(json?.get()).ok()
}

impl<O: PagedOperation> Operation for Unread<O> {
    type Output = UnreadPage;

    const INFO: OperationInfo = O::INFO;

    fn path(&self, path: &mut PathBuilder) {
        self.0.path(path);
    }

    fn query(&self, query: &mut QueryBuilder) {
        self.0.query(query);
    }

    fn decode_body(body: &[u8]) -> Result<UnreadPage, DecodeError> {
        decode::json_with_raw(body)
    }
}
