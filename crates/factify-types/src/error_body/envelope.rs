//! Reads the three envelopes and ignores everything else in them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{ErrorBody, ErrorCode, ErrorDetail};

/// How many details are kept; the API sends one.
const MAX_DETAILS: usize = 32;

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BodyVisitor)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = ErrorBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorBody, A::Error> {
        let mut body = ErrorBody::default();
        let mut title = None;
        let mut own = ErrorDetail::default();
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "error" => {
                    if let Lenient::Other(Some(inner)) = map.next_value::<Lenient<ErrorBody>>()? {
                        body = inner;
                    }
                }
                "code" => {
                    body.code = text(&mut map)?
                        .map(|code| ErrorCode::from(&*code))
                        .or(body.code);
                }
                "message" | "detail" => body.message = text(&mut map)?.or(body.message),
                "title" => title = text(&mut map)?,
                "details" => body.details = map.next_value::<Details>()?.0,
                "reason" => own.reason = text(&mut map)?.map(|reason| (&*reason).into()),
                "param" => own.param = text(&mut map)?,
                "request_id" => own.request_id = text(&mut map)?,
                "retry_after" => {
                    if let Lenient::Number(seconds) = map.next_value::<Lenient<IgnoredAny>>()? {
                        body.retry_after_seconds = whole_seconds(seconds);
                    }
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        body.message = body.message.or(title);
        if own != ErrorDetail::default() {
            body.details.push(own);
        }
        Ok(body)
    }
}

/// A value of any type, of which only some are used.
enum Lenient<T> {
    Text(String),
    Number(f64),
    Other(Option<T>),
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(match map.next_value::<Lenient<IgnoredAny>>()? {
        Lenient::Text(text) => Some(text),
        _ => None,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Saturates, and is not negative.
fn whole_seconds(seconds: f64) -> Option<u64> {
    if seconds < 0.0 || seconds.is_nan() {
        return None;
    }
    let whole = seconds as u64;
    // A fraction counts as a second, so that a retry never comes too early.
    #[allow(clippy::cast_precision_loss)]
    let fraction = seconds > whole as f64;
    Some(whole.saturating_add(u64::from(fraction)))
}

impl<'de, T: FromMap> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor(PhantomData))
    }
}

/// How an object is read.
trait FromMap: Sized {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error>;
}

impl FromMap for IgnoredAny {
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl FromMap for ErrorBody {
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        BodyVisitor.visit_map(map).map(Some)
    }
}

impl FromMap for ErrorDetail {
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut detail = Self::default();
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "reason" => detail.reason = text(&mut map)?.map(|reason| (&*reason).into()),
                "param" => detail.param = text(&mut map)?,
                "request_id" => detail.request_id = text(&mut map)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Some(detail).filter(|detail| *detail != Self::default()))
    }
}

struct LenientVisitor<T>(PhantomData<T>);

impl<'de, T: FromMap> Visitor<'de> for LenientVisitor<T> {
    type Value = Lenient<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Lenient::Text(text.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        #[allow(clippy::cast_precision_loss)] // Seconds; more than 2^53 are practically infinite.
        Ok(Lenient::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Lenient::Number(number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Lenient::Other(None))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Lenient::Other(None))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Lenient::Other(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Lenient::Other(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map).map(Lenient::Other)
    }
}

/// The list of details. Any other value counts as an empty list.
struct Details(Vec<ErrorDetail>);

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DetailsVisitor;

        impl<'de> Visitor<'de> for DetailsVisitor {
            type Value = Details;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Details, A::Error> {
                let mut details = Vec::new();
                while let Some(item) = seq.next_element::<Lenient<ErrorDetail>>()? {
                    if let (Lenient::Other(Some(detail)), true) =
                        (item, details.len() < MAX_DETAILS)
                    {
                        details.push(detail);
                    }
                }
                Ok(Details(details))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Details, A::Error> {
                IgnoredAny::from_map(map).map(|_| Details(Vec::new()))
            }

            fn visit_str<E: Error>(self, _: &str) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }

            fn visit_unit<E: Error>(self) -> Result<Details, E> {
                Ok(Details(Vec::new()))
            }
        }

        deserializer.deserialize_any(DetailsVisitor)
    }
}
