//! The names of faults and their parameters, for text and JSON.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;
use serde::Serialize;

use super::Fault;

/// A kind of fault, by its name.
#[derive(Serialize)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What a client meets.
    pub(super) does: &'static str,
    pub(super) parameter: Option<Parameter>,
    /// Whether the request can be processed anyway.
    pub(super) processed: bool,
    #[serde(skip)]
    make: fn(&Spelled<'_>) -> Option<Fault>,
}

/// The value of a fault.
#[derive(Serialize)]
pub(super) struct Parameter {
    /// Its field in JSON.
    pub(super) name: &'static str,
    pub(super) required: bool,
    /// A valid value.
    pub(super) example: &'static str,
}

/// A fault in words, which text and JSON have in common.
pub(super) struct Spelled<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) processed: bool,
}

impl Spelled<'_> {
    fn number<T: std::str::FromStr>(&self) -> Option<T> {
        let value = self.value.as_deref()?;
        // `u64` would accept a sign.
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        value.parse().ok().filter(|_| is_number)
    }
}

const fn simple(
    name: &'static str,
    does: &'static str,
    make: fn(&Spelled<'_>) -> Option<Fault>,
) -> Kind {
    Kind {
        name,
        does,
        parameter: None,
        processed: false,
        make,
    }
}

const fn parameter(name: &'static str, required: bool, example: &'static str) -> Parameter {
    Parameter {
        name,
        required,
        example,
    }
}

/// All kinds, in the order of [`Fault`].
pub(crate) static KINDS: [Kind; 12] = [
    simple("refuse", "The connection is refused.", |_| {
        Some(Fault::Refuse)
    }),
    simple(
        "drop_before",
        "The connection breaks before the request is processed.",
        |_| Some(Fault::DropBefore),
    ),
    simple(
        "drop_after",
        "The request is processed, and its response is lost.",
        |_| Some(Fault::DropAfter),
    ),
    simple(
        "truncate",
        "The request is processed, and half of the response arrives.",
        |_| Some(Fault::Truncate),
    ),
    Kind {
        parameter: Some(parameter("time", true, "500ms")),
        ..simple(
            "delay",
            "The request is processed, and its response is late.",
            |spelled| Some(Fault::Delay(duration(spelled.value.as_deref()?)?)),
        )
    },
    simple(
        "hang",
        "The request is processed, and no response arrives.",
        |_| Some(Fault::Hang),
    ),
    Kind {
        parameter: Some(parameter("retry_after", false, "30")),
        ..simple(
            "rate_limited",
            "Status 429, with Retry-After if it is given.",
            |spelled| {
                let retry_after = match spelled.value {
                    Some(_) => Some(spelled.number()?),
                    None => None,
                };
                Some(Fault::RateLimited { retry_after })
            },
        )
    },
    Kind {
        processed: true,
        ..simple("unavailable", "Status 503.", |spelled| {
            Some(Fault::Unavailable {
                processed: spelled.processed,
            })
        })
    },
    Kind {
        parameter: Some(parameter("status", true, "502")),
        processed: true,
        ..simple("html", "An HTML page with this status.", |spelled| {
            let status = spelled
                .number()
                .filter(|status| (200..600).contains(status));
            Some(Fault::Html {
                status: StatusCode::from_u16(status?).ok()?,
                processed: spelled.processed,
            })
        })
    },
    simple(
        "undocumented",
        "The request is processed, and the response is other JSON.",
        |_| Some(Fault::Undocumented),
    ),
    Kind {
        parameter: Some(parameter("position", true, "0")),
        ..simple(
            "unreadable_item",
            "One item of a list cannot be read; the first is 0.",
            |spelled| Some(Fault::UnreadableItem(spelled.number()?)),
        )
    },
    Kind {
        parameter: Some(parameter("bytes", true, "20000000")),
        ..simple(
            "oversized",
            "The response is padded to this many bytes.",
            |spelled| Some(Fault::Oversized(spelled.number()?)),
        )
    },
];

impl Kind {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The form in a text, such as `delay=TIME`.
    pub(super) fn form(&self) -> String {
        let value = self.parameter.as_ref().map(|parameter| {
            let form = format!("={}", parameter.name.to_uppercase());
            if parameter.required {
                form
            } else {
                format!("[{form}]")
            }
        });
        let processed = if self.processed { "[+processed]" } else { "" };
        format!("{}{}{processed}", self.name, value.unwrap_or_default())
    }

    /// The fault, or why there is none.
    pub(super) fn make(&self, spelled: &Spelled<'_>) -> Result<Fault, String> {
        let example = match &self.parameter {
            None if spelled.value.is_some() => {
                return Err(format!("the fault {} has no value", self.name));
            }
            Some(parameter) => format!(", such as {}={}", self.name, parameter.example),
            None => String::new(),
        };
        if spelled.processed && !self.processed {
            let name = self.name;
            return Err(format!("the fault {name} cannot have +processed"));
        }
        (self.make)(spelled)
            .ok_or_else(|| format!("the fault {} needs a valid value{example}", self.name))
    }
}

impl Fault {
    pub(super) fn spelled(&self) -> Spelled<'static> {
        let number = |number: u64| Some(number.to_string());
        let (name, value, processed) = match self {
            Self::Refuse => ("refuse", None, false),
            Self::DropBefore => ("drop_before", None, false),
            Self::DropAfter => ("drop_after", None, false),
            Self::Truncate => ("truncate", None, false),
            Self::Delay(time) => ("delay", Some(time_text(*time)), false),
            Self::Hang => ("hang", None, false),
            Self::RateLimited { retry_after } => {
                ("rate_limited", retry_after.and_then(number), false)
            }
            Self::Unavailable { processed } => ("unavailable", None, *processed),
            Self::Html { status, processed } => {
                ("html", number(status.as_u16().into()), *processed)
            }
            Self::Undocumented => ("undocumented", None, false),
            Self::UnreadableItem(at) => ("unreadable_item", number(*at as u64), false),
            Self::Oversized(bytes) => ("oversized", number(*bytes as u64), false),
        };
        Spelled {
            name: name.into(),
            value: value.map(Cow::Owned),
            processed,
        }
    }
}

/// The units of a time, with their nanoseconds, the longest first.
const UNITS: [(&str, u128); 4] = [
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// The shortest text of exactly this time.
fn time_text(time: Duration) -> String {
    let nanos = time.as_nanos();
    let mut units = UNITS.iter();
    let exact = units.find(|(_, unit)| nanos % unit == 0);
    let (name, unit) = exact.unwrap_or(&("ns", 1));
    format!("{}{name}", nanos / unit)
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = text.strip_prefix(digits)?;
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos = digits.parse::<u128>().ok()?.checked_mul(*unit)?;
    let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(seconds, rest))
}
