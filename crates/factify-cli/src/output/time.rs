use factify_core::Timestamp;
use jiff::tz::TimeZone;

/// An instant as people in this zone read it; one that the calendar has no room for, in UTC.
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
