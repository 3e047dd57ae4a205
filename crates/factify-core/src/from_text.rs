//! Reading values from texts in a configuration file.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// Reads a value from a text that may be a secret: no error contains it.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, what: &str) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    let visitor = Text(what, PhantomData);
    if deserializer.is_human_readable() {
        // Told that it must be a text, the format itself would quote a secret that is written like a number.
        deserializer.deserialize_any(visitor)
    } else {
        deserializer.deserialize_string(visitor)
    }
}

/// Parses a text. The errors for other values do not contain the value.
struct Text<'w, T>(&'w str, PhantomData<T>);

macro_rules! refuse {
    ($($visit:ident: $Value:ty),+ $(,)?) => {$(
        fn $visit<E: Error>(self, _: $Value) -> Result<T, E> {
            self.refuse()
        }
    )+};
}

impl<T> Text<'_, T> {
    fn refuse<E: Error>(&self) -> Result<T, E> {
        Err(E::custom(format_args!("{} must be a text", self.0)))
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Visitor<'de> for Text<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as a text", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        self.visit_str(&Zeroizing::new(text))
    }

    refuse! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
        visit_bytes: &[u8],
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        self.refuse()
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        self.refuse()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<T, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.refuse()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<T, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.refuse()
    }
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
