//! Values of parameters for property tests and fuzzing.

use arbitrary::{Result, Unstructured};

use super::limit::{LimitUnit, ParameterLimit};

/// The longest text for a parameter without a limit, in characters.
const LONGEST: usize = 80;

/// The longest text for a parameter without a maximum, or with a very high one, in characters.
const MAX: usize = 4_000;

/// A text within its limit: usually short, sometimes of the maximum length.
pub(crate) fn text(u: &mut Unstructured<'_>, limit: Option<ParameterLimit>) -> Result<String> {
    let (min, max) = limit.map_or((1, LONGEST), |limit| (limit.min, limit.max.min(MAX)));
    let longest = if u.ratio(1, 8)? {
        max
    } else {
        max.min(LONGEST.max(min))
    };
    let length = u.int_in_range(min..=longest)?;
    let bytes = limit.is_some_and(|limit| limit.unit == LimitUnit::Bytes);
    let mut text = String::new();
    for _ in 0..length {
        let symbol = if bytes || u.ratio(1, 2)? {
            char::from(u.int_in_range(b' '..=b'~')?)
        } else {
            u.arbitrary()?
        };
        text.push(symbol);
    }
    Ok(text)
}

/// A number within its limit.
pub(crate) fn number(u: &mut Unstructured<'_>, limit: Option<ParameterLimit>) -> Result<u32> {
    let bound = |bound| u32::try_from(bound).unwrap_or(u32::MAX);
    let (min, max) = limit.map_or((0, u32::MAX), |limit| (bound(limit.min), bound(limit.max)));
    u.int_in_range(min..=max)
}
