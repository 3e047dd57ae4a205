use core::fmt;
use core::marker::PhantomData;

use serde::de::{Error, Visitor};

use super::{Id, SUFFIX};
use crate::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Marks a byte that is not a symbol.
const NONE: u8 = 0xff;

/// The symbol value of each byte.
#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // Evaluated by the compiler.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// The value of a symbol, below 32.
#[allow(clippy::indexing_slicing)] // The table has an entry for every byte.
pub(super) const fn value(symbol: u8) -> Option<u8> {
    match VALUES[symbol as usize] {
        NONE => None,
        value => Some(value),
    }
}

/// Copies the text if it is the prefix and 26 symbols. `N` is the length of both together.
#[allow(clippy::indexing_slicing)] // The lengths are compared first.
pub(super) const fn parse<const N: usize>(prefix: &[u8], text: &[u8]) -> Option<[u8; N]> {
    if text.len() != N {
        return None;
    }
    let mut bytes = [0; N];
    let mut faults = 0;
    let mut at = 0;
    while at < N {
        let byte = text[at];
        faults |= if at < prefix.len() {
            byte ^ prefix[at]
        } else {
            // 0x80 marks bytes outside of the alphabet; no symbol value has that bit.
            VALUES[byte as usize] & 0x80
        };
        bytes[at] = byte;
        at += 1;
    }
    if faults == 0 { Some(bytes) } else { None }
}

/// The prefix and the 26 symbols of a UUID, five bits each. The first symbol has only the highest three
/// bits.
#[allow(clippy::indexing_slicing)] // `N` is the length of the prefix and the suffix.
pub(super) const fn with_suffix<const N: usize>(prefix: &[u8], uuid: u128) -> [u8; N] {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < prefix.len() {
        bytes[at] = prefix[at];
        at += 1;
    }
    let mut rest = uuid;
    let mut end = N;
    while end > prefix.len() {
        end -= 1;
        bytes[end] = ALPHABET[(rest % 32) as usize];
        rest /= 32;
    }
    bytes
}

pub(super) fn uuid_bytes(suffix: &[u8]) -> Option<[u8; 16]> {
    let first = value(*suffix.first()?)?;
    if suffix.len() != SUFFIX || first > 7 {
        return None;
    }
    suffix
        .iter()
        .try_fold(0_u128, |bits, &symbol| {
            Some(bits << 5 | u128::from(value(symbol)?))
        })
        .map(u128::to_be_bytes)
}

pub(super) fn created_at(uuid: [u8; 16]) -> Option<Timestamp> {
    let bits = u128::from_be_bytes(uuid);
    let version = bits >> 76 & 0xf;
    let variant = bits >> 62 & 0b11;
    if version != 7 || variant != 0b10 {
        return None;
    }
    Timestamp::from_unix_millis(i64::try_from(bits >> 80).ok()?)
}

/// Reads an ID from a string of any serde format, without allocating.
pub(super) struct IdVisitor<I>(PhantomData<I>);

impl<I> IdVisitor<I> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<I: Id> Visitor<'_> for IdVisitor<I> {
    type Value = I;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, kind) in I::KINDS.iter().enumerate() {
            f.write_str(if at > 0 { " or " } else { "" })?;
            f.write_str(kind.with_article())?;
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<I, E> {
        // The error does not quote the text, so it may be shown.
        text.parse().map_err(E::custom)
    }
}
