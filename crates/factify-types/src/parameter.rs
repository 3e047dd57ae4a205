//! Traits for the values of a request, which the declarations of operations use. Hidden, because only
//! `factify-core` needs them.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Display;
use core::str::FromStr;

use crate::{EmailAddress, ErrorReason, Timestamp};

/// A value of a request.
pub trait Parameter {
    /// The reason that the API gives for an invalid value.
    const REASON: ErrorReason = ErrorReason::InvalidFieldValue;

    /// Refuses a value that can be parsed but must not be sent.
    ///
    /// # Errors
    /// Says what is wrong with the value.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A value that can be a query parameter.
pub trait QueryParameter: Parameter + Sized {
    /// The text for the query, before escaping.
    fn to_text(&self) -> Cow<'_, str>;

    /// Parses it from a query.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    fn from_text(text: &str) -> Result<Self, String>;
}

fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// For the IDs.
macro_rules! id_parameter {
    ($Id:ty) => {
        impl crate::parameter::Parameter for $Id {
            const REASON: crate::ErrorReason = crate::ErrorReason::InvalidIdFormat;
        }

        impl crate::parameter::QueryParameter for $Id {
            fn to_text(&self) -> alloc::borrow::Cow<'_, str> {
                self.as_str().into()
            }

            fn from_text(text: &str) -> Result<Self, alloc::string::String> {
                Self::parse(text).map_err(|error| alloc::string::ToString::to_string(&error))
            }
        }
    };
}

pub(crate) use id_parameter;

macro_rules! displayed {
    ($($Type:ty),+) => {$(
        impl Parameter for $Type {}

        impl QueryParameter for $Type {
            fn to_text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }

            fn from_text(text: &str) -> Result<Self, String> {
                read(text)
            }
        }
    )+};
}

displayed!(bool, i32, u32, Timestamp);

impl Parameter for EmailAddress {}

impl Parameter for String {}

impl QueryParameter for String {
    fn to_text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        Ok(text.into())
    }
}

/// The error for an unknown value.
pub(crate) fn none_of<'k>(text: &str, mut known: impl Iterator<Item = &'k str>) -> String {
    let first = known.next().unwrap_or_default();
    let list = known.fold(String::from(first), |list, next| list + ", " + next);
    format!("{text:?} is not one of {list}")
}
