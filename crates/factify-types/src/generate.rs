//! Values for the tests of those who use this crate.
//!
//! Every type says by itself how `arbitrary` makes one; `proptest` makes them of random bytes by the
//! same rules.

use alloc::string::String;

use arbitrary::{Error, Result, Unstructured};

use crate::Id;

/// Some text of up to 40 characters, one in two of them ASCII.
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

/// Some text, or none.
pub(crate) fn optional_text(u: &mut Unstructured<'_>) -> Result<Option<String>> {
    u.arbitrary::<bool>()?.then(|| text(u)).transpose()
}

/// An ID of this prefix and any 26 symbols.
pub(crate) fn id<I: Id>(u: &mut Unstructured<'_>, prefix: &str) -> Result<I> {
    let mut id = String::from(prefix);
    for _ in 0..26 {
        id.push(char::from(*u.choose(b"0123456789abcdefghjkmnpqrstvwxyz")?));
    }
    id.parse().map_err(|_| Error::IncorrectFormat)
}

/// Makes values of random bytes.
#[cfg(feature = "proptest1")]
pub(crate) fn strategy<T>() -> proptest::strategy::BoxedStrategy<T>
where
    T: for<'a> arbitrary::Arbitrary<'a> + core::fmt::Debug + 'static,
{
    use proptest::prelude::*;
    proptest::collection::vec(any::<u8>(), 0..2_000)
        .prop_filter_map("the bytes make no value", |bytes| {
            T::arbitrary(&mut Unstructured::new(&bytes)).ok()
        })
        .boxed()
}
