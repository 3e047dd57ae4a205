use alloc::vec::{self, Vec};
use core::fmt;
use core::ops::{Deref, DerefMut};
use core::slice;

use serde::{Deserialize, Serialize};

/// A list of a record: a slice that also knows whether the response has it.
///
/// An absent list looks like an empty one, but it is not written again.
///
/// ```
/// # extern crate factify_types as factify;
/// use factify::records::{DocumentRecord, List};
///
/// let mut record = DocumentRecord::new();
/// assert!(record.blocks.is_empty() && record.blocks.is_absent());
/// record.blocks = List::new();
/// assert!(record.blocks.is_empty() && !record.blocks.is_absent());
/// for block in &record.blocks {
///     println!("{block:?}");
/// }
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List<T>(Option<Vec<T>>);

impl<T> List<T> {
    /// An empty list, which is present.
    pub const fn new() -> Self {
        Self(Some(Vec::new()))
    }

    /// Whether the response does not have the list.
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// Adds an item. The list is then present.
    pub fn push(&mut self, item: T) {
        self.as_mut_vec().push(item);
    }

    /// The items as a vector, to change their number. The list is then present.
    pub fn as_mut_vec(&mut self) -> &mut Vec<T> {
        self.0.get_or_insert_default()
    }

    /// The items. An absent list has none.
    pub fn into_vec(self) -> Vec<T> {
        self.0.unwrap_or_default()
    }
}

/// An absent list.
impl<T> Default for List<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.as_deref_mut().unwrap_or_default()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self(Some(items))
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Some(items.into_iter().collect()))
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.as_mut_vec().extend(items);
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'l, T> IntoIterator for &'l mut List<T> {
    type Item = &'l mut T;
    type IntoIter = slice::IterMut<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(feature = "arbitrary1")]
impl<'a, T: arbitrary::Arbitrary<'a>> arbitrary::Arbitrary<'a> for List<T> {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        u.arbitrary().map(Self)
    }
}

#[cfg(feature = "proptest1")]
impl<T> proptest::arbitrary::Arbitrary for List<T>
where
    T: for<'a> arbitrary::Arbitrary<'a> + fmt::Debug + 'static,
{
    type Parameters = ();
    type Strategy = proptest::strategy::BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        crate::generate::strategy()
    }
}
