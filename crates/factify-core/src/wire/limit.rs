//! The documented limits of parameters, and what is wrong with one that breaks them.

use std::fmt;
use std::ops::RangeInclusive;

use factify_types::parameter::Parameter;

use crate::error::from_invalid;

/// A documented limit of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// What is counted.
    pub unit: Unit,
    /// The least that is allowed.
    pub min: usize,
    /// The most that is allowed.
    pub max: usize,
}

/// What a [`Limit`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Unicode characters of a text.
    Characters,
    /// Bytes of a text in UTF-8.
    Bytes,
    /// The number itself.
    Value,
}

impl Limit {
    const fn new(unit: Unit, range: &RangeInclusive<usize>) -> Self {
        Self {
            unit,
            min: *range.start(),
            max: *range.end(),
        }
    }

    /// A text whose number of characters is in this range.
    pub(crate) const fn characters(range: &RangeInclusive<usize>) -> Self {
        Self::new(Unit::Characters, range)
    }

    /// A text whose number of bytes in UTF-8 is in this range.
    pub(crate) const fn bytes(range: &RangeInclusive<usize>) -> Self {
        Self::new(Unit::Bytes, range)
    }

    /// A number in this range.
    pub(crate) const fn value(range: &RangeInclusive<usize>) -> Self {
        Self::new(Unit::Value, range)
    }

    /// Refuses a value outside of the limit.
    pub(crate) fn check(self, value: &impl Measured) -> Result<(), String> {
        let Self { unit, min, max } = self;
        let actual = value.measure(unit);
        if (min..=max).contains(&actual) {
            return Ok(());
        }
        let unit = match unit {
            Unit::Characters => "characters",
            Unit::Bytes => "bytes",
            Unit::Value => return Err(format!("it is {actual}, and must be from {min} to {max}")),
        };
        Err(if min == 0 {
            format!("it has {actual} {unit}, and may have {max} at most")
        } else {
            format!("it has {actual} {unit}, and must have {min} to {max}")
        })
    }
}

/// A value that a limit can be about.
pub(crate) trait Measured {
    fn measure(&self, unit: Unit) -> usize;
}

impl Measured for String {
    fn measure(&self, unit: Unit) -> usize {
        match unit {
            Unit::Characters => self.chars().count(),
            Unit::Bytes | Unit::Value => self.len(),
        }
    }
}

impl Measured for u32 {
    fn measure(&self, _: Unit) -> usize {
        usize::try_from(*self).unwrap_or(usize::MAX)
    }
}

/// Refuses what must not be sent, before anything is.
pub(crate) fn check(name: &'static str, value: &impl Parameter) -> Result<(), InvalidParameter> {
    let checked = value.check();
    checked.map_err(|problem| InvalidParameter::new(name, problem))
}

/// Refuses a value outside of its documented limit.
pub(crate) fn check_limit(
    name: &'static str,
    value: &impl Measured,
    limit: Limit,
) -> Result<(), InvalidParameter> {
    let checked = limit.check(value);
    checked.map_err(|problem| InvalidParameter::new(name, problem))
}

/// Refuses an empty filter. It would match everything: most likely it is a variable that was never
/// filled.
pub(crate) fn check_not_empty(name: &'static str, text: &str) -> Result<(), InvalidParameter> {
    if text.is_empty() {
        let problem = "it is empty; leave it out instead";
        return Err(InvalidParameter::new(name, problem));
    }
    Ok(())
}

/// Refuses a range of time that ends before it begins, or as it begins.
pub(crate) fn check_order<T: Ord + fmt::Display>(
    (after_name, after): (&'static str, Option<T>),
    (before_name, before): (&'static str, Option<T>),
) -> Result<(), InvalidParameter> {
    match (after, before) {
        (Some(after), Some(before)) if after >= before => {
            let problem = format!("{after} is not before {before}, which is {before_name}");
            Err(InvalidParameter::new(after_name, problem))
        }
        _ => Ok(()),
    }
}

/// Why a call is refused before anything is sent: a parameter breaks a documented rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidParameter {
    name: &'static str,
    problem: String,
}

impl InvalidParameter {
    /// What is wrong with the parameter of this name.
    pub fn new(name: &'static str, problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self { name, problem }
    }

    /// The parameter, by the name that the API uses.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.problem)
    }
}

impl std::error::Error for InvalidParameter {}

from_invalid!(InvalidParameter);
