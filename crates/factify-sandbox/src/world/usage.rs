//! Counts requests by day, for quotas and the history.

use std::collections::BTreeMap;

use factify_core::Timestamp;

/// The requests of an organization or a key by day.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<String, i32>);

impl Tally {
    pub(crate) fn count(&mut self, now: Timestamp) {
        let requests = self.0.entry(day(now)).or_default();
        *requests = requests.saturating_add(1);
    }

    /// The days with requests, from the first to the last.
    pub(crate) fn days(&self) -> impl Iterator<Item = (&str, i32)> {
        self.0
            .iter()
            .map(|(day, requests)| (day.as_str(), *requests))
    }

    /// The requests in the period of this time.
    pub(crate) fn in_period(&self, now: Timestamp) -> i32 {
        let first_day = Period::of(now).first_day;
        let days = self.0.range(first_day.clone()..);
        let days = days.take_while(|(day, _)| day.get(..7) == first_day.get(..7));
        days.fold(0, |sum, (_, requests)| sum.saturating_add(*requests))
    }
}

/// The day of a time, in UTC, as `YYYY-MM-DD`.
pub(crate) fn day(time: Timestamp) -> String {
    time.to_string().chars().take(10).collect()
}

/// A period of quotas: a month in UTC.
pub(crate) struct Period {
    first_day: String,
    next_first_day: String,
}

impl Period {
    pub(crate) fn of(time: Timestamp) -> Self {
        let day = day(time);
        let mut parts = day
            .splitn(3, '-')
            .map(|part| part.parse::<u32>().unwrap_or(1));
        let (year, month) = (parts.next().unwrap_or(1), parts.next().unwrap_or(1));
        let next = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        let first_day = |(year, month): (u32, u32)| format!("{year:04}-{month:02}-01");
        Self {
            first_day: first_day((year, month)),
            next_first_day: first_day(next),
        }
    }

    /// Its start.
    pub(crate) fn start(&self) -> Option<Timestamp> {
        midnight(&self.first_day)
    }

    /// The start of the next one.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        midnight(&self.next_first_day)
    }
}

fn midnight(day: &str) -> Option<Timestamp> {
    format!("{day}T00:00:00Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month() {
        for (time, start, end) in [
            (
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z",
                "2026-02-01T00:00:00Z",
            ),
            (
                "2026-11-30T23:59:59.9Z",
                "2026-11-01T00:00:00Z",
                "2026-12-01T00:00:00Z",
            ),
            (
                "2026-12-31T23:59:59Z",
                "2026-12-01T00:00:00Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            let period = Period::of(time.parse().unwrap());
            let found = (period.start().unwrap(), period.end().unwrap());
            assert_eq!(
                found,
                (start.parse().unwrap(), end.parse().unwrap()),
                "{time}"
            );
        }
    }

    #[test]
    fn requests_count_in_their_period() {
        let mut tally = Tally::default();
        for time in [
            "2026-01-31T23:00:00Z",
            "2026-02-01T00:00:00Z",
            "2026-02-28T12:00:00Z",
        ] {
            tally.count(time.parse().unwrap());
        }
        for (time, requests) in [
            ("2026-01-01T00:00:00Z", 1),
            ("2026-02-09T00:00:00Z", 2),
            ("2026-03-01T00:00:00Z", 0),
        ] {
            assert_eq!(tally.in_period(time.parse().unwrap()), requests, "{time}");
        }
        let days: Vec<_> = tally.days().collect();
        assert_eq!(
            days,
            [("2026-01-31", 1), ("2026-02-01", 1), ("2026-02-28", 1)]
        );
    }
}
