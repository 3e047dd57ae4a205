//! Parsers for times and durations of the command line.

use std::time::Duration;

use factify_core::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::{Span, SpanRelativeTo, Zoned};

use super::value::EMPTY;
use crate::zone;

/// Longer than anybody would wait.
const MAX_DURATION: Duration = Duration::from_secs(24 * 60 * 60);

/// `30s`, `2m`, or a number of seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if text.is_empty() {
        return Err(EMPTY.into());
    }
    let duration = match text.parse() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<Span>()
            .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
            .ok()
            .and_then(|duration| duration.try_into().ok()),
    };
    duration
        .filter(|duration| !duration.is_zero() && *duration <= MAX_DURATION)
        .ok_or_else(|| {
            "it is not a duration such as 30s or 2m, more than 0 and at most a day".into()
        })
}

/// A time in the past, such as that of a filter: an RFC 3339 time, a local time, a date (its start in the
/// local zone), or an age.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    time_at(text, now().as_ref(), Direction::Past)
}

/// A time in the future: the same, but a time span is the time from now on.
pub(crate) fn future_time(text: &str) -> Result<Timestamp, String> {
    time_at(text, now().as_ref(), Direction::Future)
}

fn now() -> Option<Zoned> {
    zone::local().map(|zone| jiff::Timestamp::now().to_zoned(zone))
}

/// Where a time span leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Past,
    Future,
}

impl Direction {
    /// What a time span is called.
    fn noun(self) -> &'static str {
        match self {
            Self::Past => "an age",
            Self::Future => "a time from now",
        }
    }
}

/// The forms of a time without an offset, with and without seconds.
const LOCAL_TIMES: [&str; 4] = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
];

/// The forms of a time with an offset, as tables print it.
const OFFSET_TIMES: [&str; 2] = ["%Y-%m-%d %H:%M %:z", "%Y-%m-%d %H:%M:%S %:z"];

/// `now` is in the local zone, or `None` if the zone is unknown.
fn time_at(text: &str, now: Option<&Zoned>, direction: Direction) -> Result<Timestamp, String> {
    if text.is_empty() {
        return Err(EMPTY.into());
    }
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    for form in OFFSET_TIMES {
        if let Ok(time) = jiff::Timestamp::strptime(form, text) {
            return Timestamp::try_from(time).map_err(|_| TOO_FAR.into());
        }
    }
    // It would be unclear whether a sign means the past or the future.
    for (sign, name) in [('-', "minus"), ('+', "plus")] {
        if let Some(unsigned) = text.strip_prefix(sign).filter(|text| age(text).is_some()) {
            let noun = direction.noun();
            return Err(format!("{noun} has no {name}: {unsigned}"));
        }
    }
    let Some(now) = now else {
        return Err(format!(
            "{}: give a time such as 2026-01-15T09:00:00Z",
            zone::UNKNOWN
        ));
    };
    let mut units = text.split(|symbol: char| !symbol.is_ascii_alphabetic());
    if units.any(|unit| unit == "m") {
        return Err("m may mean minutes or months: write min or mo".into());
    }
    let zone = || now.time_zone().clone();
    let local = LOCAL_TIMES
        .iter()
        .find_map(|form| DateTime::strptime(form, text).ok());
    let day = match text {
        "today" => Some(now.date()),
        "yesterday" => now.date().yesterday().ok(),
        "tomorrow" => now.date().tomorrow().ok(),
        _ => Date::strptime("%Y-%m-%d", text).ok(),
    };
    let zoned = if text == "now" {
        Ok(now.clone())
    } else if let Some(local) = local {
        local.to_zoned(zone())
    } else if let Some(day) = day {
        day.to_zoned(zone())
    } else if let Some(future) = text.strip_prefix("in ").and_then(age) {
        now.checked_add(future)
    } else if let Some(span) = age(text) {
        match direction {
            Direction::Past => now.checked_sub(span),
            Direction::Future if text.ends_with("ago") => now.checked_sub(span),
            Direction::Future => now.checked_add(span),
        }
    } else {
        let noun = direction.noun();
        return Err(format!(
            "it is neither a time such as 2026-01-15T09:00:00Z or '2026-01-15 09:00', nor a date such as \
             2026-01-15 or yesterday, nor {noun} such as 30d or 12h"
        ));
    };
    zoned
        .ok()
        .and_then(|zoned| Timestamp::try_from(zoned.timestamp()).ok())
        .ok_or_else(|| TOO_FAR.into())
}

const TOO_FAR: &str = "it is too far from now";

/// An age without a sign.
fn age(text: &str) -> Option<Span> {
    let signed = text.trim_start().starts_with(['-', '+']);
    let span = text.parse::<Span>().ok().filter(|_| !signed)?;
    Some(span.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn times_are_instants_dates_or_ages() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now = "2026-03-31T12:00:00Z".parse::<jiff::Timestamp>();
        let now = now.unwrap().to_zoned(zone);
        for (text, expected) in [
            ("2026-01-15T09:00:00Z", Some("2026-01-15T09:00:00Z")),
            ("2026-01-15T09:00:00+02:00", Some("2026-01-15T07:00:00Z")),
            ("2026-01-15", Some("2026-01-14T22:00:00Z")),
            ("30d", Some("2026-03-01T12:00:00Z")),
            ("12h", Some("2026-03-31T00:00:00Z")),
            ("1d 12h", Some("2026-03-30T00:00:00Z")),
            ("2 weeks ago", Some("2026-03-17T12:00:00Z")),
            ("1 month", Some("2026-02-28T12:00:00Z")),
            ("90min", Some("2026-03-31T10:30:00Z")),
            ("1mo", Some("2026-02-28T12:00:00Z")),
            // As tables print times.
            ("3 d", Some("2026-03-28T12:00:00Z")),
            ("5 h", Some("2026-03-31T07:00:00Z")),
            ("12 min", Some("2026-03-31T11:48:00Z")),
            ("30 s", Some("2026-03-31T11:59:30Z")),
            ("2 mo", Some("2026-01-31T12:00:00Z")),
            ("3 y", Some("2023-03-31T12:00:00Z")),
            ("in 4 d", Some("2026-04-04T12:00:00Z")),
            ("2026-01-14 20:30 -05:00", Some("2026-01-15T01:30:00Z")),
            ("now", Some("2026-03-31T12:00:00Z")),
            ("today", Some("2026-03-30T22:00:00Z")),
            ("yesterday", Some("2026-03-29T22:00:00Z")),
            ("2026-11-24 12:00", Some("2026-11-24T10:00:00Z")),
            ("2026-11-24T12:00:30", Some("2026-11-24T10:00:30Z")),
            ("2026-11-24 25:00", None),
            ("2m", None),
            ("1h30m", None),
            ("99999y", None),
            ("2026-02-30", None),
            ("30", None),
            ("soon", None),
            ("-5d", None),
            ("+5d", None),
            ("", None),
        ] {
            let found = time_at(text, Some(&now), Direction::Past);
            let found = found.ok().map(|time| time.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_time_span_can_lead_to_the_future() {
        let now = "2026-03-31T12:00:00Z".parse::<jiff::Timestamp>();
        let now = now.unwrap().to_zoned(TimeZone::UTC);
        for (text, expected) in [
            ("90d", Some("2026-06-29T12:00:00Z")),
            ("in 1 h", Some("2026-03-31T13:00:00Z")),
            ("tomorrow", Some("2026-04-01T00:00:00Z")),
            ("1 h ago", Some("2026-03-31T11:00:00Z")),
            ("+1h", None),
        ] {
            let found = time_at(text, Some(&now), Direction::Future);
            let found = found.ok().map(|time| time.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn without_a_zone_only_an_instant_is_a_time() {
        assert!(time_at("2026-01-15T09:00:00Z", None, Direction::Past).is_ok());
        for text in ["2026-01-15", "30d"] {
            let error = time_at(text, None, Direction::Past).unwrap_err();
            assert!(error.starts_with(zone::UNKNOWN), "{error}");
        }
    }

    #[test]
    fn durations_have_units_or_are_seconds() {
        for (text, expected) in [
            ("30", Some(30_000)),
            ("30s", Some(30_000)),
            ("2m", Some(120_000)),
            ("1m 30s", Some(90_000)),
            ("250ms", Some(250)),
            ("0.5", Some(500)),
            ("1d", Some(86_400_000)),
            ("0", None),
            ("0s", None),
            ("25h", None),
            ("inf", None),
            ("nan", None),
            ("18446744073709551615", None),
            ("-5s", None),
            ("1 month", None),
            ("", None),
        ] {
            let found = duration(text).ok().map(|time| time.as_millis());
            assert_eq!(found, expected, "{text}");
        }
    }
}
