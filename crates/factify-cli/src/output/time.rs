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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "2026-03-31T12:00:00Z";

    #[test]
    fn an_age_is_one_unit_rounded_down() {
        let now = NOW.parse().unwrap();
        for (time, expected) in [
            ("2026-03-31T12:00:00Z", "now"),
            ("2026-03-31T11:59:59.001Z", "now"),
            ("2026-03-31T12:00:00.999Z", "now"),
            ("2026-03-31T11:59:59Z", "1 s"),
            ("2026-03-31T11:59:00.001Z", "59 s"),
            ("2026-03-31T11:59:00Z", "1 min"),
            ("2026-03-31T11:00:01Z", "59 min"),
            ("2026-03-31T07:00:00Z", "5 h"),
            ("2026-03-30T12:00:01Z", "23 h"),
            ("2026-03-28T12:00:00Z", "3 d"),
            ("2026-03-01T12:00:00Z", "30 d"),
            ("2026-01-29T12:00:00Z", "2 mo"),
            ("2025-04-01T12:00:00Z", "11 mo"),
            ("2025-03-31T06:00:00Z", "1 y"),
            ("2023-03-31T00:00:00Z", "3 y"),
            ("2026-03-31T12:00:01Z", "in 1 s"),
            ("2026-03-31T12:12:59Z", "in 12 min"),
            ("2026-04-04T12:00:00Z", "in 4 d"),
            ("2027-03-31T18:00:00Z", "in 1 y"),
        ] {
            assert_eq!(age(time.parse().unwrap(), now), expected, "{time}");
        }
        assert_eq!(age(Timestamp::MIN, Timestamp::MAX), "9998 y");
        assert_eq!(age(Timestamp::MAX, Timestamp::MIN), "in 9998 y");
    }

    /// The least and the greatest seconds between now and a time that is shown like this.
    fn meant(age: &str) -> (i64, i64) {
        if age == "now" {
            return (-1, 1);
        }
        let (past, age) = match age.strip_prefix("in ") {
            Some(age) => (-1, age),
            None => (1, age),
        };
        let (number, unit) = age.split_once(' ').unwrap();
        let (_, length) = UNITS.iter().find(|(name, _)| *name == unit).unwrap();
        let (number, length): (i64, _) = (number.parse().unwrap(), i64::try_from(*length).unwrap());
        let ends = [past * number * length, past * (number + 1) * length];
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    }

    fn time() -> impl Strategy<Value = Timestamp> {
        let seconds = Timestamp::MIN.unix_seconds()..=Timestamp::MAX.unix_seconds();
        let near = 1_700_000_000..1_700_200_000i64;
        (prop_oneof![seconds, near], 0..1_000_000_000u32)
            .prop_map(|(seconds, nanos)| Timestamp::from_unix(seconds, nanos).unwrap())
    }

    proptest! {
        #[test]
        fn an_age_is_never_wrong_by_more_than_its_unit(time in time(), now in time()) {
            let nanos = |time: Timestamp| {
                i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos())
            };
            let distance = nanos(now) - nanos(time);
            let (least, greatest) = meant(&age(time, now));
            let [least, greatest] = [least, greatest].map(|end| i128::from(end) * 1_000_000_000);
            prop_assert!((least..=greatest).contains(&distance), "{}", age(time, now));
        }
    }

    #[test]
    fn wide_tables_have_local_times() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let time = "2026-01-15T01:30:15.010Z".parse().unwrap();
        assert_eq!(local(time, &zone), "2026-01-14 20:30 -05:00");
        assert_eq!(local(Timestamp::MAX, &zone), Timestamp::MAX.to_string());
    }
}
