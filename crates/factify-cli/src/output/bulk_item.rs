//! The items of bulk commands as JSON objects.

use serde::Serialize;
use serde::ser::SerializeMap;

use super::{Cell, Column, Record};
use crate::error_object::ErrorObject;

/// The names in the JSON of a bulk command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ItemNames {
    /// What identifies an item in the arguments: `id`, or for example `email`.
    pub(crate) item: &'static str,
    /// The API's object, if there is one.
    pub(crate) object: Option<&'static str>,
}

impl ItemNames {
    /// Items with ids, and results without an object.
    pub(crate) const ID: Self = Self {
        item: "id",
        object: None,
    };
}

/// The result of one item.
pub(crate) struct Finished<'r, R> {
    pub(crate) names: ItemNames,
    pub(crate) item: &'r str,
    /// Such as "already revoked".
    pub(crate) result: &'static str,
    pub(crate) record: &'r R,
}

/// In JSON `{"id":…,"result":…,"invite":{…}}`; in other formats as the record.
impl<R: Record> Record for Finished<'_, R> {
    const COLUMNS: &'static [Column] = R::COLUMNS;

    fn json(&self) -> impl Serialize + '_ {
        Object {
            names: self.names,
            item: self.item,
            id: self.record.id().filter(|id| *id != self.item),
            result: self.result.replace(' ', "_"),
            value: Some(self.record.json()),
            error: None,
        }
    }

    fn id(&self) -> Option<&str> {
        self.record.id()
    }

    fn cells(&self) -> Vec<Cell> {
        self.record.cells()
    }
}

/// An item without a result. Only JSON shows it.
pub(crate) struct Unfinished<'r> {
    pub(crate) names: ItemNames,
    pub(crate) item: &'r str,
    /// An outcome, or `not_begun`.
    pub(crate) result: &'static str,
    pub(crate) error: Option<ErrorObject>,
}

impl Record for Unfinished<'_> {
    const COLUMNS: &'static [Column] = &[];

    fn json(&self) -> impl Serialize + '_ {
        Object::<()> {
            names: self.names,
            item: self.item,
            id: None,
            result: self.result.to_owned(),
            value: None,
            error: self.error.as_ref(),
        }
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}

struct Object<'r, V> {
    names: ItemNames,
    item: &'r str,
    id: Option<&'r str>,
    result: String,
    value: Option<V>,
    error: Option<&'r ErrorObject>,
}

impl<V: Serialize> Serialize for Object<'_, V> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(self.names.item, self.item)?;
        if let Some(id) = self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry("result", &self.result)?;
        if let (Some(name), Some(value)) = (self.names.object, &self.value) {
            map.serialize_entry(name, value)?;
        }
        if let Some(error) = self.error {
            map.serialize_entry("error", error)?;
        }
        map.end()
    }
}
