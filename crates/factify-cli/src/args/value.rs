//! Parsers for the values of the command line.

use std::ffi::OsStr;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use factify_core::sharing::GrantRecipient;
use factify_core::{
    AccessRequestId, ApiKeyId, DocumentId, EmailAddress, InviteId, OrganizationId, PolicyId,
    PrincipalId, Timestamp, UserId, VersionId,
};
use jiff::civil::{Date, DateTime};
use jiff::{Span, SpanRelativeTo, Zoned};

use crate::failure::Failure;
use crate::zone;

/// One of the arguments that name an organization and its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word<T> {
    Organization(OrganizationId),
    Item(T),
    /// `-`: the items are on standard input.
    StandardInput,
}

/// What a list of such arguments names.
pub(crate) struct Words<T> {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) items: Vec<T>,
    pub(crate) standard_input: bool,
}

impl<T> Words<T> {
    /// Reads an organization at the start, and items after it.
    pub(crate) fn new(words: Vec<Word<T>>) -> Result<Self, Failure> {
        let (mut organization, mut items, mut standard_input) = (None, Vec::new(), false);
        for (index, word) in words.into_iter().enumerate() {
            match word {
                Word::Organization(id) if index == 0 => organization = Some(id),
                Word::Organization(id) => {
                    return Err(Failure::usage(format!(
                        "{id} is not the first argument: name one organization, before the other arguments"
                    )));
                }
                Word::Item(item) => items.push(item),
                Word::StandardInput => standard_input = true,
            }
        }
        Ok(Self {
            organization,
            items,
            standard_input,
        })
    }
}

/// An argument, or a line of standard input, that names an item.
pub(crate) trait Item: FromStr<Err: Display> {
    /// What it is, with an article.
    const WHAT: &'static str;

    /// What to do with an email address, if it is no such item.
    const OF_ADDRESS: &'static str = "";

    /// Equal for all that name the same thing.
    fn key(&self) -> String;
}

macro_rules! ids {
    ($($Id:ty = $what:literal $(, with an address $of_address:literal)?;)+) => {
        $(impl Item for $Id {
            const WHAT: &'static str = $what;
            $(const OF_ADDRESS: &'static str = $of_address;)?

            fn key(&self) -> String {
                self.to_string()
            }
        })+
    };
}

ids! {
    AccessRequestId = "an access request id";
    ApiKeyId = "an API key id";
    DocumentId = "a document id";
    InviteId = "an invite id", with an address
        "`factify invites list --email-exact ADDRESS` shows the ids of its invites";
    OrganizationId = "an organization id";
    PolicyId = "a policy id";
    PrincipalId = "a user or bot id", with an address "`factify members list` shows the ids of people";
    UserId = "a user id", with an address "`factify members list` shows the ids of people";
    VersionId = "a version id";
}

impl Item for GrantRecipient {
    const WHAT: &'static str = "a user or bot id, or an email address";

    fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

impl Item for EmailAddress {
    const WHAT: &'static str = "an email address";

    /// Each of two invites to one mailbox would invalidate the token of the other.
    fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

pub(crate) fn word<T: Item>(text: &str) -> Result<Word<T>, String> {
    if text == "-" {
        return Ok(Word::StandardInput);
    }
    // An email address may begin like an organization's id.
    if text.starts_with(OrganizationId::PREFIX) && !text.contains('@') {
        let organization = text.parse().map_err(|error| format!("{error}"))?;
        return Ok(Word::Organization(organization));
    }
    item(text)
}

/// An item or `-`, where no organization is expected.
pub(crate) fn item<T: Item>(text: &str) -> Result<Word<T>, String> {
    if text == "-" {
        return Ok(Word::StandardInput);
    }
    text.parse().map(Word::Item).map_err(|error: T::Err| {
        if text.contains('@') && !T::OF_ADDRESS.is_empty() {
            return format!("{error}; {}", T::OF_ADDRESS);
        }
        match text.to_lowercase().parse::<T>() {
            Ok(_) => format!("{error}; ids are in lower case"),
            Err(_) => error.to_string(),
        }
    })
}

const EMPTY: &str = "it is empty";

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

/// A user id. Tables do not show it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

    #[test]
    fn a_word_is_an_organization_an_item_or_standard_input() {
        assert_eq!(word::<InviteId>("-"), Ok(Word::StandardInput));
        let organization = Word::Organization(OrganizationId::literal(ORGANIZATION));
        assert_eq!(word::<InviteId>(ORGANIZATION), Ok(organization));
        let address = word::<EmailAddress>("org_chart@example.com");
        assert!(matches!(address, Ok(Word::Item(_))));
        let hint = word::<InviteId>("user_01h2xcejqtf2nbrexx3vqjhp41").unwrap_err();
        assert!(hint.contains("that is a user id; an invite id starts with inv_"));
    }

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
