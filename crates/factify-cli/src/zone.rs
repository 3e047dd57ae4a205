//! The time zone of this machine.

use jiff::tz::TimeZone;

/// The message for a `TZ` that names no zone.
pub(crate) const UNKNOWN: &str = "TZ names no time zone that this machine knows";

/// The local zone: UTC if none is set, and `None` if `TZ` names an unknown one.
pub(crate) fn local() -> Option<TimeZone> {
    let named = std::env::var_os("TZ").is_some_and(|name| !name.is_empty());
    match TimeZone::try_system() {
        Ok(zone) => Some(zone),
        Err(_) if named => None,
        Err(_) => Some(TimeZone::UTC),
    }
}
