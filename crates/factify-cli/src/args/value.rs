//! Parsers for texts, numbers and known values of the command line.

use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use factify_core::UserId;

pub(crate) use super::items::{item, word};
pub(crate) use super::time::{duration, future_time, time};

pub(super) const EMPTY: &str = "it is empty";

/// A text that is not empty. An empty filter would match everything.
pub(crate) fn text(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err(EMPTY);
    }
    Ok(text.to_owned())
}

/// A whole number from 1.
pub(crate) fn at_least_one<N: FromStr + PartialOrd + From<u8>>(
    text: &str,
) -> Result<N, &'static str> {
    if text.is_empty() {
        return Err(EMPTY);
    }
    let number = text.parse().map_err(|_| "it is not a whole number")?;
    if number < N::from(1) {
        return Err("it must be at least 1");
    }
    Ok(number)
}

/// A user id. The error says where to find it, because tables do not show it.
pub(crate) fn user(text: &str) -> Result<UserId, String> {
    text.parse().map_err(|error| {
        let hint = if text.contains('@') {
            "; a sender's id is sender.id of `factify invites list --output jsonl`"
        } else {
            ""
        };
        format!("{error}{hint}")
    })
}

/// One of the values that the API documents, in upper or lower case.
pub(crate) fn known<T>(
    known: &'static [T],
    as_str: fn(&T) -> &str,
) -> impl TypedValueParser<Value = T>
where
    T: for<'t> From<&'t str> + Clone + Send + Sync + 'static,
{
    let values = PossibleValuesParser::new(known.iter().map(as_str));
    AnyCase(values).map(|text| T::from(&text))
}

/// Accepts the values in upper case too, and returns them in lower case.
#[derive(Clone)]
struct AnyCase(PossibleValuesParser);

impl TypedValueParser for AnyCase {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let lower = value.to_ascii_lowercase();
        // An error shows the value as it was given.
        let parsed = self.0.parse_ref(command, argument, &lower);
        parsed.or_else(|_| self.0.parse_ref(command, argument, value))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.0.possible_values()
    }
}
