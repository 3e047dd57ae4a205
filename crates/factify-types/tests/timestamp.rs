//! Timestamps against the `time` crate, and the corners that it decides otherwise.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, SystemTime};

use factify_types::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[test]
fn agrees_with_the_time_crate_on_two_million_instants() {
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..2_000_000_u32 {
        let seconds = random.i64(Timestamp::MIN.unix_seconds()..=Timestamp::MAX.unix_seconds());
        // Whole seconds and short fractions are as common as long ones.
        let nanos = random.u32(0..1_000_000_000) / 10_u32.pow(round % 10) * 10_u32.pow(round % 10);
        let ours = Timestamp::from_unix(seconds, nanos).unwrap();
        let text = ours.to_string();
        let theirs = OffsetDateTime::parse(&text, &Rfc3339).unwrap();
        assert_eq!(
            (theirs.unix_timestamp(), theirs.nanosecond()),
            (seconds, nanos),
            "{text}"
        );
        assert_eq!(text.parse(), Ok(ours));
        if round % 8 == 0 {
            assert_eq!(theirs.format(&Rfc3339).unwrap(), text);
        }
    }
}

#[test]
fn reads_what_rfc_3339_allows() {
    for (text, expected) in [
        ("2024-01-15T10:30:00Z", Some("2024-01-15T10:30:00Z")),
        ("2024-01-15t10:30:00z", Some("2024-01-15T10:30:00Z")),
        ("2024-01-15 10:30:00Z", Some("2024-01-15T10:30:00Z")),
        ("2024-01-15T10:30:00.100Z", Some("2024-01-15T10:30:00.1Z")),
        (
            "2024-01-15T10:30:00.123456789Z",
            Some("2024-01-15T10:30:00.123456789Z"),
        ),
        (
            "2024-01-15T10:30:00.1234567899Z",
            Some("2024-01-15T10:30:00.123456789Z"),
        ),
        ("2024-01-15T10:30:00+02:00", Some("2024-01-15T08:30:00Z")),
        ("2024-01-15T10:30:00-23:59", Some("2024-01-16T10:29:00Z")),
        ("2024-02-29T00:00:00Z", Some("2024-02-29T00:00:00Z")),
        ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00Z")),
        ("0000-12-31T23:59:00-00:01", Some("0001-01-01T00:00:00Z")),
        (
            "9999-12-31T23:59:59.999999999Z",
            Some("9999-12-31T23:59:59.999999999Z"),
        ),
        (
            "2016-12-31T23:59:60Z",
            Some("2016-12-31T23:59:59.999999999Z"),
        ),
        (
            "2017-01-01T01:59:60+02:00",
            Some("2016-12-31T23:59:59.999999999Z"),
        ),
        ("2024-01-15T10:30:60Z", None),
        ("2024-01-15T23:59:60Z", None),
        ("0001-01-01T00:00:00+00:01", None),
        ("9999-12-31T23:59:59-00:01", None),
        ("0000-01-01T00:00:00Z", None),
        ("2023-02-29T00:00:00Z", None),
        ("2024-00-15T10:30:00Z", None),
        ("2024-01-00T10:30:00Z", None),
        ("2024-01-15T24:00:00Z", None),
        ("2024-01-15T10:30:00+24:00", None),
        ("2024-01-15T10:30:00", None),
        ("2024-01-15T10:30Z", None),
        ("2024-01-15T10:30:00.Z", None),
        ("2024-01-15T10:30:00,5Z", None),
        ("2024-01-15T10:30:00+0200", None),
        ("2024-01-15T10:30:00Zx", None),
        (" 2024-01-15T10:30:00Z", None),
        ("+2024-01-15T10:30:00Z", None),
        ("２024-01-15T10:30:00Z", None),
        ("", None),
    ] {
        let read = text.parse::<Timestamp>();
        assert_eq!(
            read.map(|time| time.to_string()).ok().as_deref(),
            expected,
            "{text}"
        );
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(
            serde_json::from_str::<Timestamp>(&json).is_ok(),
            expected.is_some()
        );
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    for (text, problem) in [
        ("", "it is empty"),
        (
            "x",
            "position 0 does not match the form YYYY-MM-DDThh:mm:ssZ",
        ),
        ("2024-01-15T10:30", "position 16 does not match"),
        ("2024-01-15X10:30:00Z", "position 10 does not match"),
        ("2024-01-15T10:3x:00Z", "position 15 does not match"),
        ("2024-01-15T10:30:00", "position 19 does not match"),
        ("2024-01-15T10:30:00.Z", "position 20 does not match"),
        ("2024-01-15T10:30:00+0200", "position 22 does not match"),
        ("2024-01-15T10:30:00Zx", "position 20 does not match"),
        ("2024-13-15T10:30:00Z", "the month is out of range"),
        ("2023-02-29T10:30:00Z", "the day is out of range"),
        ("2024-04-31T10:30:00Z", "the day is out of range"),
        ("2024-06-31T10:30:00Z", "the day is out of range"),
        ("2024-09-31T10:30:00Z", "the day is out of range"),
        ("2024-11-31T10:30:00Z", "the day is out of range"),
        ("2024-01-15T24:30:00Z", "the hour is out of range"),
        ("2024-01-15T10:60:00Z", "the minute is out of range"),
        ("2024-01-15T10:30:61Z", "the second is out of range"),
        ("2024-01-15T10:30:00+24:00", "the offset is out of range"),
        ("2024-01-15T10:30:00+00:60", "the offset is out of range"),
        ("0001-01-01T00:00:00+00:01", "it is outside the years"),
    ] {
        let error = Timestamp::parse(text).unwrap_err().to_string();
        assert!(error.contains(problem), "{text}: {error}");
        let json = serde_json::to_string(text).unwrap();
        let read = serde_json::from_str::<Timestamp>(&json).unwrap_err();
        assert!(
            read.to_string().starts_with(&format!("{error} at line 1")),
            "{read}"
        );
    }
}

#[test]
fn arithmetic_stays_inside_of_the_range() {
    let nano = Duration::from_nanos(1);
    assert_eq!(Timestamp::MAX.checked_add(nano), None);
    assert_eq!(Timestamp::MIN.checked_sub(nano), None);
    assert_eq!(Timestamp::MIN.checked_add(Duration::MAX), None);
    let before = Timestamp::UNIX_EPOCH.checked_sub(nano).unwrap();
    assert_eq!(before.to_string(), "1969-12-31T23:59:59.999999999Z");
    assert_eq!(before.checked_add(nano), Some(Timestamp::UNIX_EPOCH));
    assert_eq!(Timestamp::UNIX_EPOCH.duration_since(before), Some(nano));
    assert_eq!(before.duration_since(Timestamp::UNIX_EPOCH), None);
    let span = Timestamp::MAX.duration_since(Timestamp::MIN).unwrap();
    assert_eq!(Timestamp::MIN.checked_add(span), Some(Timestamp::MAX));
    assert_eq!(
        Timestamp::from_unix_millis(-1),
        before.checked_sub(Duration::from_nanos(999_999))
    );
    for millis in [0, 1, -1, 999, -1_000, 1_768_440_615_123] {
        let time = Timestamp::from_unix_millis(millis).unwrap();
        assert_eq!(time.unix_millis(), millis);
    }
    assert!(Timestamp::from_unix(0, 999_999_999).is_some());
    assert!(Timestamp::from_unix(0, 1_000_000_000).is_none());
}

#[test]
fn a_time_and_its_error_are_printed() {
    let epoch = format!("{:?}", Timestamp::UNIX_EPOCH);
    assert_eq!(epoch, "Timestamp(1970-01-01T00:00:00Z)");
    let late = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    let error = Timestamp::try_from(late).unwrap_err().to_string();
    assert_eq!(error, "the instant is out of range for the other type");
}

#[test]
fn converts_from_and_to_system_time() {
    for text in [
        "1969-12-31T23:59:59.5Z",
        "1970-01-01T00:00:00Z",
        "2026-01-15T01:30:15.01Z",
    ] {
        let time: Timestamp = text.parse().unwrap();
        assert_eq!(
            Timestamp::try_from(SystemTime::try_from(time).unwrap()),
            Ok(time)
        );
    }
}

#[cfg(all(feature = "jiff02", feature = "time03", feature = "chrono04"))]
#[test]
fn converts_from_and_to_the_types_of_other_crates() {
    for text in [
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.000000001Z",
        "9999-12-31T23:59:59.9Z",
    ] {
        let time: Timestamp = text.parse().unwrap();
        assert_eq!(
            Timestamp::try_from(OffsetDateTime::try_from(time).unwrap()),
            Ok(time)
        );
        let chrono = chrono::DateTime::<chrono::Utc>::try_from(time).unwrap();
        assert_eq!(Timestamp::try_from(chrono), Ok(time));
        match jiff::Timestamp::try_from(time) {
            Ok(jiff) => assert_eq!(Timestamp::try_from(jiff), Ok(time)),
            Err(_) => assert!(text.starts_with("9999")),
        }
    }
}

#[test]
fn now_is_the_time_of_the_systems_clock() {
    let before = std::time::SystemTime::now();
    let now = std::time::SystemTime::try_from(Timestamp::now()).unwrap();
    // The clock of a machine may be corrected in between.
    let hour = std::time::Duration::from_secs(3_600);
    assert!(before - hour < now && now < before + hour, "{now:?}");
}
