//! The items of a page, some of which cannot be read.

use std::borrow::Borrow;
use std::fmt;
use std::iter::FusedIterator;
use std::vec;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Outcome};
use crate::wire::DecodeError;

/// An item of a page that cannot be read. You can skip it: the other items of the page are readable. Report it to
/// Factify's support.
///
/// Like a [`DecodeError`], it shows where the error is and what was expected there, and it quotes nothing.
#[derive(Clone)]
pub struct ItemError {
    index: usize,
    error: DecodeError,
    json: Box<RawValue>,
}

impl ItemError {
    pub(super) fn new(index: usize, error: DecodeError, json: &RawValue) -> Self {
        Self {
            index,
            error,
            json: json.to_owned(),
        }
    }

    /// The position of the item in its page, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The path of the wrong value in the page, for example `items[3].created_at`.
    pub fn path(&self) -> &str {
        self.error.path()
    }

    /// The JSON of the item. It may contain secrets.
    pub fn json(&self) -> &str {
        self.json.get()
    }
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Debug for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemError")
            .field("index", &self.index)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ItemError {}

/// Compares only the index and the JSON, because the error follows from the JSON.
impl PartialEq for ItemError {
    fn eq(&self, other: &Self) -> bool {
        (self.index, self.json()) == (other.index, other.json())
    }
}

impl Eq for ItemError {}

/// An [`ErrorKind::Decode`] with the [`ItemError`] as its source.
impl From<ItemError> for Error {
    fn from(cause: ItemError) -> Self {
        Self::new(ErrorKind::Decode, Outcome::NotApplied)
            .with_detail("an item of the list could not be read")
            .with_source(cause)
    }
}

impl Error {
    /// The item that could not be read, if this is the error of one item of a list. A walk then continues
    /// with the next item; after any other error it ends.
    pub fn unreadable_item(&self) -> Option<&ItemError> {
        std::error::Error::source(self)?.downcast_ref()
    }
}

impl From<&ItemError> for Error {
    fn from(cause: &ItemError) -> Self {
        cause.clone().into()
    }
}

/// Writes an item in any format: as the model, or with the values that the server sent.
pub(super) struct Written<'p, T>(pub(super) Result<&'p T, &'p ItemError>);

impl<T: Serialize> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(item) => item.serialize(serializer),
            // A `RawValue` would be a value of a private type in formats other than JSON.
            Err(error) if serializer.is_human_readable() => {
                let value: Value = serde_json::from_str(error.json()).map_err(S::Error::custom)?;
                value.serialize(serializer)
            }
            Err(_) => Err(S::Error::custom(
                "a binary format cannot hold an unreadable item",
            )),
        }
    }
}

/// Writes an item as JSON: as the model, or exactly as the server sent it.
#[cfg(feature = "serve")]
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum WrittenAsJson<'p, T> {
    Read(&'p T),
    Unread(&'p RawValue),
}

#[cfg(feature = "serve")]
impl<'p, T> From<Result<&'p T, &'p ItemError>> for WrittenAsJson<'p, T> {
    fn from(item: Result<&'p T, &'p ItemError>) -> Self {
        item.map_or_else(|error| Self::Unread(&error.json), Self::Read)
    }
}

/// The items of a [`Page`](super::Page) in their order.
#[derive(Debug, Clone)]
pub struct PageItems<T>(InOrder<vec::IntoIter<T>, vec::IntoIter<ItemError>, ItemError>);

impl<T> PageItems<T> {
    pub(super) fn new(items: Vec<T>, errors: Vec<ItemError>) -> Self {
        Self(InOrder::new(items.into_iter(), errors.into_iter()))
    }
}

impl<T> Iterator for PageItems<T> {
    type Item = Result<T, ItemError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> ExactSizeIterator for PageItems<T> {}

impl<T> FusedIterator for PageItems<T> {}

/// Items and errors, each in the order of the page, as one sequence.
#[derive(Debug, Clone)]
pub(super) struct InOrder<I, Es, E> {
    items: I,
    errors: Es,
    /// The next error.
    error: Option<E>,
    index: usize,
}

impl<I, Es: Iterator> InOrder<I, Es, Es::Item> {
    pub(super) fn new(items: I, mut errors: Es) -> Self {
        Self {
            items,
            error: errors.next(),
            errors,
            index: 0,
        }
    }
}

impl<I, Es, E> Iterator for InOrder<I, Es, E>
where
    I: ExactSizeIterator,
    Es: ExactSizeIterator<Item = E>,
    E: Borrow<ItemError>,
{
    type Item = Result<I::Item, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = self.index;
        self.index += 1;
        match self.error.take_if(|error| (*error).borrow().index == index) {
            Some(error) => {
                self.error = self.errors.next();
                Some(Err(error))
            }
            None => self.items.next().map(Ok),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let errors = self.errors.len() + usize::from(self.error.is_some());
        let length = self.items.len() + errors;
        (length, Some(length))
    }
}

impl<I, Es, E> ExactSizeIterator for InOrder<I, Es, E>
where
    I: ExactSizeIterator,
    Es: ExactSizeIterator<Item = E>,
    E: Borrow<ItemError>,
{
}
