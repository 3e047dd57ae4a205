//! The documented limits of parameters, and the error for a parameter that breaks one.

use std::fmt;
use std::ops::RangeInclusive;

use factify_types::parameter::Parameter;

use crate::error::from_invalid;

/// A documented limit of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParameterLimit {
    /// The unit that is counted.
    pub unit: LimitUnit,
    /// The minimum.
    pub min: usize,
    /// The maximum.
    pub max: usize,
}

/// The unit of a [`ParameterLimit`].
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
    /// A limit from `min` to `max` units.
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

    /// Checks a number of units against the limit.
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
                let problem = format!("it is {actual}, but must be from {min} to {max}");
                return Err(InvalidParameter::new(name, problem));
            }
        };
        let problem = if max == usize::MAX {
            format!("it has {actual} {unit}, but must have at least {min}")
        } else if min == max {
            format!("it has {actual} {unit}, but must have exactly {max}")
        } else if min == 0 {
            format!("it has {actual} {unit}, but the maximum is {max}")
        } else {
            format!("it has {actual} {unit}, but must have {min} to {max}")
        };
        Err(InvalidParameter::new(name, problem))
    }
}

// One function for each unit of a declaration, for the types that have this unit.

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

#[allow(clippy::trivially_copy_pass_by_ref)] // Same signature as the others.
pub(crate) fn value(
    name: &'static str,
    number: &u32,
    range: &RangeInclusive<usize>,
) -> Result<(), InvalidParameter> {
    let number = usize::try_from(*number).unwrap_or(usize::MAX);
    ParameterLimit::value(range).check(name, number)
}

/// Checks a parameter before anything is sent.
pub(crate) fn check(name: &'static str, value: &impl Parameter) -> Result<(), InvalidParameter> {
    let checked = value.check();
    checked.map_err(|problem| InvalidParameter::new(name, problem))
}

/// Refuses an empty filter. It would match everything, so it is probably an unset variable.
pub(crate) fn check_not_empty(name: &'static str, text: &str) -> Result<(), InvalidParameter> {
    if text.is_empty() {
        let problem = "it is empty; leave it out instead";
        return Err(InvalidParameter::new(name, problem));
    }
    Ok(())
}

/// Refuses a time range whose end is not after its start.
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

/// A parameter breaks a documented rule. The call is refused before anything is sent. Correct the parameter that the
/// message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidParameter {
    name: &'static str,
    problem: String,
}

impl InvalidParameter {
    /// Describes the problem with the parameter of this name.
    pub fn new(name: &'static str, problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self { name, problem }
    }

    /// The name of the parameter in the API.
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
