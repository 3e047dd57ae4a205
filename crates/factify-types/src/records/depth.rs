//! Limits how deep sections and lists are nested, so that no response overflows the stack.

use core::cell::Cell;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};
use std::thread_local;

use super::{MAX_DEPTH, Presence};

thread_local! {
    /// How many sections and lists this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// One level, until it is dropped.
struct Level;

impl Level {
    /// Goes one level deeper, or returns `None` at the maximum.
    fn enter(max: usize) -> Option<Self> {
        DEPTH.with(|depth| {
            (depth.get() < max).then(|| {
                depth.set(depth.get() + 1);
                Self
            })
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

fn too_deep() -> alloc::string::String {
    alloc::format!("nested more than {MAX_DEPTH} levels deep")
}

/// Reads a value that is one level deeper.
pub(crate) fn nested<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let _level = Level::enter(MAX_DEPTH).ok_or_else(|| de::Error::custom(too_deep()))?;
    T::deserialize(deserializer)
}

/// Writes a value that is one level deeper.
pub(crate) struct Nested<'v, T>(pub(crate) &'v T);

impl<T: Serialize + Presence> Serialize for Nested<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _level = Level::enter(MAX_DEPTH).ok_or_else(|| ser::Error::custom(too_deep()))?;
        self.0.serialize(serializer)
    }
}

/// The deepest generated value.
#[cfg(feature = "arbitrary1")]
const GENERATED: usize = 4;

/// Generates a value that is one level deeper.
#[cfg(feature = "arbitrary1")]
pub(crate) fn generate<'a, T>(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<T>
where
    T: arbitrary::Arbitrary<'a> + Default,
{
    match Level::enter(GENERATED) {
        Some(_level) => u.arbitrary(),
        None => Ok(T::default()),
    }
}
