//! Lists whose items are not read, because one unreadable item must not hide the others.

use std::fmt;

use factify_types::Pagination;
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
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

/// The fields of an object, unread. `None` if it is no object, or if it has one of these fields twice.
pub(crate) fn fields<'a, const N: usize>(
    item: &'a RawValue,
    names: [&str; N],
) -> Option<[Option<&'a RawValue>; N]> {
    let mut json = serde_json::Deserializer::from_str(item.get());
    json.deserialize_map(Fields(names)).ok()
}

struct Fields<'n, const N: usize>([&'n str; N]);

impl<'de, const N: usize> Visitor<'de> for Fields<'_, N> {
    type Value = [Option<&'de RawValue>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(position) = map.next_key_seed(Position(&self.0))? {
            match position.and_then(|position| found.get_mut(position)) {
                Some(Some(_)) => return Err(de::Error::custom("duplicate field")),
                Some(slot) => *slot = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// Reads a name as its position among these names.
struct Position<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|other| *other == name))
    }
}

/// Whether a value is absent or `null`.
pub(crate) fn is_null(json: Option<&RawValue>) -> bool {
    json.is_none_or(|json| json.get() == "null")
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
