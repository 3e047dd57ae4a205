use core::fmt;

#[cfg(any(
    feature = "std",
    feature = "jiff02",
    feature = "time03",
    feature = "chrono04"
))]
use super::Timestamp;

/// The time cannot be converted, because it is out of range for the other type. Limit it before you convert it, for
/// example to [`Timestamp::MIN`](crate::Timestamp::MIN) and [`Timestamp::MAX`](crate::Timestamp::MAX).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampOutOfRange(());

impl fmt::Display for TimestampOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instant is out of range for the other type")
    }
}

impl core::error::Error for TimestampOutOfRange {}

#[cfg(any(
    feature = "std",
    feature = "jiff02",
    feature = "time03",
    feature = "chrono04"
))]
const FAIL: TimestampOutOfRange = TimestampOutOfRange(());

#[cfg(feature = "std")]
mod system {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::{FAIL, Timestamp, TimestampOutOfRange};

    impl TryFrom<SystemTime> for Timestamp {
        type Error = TimestampOutOfRange;

        fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
            match time.duration_since(UNIX_EPOCH) {
                Ok(after) => Self::UNIX_EPOCH.checked_add(after),
                Err(before) => Self::UNIX_EPOCH.checked_sub(before.duration()),
            }
            .ok_or(FAIL)
        }
    }

    impl TryFrom<Timestamp> for SystemTime {
        type Error = TimestampOutOfRange;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            match time.duration_since(Timestamp::UNIX_EPOCH) {
                Some(after) => UNIX_EPOCH.checked_add(after),
                None => Timestamp::UNIX_EPOCH
                    .duration_since(time)
                    .and_then(|before| UNIX_EPOCH.checked_sub(before)),
            }
            .ok_or(FAIL)
        }
    }
}

#[cfg(feature = "jiff02")]
mod jiff02 {
    use super::{FAIL, Timestamp, TimestampOutOfRange};

    impl TryFrom<jiff::Timestamp> for Timestamp {
        type Error = TimestampOutOfRange;

        fn try_from(time: jiff::Timestamp) -> Result<Self, Self::Error> {
            let nanos = time.as_nanosecond();
            let second = i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(|_| FAIL)?;
            let nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).map_err(|_| FAIL)?;
            Self::from_unix(second, nanos).ok_or(FAIL)
        }
    }

    /// Fails after 9999-12-30T22:00:00.999999999Z, jiff's last instant.
    impl TryFrom<Timestamp> for jiff::Timestamp {
        type Error = TimestampOutOfRange;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let nanos = i32::try_from(time.subsec_nanos()).map_err(|_| FAIL)?;
            Self::new(time.unix_seconds(), nanos).map_err(|_| FAIL)
        }
    }
}

#[cfg(feature = "time03")]
mod time03 {
    use time::{Duration, OffsetDateTime};

    use super::{FAIL, Timestamp, TimestampOutOfRange};

    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = TimestampOutOfRange;

        fn try_from(time: OffsetDateTime) -> Result<Self, Self::Error> {
            Self::from_unix(time.unix_timestamp(), time.nanosecond()).ok_or(FAIL)
        }
    }

    impl TryFrom<Timestamp> for OffsetDateTime {
        type Error = TimestampOutOfRange;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            Self::from_unix_timestamp(time.unix_seconds())
                .ok()
                .and_then(|second| {
                    second.checked_add(Duration::nanoseconds(time.subsec_nanos().into()))
                })
                .ok_or(FAIL)
        }
    }
}

#[cfg(feature = "chrono04")]
mod chrono04 {
    use chrono::{DateTime, Utc};

    use super::{FAIL, Timestamp, TimestampOutOfRange};

    /// A leap second becomes the last nanosecond before it.
    impl TryFrom<DateTime<Utc>> for Timestamp {
        type Error = TimestampOutOfRange;

        fn try_from(time: DateTime<Utc>) -> Result<Self, Self::Error> {
            let nanos = time.timestamp_subsec_nanos().min(999_999_999);
            Self::from_unix(time.timestamp(), nanos).ok_or(FAIL)
        }
    }

    impl TryFrom<Timestamp> for DateTime<Utc> {
        type Error = TimestampOutOfRange;

        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            Self::from_timestamp(time.unix_seconds(), time.subsec_nanos()).ok_or(FAIL)
        }
    }
}
