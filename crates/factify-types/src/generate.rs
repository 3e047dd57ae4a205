//! Generates values for your own tests.
//!
//! Every type implements `arbitrary`; `proptest` uses the same implementation with random bytes.

use alloc::string::String;

use arbitrary::{Error, Result, Unstructured};

use crate::Id;

/// A text of up to 40 characters, half of them ASCII.
pub(crate) fn text(u: &mut Unstructured<'_>) -> Result<String> {
    (0..u.int_in_range(0..=40)?)
        .map(|_| {
            if u.ratio(1, 2)? {
                u.int_in_range(b' '..=b'~').map(char::from)
            } else {
                u.arbitrary()
            }
        })
        .collect()
}

/// A text or `None`.
pub(crate) fn optional_text(u: &mut Unstructured<'_>) -> Result<Option<String>> {
    u.arbitrary::<bool>()?.then(|| text(u)).transpose()
}

/// An ID with this prefix and any 26 symbols.
pub(crate) fn id<I: Id>(u: &mut Unstructured<'_>, prefix: &str) -> Result<I> {
    let mut id = String::from(prefix);
    for _ in 0..26 {
        id.push(char::from(*u.choose(b"0123456789abcdefghjkmnpqrstvwxyz")?));
    }
    id.parse().map_err(|_| Error::IncorrectFormat)
}

/// Generates values from random bytes.
#[cfg(feature = "proptest1")]
pub(crate) fn strategy<T>() -> proptest::strategy::BoxedStrategy<T>
where
    T: for<'a> arbitrary::Arbitrary<'a> + core::fmt::Debug + 'static,
{
    use proptest::prelude::*;
    proptest::collection::vec(any::<u8>(), 0..2_000)
        .prop_filter_map("the bytes give no value", |bytes| {
            T::arbitrary(&mut Unstructured::new(&bytes)).ok()
        })
        .boxed()
}
