//! Reading values from texts in a configuration file.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// Reads a value from a text that may be a secret: no error contains it.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, what: &str) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    // The format's own error would quote a secret that is written like a number.
    let text = String::deserialize(deserializer).map_err(|_| {
        let problem = format!("{what} must be a text");
        D::Error::custom(problem)
    })?;
    Zeroizing::new(text).parse().map_err(D::Error::custom)
}

/// Implements `Deserialize` by `FromStr`.
macro_rules! deserialize_from_text {
    ($Type:ty, $what:literal) => {
        /// Reads a text, by the rules of `FromStr`. The error does not contain the text.
        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::from_text::deserialize(deserializer, $what)
            }
        }
    };
}

pub(crate) use deserialize_from_text;
