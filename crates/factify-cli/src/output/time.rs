use std::time::Duration;

use factify_core::Timestamp;
use jiff::tz::TimeZone;

use super::record::Value;

/// How times are shown.
pub(super) enum Times {
    /// As an age, such as `3 d`.
    Ages,
    Local(TimeZone),
    Utc,
}

impl Times {
    /// The text of a value.
    pub(super) fn text(&self, value: Value) -> String {
        match (value, self) {
            (Value::Text(text), _) => text,
            (Value::Time(time), Self::Ages) => age(time, Timestamp::now()),
            (Value::Time(time), Self::Local(zone)) => local(time, zone),
            (Value::Time(time), Self::Utc) => time.to_string(),
        }
    }
}

/// The units of ages, with their seconds. Months and years have the average length of the calendar.
const UNITS: [(&str, u64); 6] = [
    ("y", 31_556_952),
    ("mo", 2_629_746),
    ("d", 86_400),
    ("h", 3_600),
    ("min", 60),
    ("s", 1),
];

/// How long ago a time is, such as `3 d`, or `in 3 d` if it is in the future. It is rounded down to one unit.
fn age(time: Timestamp, now: Timestamp) -> String {
    let (tense, distance) = match now.duration_since(time) {
        Some(past) => ("", past),
        None => ("in ", time.duration_since(now).unwrap_or(Duration::ZERO)),
    };
    let seconds = distance.as_secs();
    match UNITS.iter().find(|(_, length)| seconds >= *length) {
        Some((unit, length)) => format!("{tense}{} {unit}", seconds / length),
        None => "now".into(),
    }
}

/// A time in the local zone; in UTC if it is outside of the calendar's range.
fn local(time: Timestamp, zone: &TimeZone) -> String {
    match jiff::Timestamp::try_from(time) {
        Ok(time) => time
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M %:z")
            .to_string(),
        Err(_) => time.to_string(),
    }
}
