//! The time zone of this machine.

use jiff::tz::TimeZone;

/// What is said of a `TZ` that names no zone.
pub(crate) const UNKNOWN: &str = "TZ names no time zone that this machine knows";

/// The local zone: UTC where nothing is set, and `None` where `TZ` names one that is not known.
pub(crate) fn local() -> Option<TimeZone> {
    let named = std::env::var_os("TZ").is_some_and(|name| !name.is_empty());
    match TimeZone::try_system() {
        Ok(zone) => Some(zone),
        Err(_) if named => None,
        Err(_) => Some(TimeZone::UTC),
    }
}
