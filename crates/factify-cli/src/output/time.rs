use factify_core::Timestamp;
use jiff::tz::TimeZone;

/// A time in the local zone; in UTC if it is outside of the calendar's range.
pub(super) fn local(time: Timestamp, zone: &TimeZone) -> String {
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

    #[test]
    fn tables_have_local_times() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let time = "2026-01-15T01:30:15.010Z".parse().unwrap();
        assert_eq!(local(time, &zone), "2026-01-14 20:30 -05:00");
        assert_eq!(local(Timestamp::MAX, &zone), Timestamp::MAX.to_string());
    }
}
