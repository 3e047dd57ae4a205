//! Compile-time checks and helper functions for declarations.

use factify_types::parameter::QueryParameter;
use factify_types::sharing::GeneralAccessLevel;
use factify_types::{EmailAddress, IdRef};
use serde::de::DeserializeOwned;

use crate::operation::Rejection;
use crate::page::{self, Page};
use crate::wire::{DecodeError, Form, decode};

/// Empty: an unknown or misplaced attribute of a field is looked up here, and the error names it.
pub(crate) mod an_attribute_of_a_parameter_in_its_order {}

/// A type that can be the whole body of a response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the whole body of a response",
    label = "name the field of the response that holds it: `name: {Self}`"
)]
pub(crate) trait ResponseBody: DeserializeOwned {
    /// Whether it has a secret.
    const HAS_SECRET: bool = false;

    /// Whether only the body says if the operation took effect.
    const HAS_RESULT: bool = false;

    /// Why it is not a success, although the status is.
    fn rejected(&self) -> Option<Rejection> {
        None
    }

    /// Changes it to a success.
    #[cfg(feature = "serve")]
    fn succeed(&mut self) {}

    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        decode::json(body)
    }
}

impl<T: DeserializeOwned> ResponseBody for Page<T> {
    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        page::decode_page(body)
    }
}

/// Reads a whole body.
pub(crate) fn whole<T: ResponseBody>(body: &[u8]) -> Result<T, DecodeError> {
    T::read(body)
}

/// Adds the values of a field to a form.
#[allow(dead_code)] // Not every set of operations uses it.
pub(crate) fn field<'v, T: QueryParameter + 'v>(
    form: Form,
    name: &'static str,
    values: impl IntoIterator<Item = &'v T>,
) -> Form {
    let values = values.into_iter();
    values.fold(form, |form, value| form.text(name, value.to_text()))
}

/// A parameter that a value of a response can name.
#[diagnostic::on_unimplemented(
    message = "a parameter of the type `{Self}` cannot be compared with a `{Value}` of the response"
)]
pub(crate) trait Same<Value> {
    fn is_same(&self, value: &Value) -> bool;

    /// Changes a value of a response to this parameter.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    fn agree(&self, value: &mut Value);
}

/// An absent field or parameter names nothing, so it differs from nothing.
macro_rules! same_ids {
    ($($Id:ty),+) => {$(
        impl Same<$Id> for $Id {
            fn is_same(&self, value: &$Id) -> bool {
                self == value
            }

            fn agree(&self, value: &mut $Id) {
                *value = *self;
            }
        }

        impl Same<IdRef<$Id>> for $Id {
            fn is_same(&self, value: &IdRef<$Id>) -> bool {
                value == self
            }

            fn agree(&self, value: &mut IdRef<$Id>) {
                *value = (*self).into();
            }
        }

        impl Same<Option<IdRef<$Id>>> for $Id {
            fn is_same(&self, value: &Option<IdRef<$Id>>) -> bool {
                value.as_ref().is_none_or(|value| value == self)
            }

            fn agree(&self, value: &mut Option<IdRef<$Id>>) {
                *value = Some((*self).into());
            }
        }

        impl Same<Option<IdRef<$Id>>> for Option<$Id> {
            fn is_same(&self, value: &Option<IdRef<$Id>>) -> bool {
                self.is_none_or(|id| id.is_same(value))
            }

            fn agree(&self, value: &mut Option<IdRef<$Id>>) {
                if let Some(id) = self {
                    id.agree(value);
                }
            }
        }

        impl Same<Option<$Id>> for Option<$Id> {
            fn is_same(&self, value: &Option<$Id>) -> bool {
                self.is_none_or(|id| value.is_none_or(|value| value == id))
            }

            fn agree(&self, value: &mut Option<$Id>) {
                *value = *self;
            }
        }
    )+};
}

factify_types::for_each_id!(same_ids);

impl Same<Option<GeneralAccessLevel>> for GeneralAccessLevel {
    fn is_same(&self, value: &Option<GeneralAccessLevel>) -> bool {
        value.as_ref().is_none_or(|value| value == self)
    }

    fn agree(&self, value: &mut Option<GeneralAccessLevel>) {
        *value = Some(self.clone());
    }
}

impl Same<String> for EmailAddress {
    fn is_same(&self, value: &String) -> bool {
        self.is_same_as(value)
    }

    fn agree(&self, value: &mut String) {
        *value = self.clone().into();
    }
}

/// A field at the position of its placeholder in the path.
#[diagnostic::on_unimplemented(
    message = "the path has no placeholder of this name in this place",
    label = "the #[path] fields are the placeholders of the path, in their order"
)]
pub(crate) trait InPlace<const IN_PLACE: bool> {}

impl<T> InPlace<true> for T {}

pub(crate) const fn in_place<T: InPlace<IN_PLACE>, const IN_PLACE: bool>() {}

/// Whether a name has the same position in the placeholders of the path and in these names.
#[allow(clippy::indexing_slicing)] // Evaluated by the compiler.
pub(crate) const fn is_in_place(path: &str, names: &[&str], name: &str) -> bool {
    let (path, name) = (path.as_bytes(), name.as_bytes());
    let mut position = 0;
    while position < names.len() {
        let other = names[position].as_bytes();
        if other.len() == name.len() && has_at(other, name, 0) {
            break;
        }
        position += 1;
    }
    let (mut at, mut seen) = (0, 0);
    while at < path.len() {
        if path[at] == b'{' {
            if seen == position {
                return has_at(path, name, at + 1) && has_at(path, b"}", at + 1 + name.len());
            }
            seen += 1;
        }
        at += 1;
    }
    false
}

/// The number of placeholders in a path.
#[allow(clippy::indexing_slicing)] // Evaluated by the compiler.
pub(crate) const fn placeholders(path: &str) -> usize {
    let path = path.as_bytes();
    let (mut at, mut seen) = (0, 0);
    while at < path.len() {
        seen += (path[at] == b'{') as usize;
        at += 1;
    }
    seen
}

/// Whether a text contains this part at this position.
#[allow(clippy::indexing_slicing)] // Evaluated by the compiler.
const fn has_at(text: &[u8], part: &[u8], position: usize) -> bool {
    if text.len() < position + part.len() {
        return false;
    }
    let mut at = 0;
    while at < part.len() {
        if text[position + at] != part[at] {
            return false;
        }
        at += 1;
    }
    true
}
