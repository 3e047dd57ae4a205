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

    /// The order of the keys does not matter, so two values for one key are an error.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorBody, A::Error> {
        let mut own = DetailFields::default();
        let (mut code, mut inner) = (Field::new("code"), Field::new("error"));
        let (mut details, mut retry_after) = (Field::new("details"), Field::new("retry_after"));
        let (mut message, mut detail) = (Field::new("message"), Field::new("detail"));
        let mut title = Field::new("title");
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "code" => code.set(text(&mut map)?)?,
                "message" => message.set(text(&mut map)?)?,
                "detail" => detail.set(text(&mut map)?)?,
                "title" => title.set(text(&mut map)?)?,
                "details" => details.set(Some(map.next_value::<Details>()?.0))?,
                "retry_after" => {
                    retry_after.set(map.next_value::<Lenient<IgnoredAny>>()?.seconds())?;
                }
                "error" => inner.set(map.next_value::<Lenient<ErrorBody>>()?.object())?,
                key => own.read(key, &mut map)?,
            }
        }
        let inner: ErrorBody = inner.value.unwrap_or_default();
        let code = code.value.map(|code| ErrorCode::from(&*code));
        let mut details: Vec<ErrorDetail> = details.value.unwrap_or_default();
        details.extend(inner.details);
        details.truncate(MAX_DETAILS);
        details.extend(own.detail());
        let message = message.value.or(detail.value).or(inner.message);
        Ok(ErrorBody {
            code: code.or(inner.code),
            message: message.or(title.value),
            details,
            retry_after_seconds: retry_after.value.or(inner.retry_after_seconds),
        })
    }
}

/// The value of a key, which an object has at most once.
struct Field<T> {
    key: &'static str,
    is_present: bool,
    value: Option<T>,
}

impl<T> Field<T> {
    fn new(key: &'static str) -> Self {
        Self {
            key,
            is_present: false,
            value: None,
        }
    }

    /// Sets the value. It is `None` if its type is unexpected.
    fn set<E: Error>(&mut self, value: Option<T>) -> Result<(), E> {
        if self.is_present {
            return Err(E::duplicate_field(self.key));
        }
        self.is_present = true;
        self.value = value;
        Ok(())
    }
}

/// The fields of a detail. The older envelopes have them beside the code.
struct DetailFields {
    reason: Field<String>,
    param: Field<String>,
    request_id: Field<String>,
}

impl Default for DetailFields {
    fn default() -> Self {
        Self {
            reason: Field::new("reason"),
            param: Field::new("param"),
            request_id: Field::new("request_id"),
        }
    }
}

impl DetailFields {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "reason" => self.reason.set(text(map)?),
            "param" => self.param.set(text(map)?),
            "request_id" => self.request_id.set(text(map)?),
            _ => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }

    fn detail(self) -> Option<ErrorDetail> {
        let reason = self.reason.value;
        let detail = ErrorDetail {
            reason: reason.map(|reason| (&*reason).into()),
            param: self.param.value,
            request_id: self.request_id.value,
        };
        Some(detail).filter(|detail| *detail != ErrorDetail::default())
    }
}

/// A value of any type, of which only some are used.
enum Lenient<T> {
    Text(String),
    Number(f64),
    Other(Option<T>),
}

impl<T> Lenient<T> {
    fn seconds(self) -> Option<u64> {
        match self {
            Self::Number(seconds) => whole_seconds(seconds),
            _ => None,
        }
    }

    fn object(self) -> Option<T> {
        match self {
            Self::Other(object) => object,
            _ => None,
        }
    }
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
        let mut fields = DetailFields::default();
        while let Some(key) = map.next_key::<String>()? {
            fields.read(&key, &mut map)?;
        }
        Ok(fields.detail())
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
                    details.extend(item.object().filter(|_| details.len() < MAX_DETAILS));
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
