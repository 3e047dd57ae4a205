//! The documented limits of parameters, and what is wrong with one that breaks them.

use std::fmt;
use std::ops::RangeInclusive;

use factify_types::parameter::Parameter;

use crate::error::from_invalid;

/// A documented limit of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParameterLimit {
    /// What is counted.
    pub unit: LimitUnit,
    /// The least that is allowed.
    pub min: usize,
    /// The most that is allowed.
    pub max: usize,
}

/// What a [`ParameterLimit`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitUnit {
    /// Unicode characters of a text.
    Characters,
    /// Bytes of a text in UTF-8.
    Bytes,
    /// Items of a list.
    Items,
    /// The number itself.
    Value,
}

impl ParameterLimit {
    /// At least `min` and at most `max` of the unit.
    pub const fn new(unit: LimitUnit, min: usize, max: usize) -> Self {
        Self { unit, min, max }
    }

    const fn of(unit: LimitUnit, range: &RangeInclusive<usize>) -> Self {
        Self::new(unit, *range.start(), *range.end())
    }

    pub(crate) const fn characters(range: &RangeInclusive<usize>) -> Self {
        Self::of(LimitUnit::Characters, range)
    }

    pub(crate) const fn bytes(range: &RangeInclusive<usize>) -> Self {
        Self::of(LimitUnit::Bytes, range)
    }

    pub(crate) const fn items(range: &RangeInclusive<usize>) -> Self {
        Self::of(LimitUnit::Items, range)
    }

    pub(crate) const fn value(range: &RangeInclusive<usize>) -> Self {
        Self::of(LimitUnit::Value, range)
    }

    /// Refuses a number of units outside of the limit.
    fn check(self, name: &'static str, actual: usize) -> Result<(), InvalidParameter> {
        let Self { unit, min, max } = self;
        if (min..=max).contains(&actual) {
            return Ok(());
        }
        let unit = match unit {
            LimitUnit::Characters => "characters",
            LimitUnit::Bytes => "bytes",
            LimitUnit::Items => "items",
            LimitUnit::Value => {
                let problem = format!("it is {actual}, and must be from {min} to {max}");
                return Err(InvalidParameter::new(name, problem));
            }
        };
        let problem = if min == 0 {
            format!("it has {actual} {unit}, and may have {max} at most")
        } else {
            format!("it has {actual} {unit}, and must have {min} to {max}")
        };
        Err(InvalidParameter::new(name, problem))
    }
}

// One function for each unit of a declaration, for the types that have it.

pub(crate) fn characters(
    name: &'static str,
    text: &str,
    range: &RangeInclusive<usize>,
) -> Result<(), InvalidParameter> {
    ParameterLimit::characters(range).check(name, text.chars().count())
}

pub(crate) fn bytes(
    name: &'static str,
    text: &str,
    range: &RangeInclusive<usize>,
) -> Result<(), InvalidParameter> {
    ParameterLimit::bytes(range).check(name, text.len())
}

#[allow(dead_code)] // Not every set of operations uses it.
pub(crate) fn items<T>(
    name: &'static str,
    list: &[T],
    range: &RangeInclusive<usize>,
) -> Result<(), InvalidParameter> {
    ParameterLimit::items(range).check(name, list.len())
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As the others.
pub(crate) fn value(
    name: &'static str,
    number: &u32,
    range: &RangeInclusive<usize>,
) -> Result<(), InvalidParameter> {
    let number = usize::try_from(*number).unwrap_or(usize::MAX);
    ParameterLimit::value(range).check(name, number)
}

/// Refuses what must not be sent, before anything is.
pub(crate) fn check(name: &'static str, value: &impl Parameter) -> Result<(), InvalidParameter> {
    let checked = value.check();
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
