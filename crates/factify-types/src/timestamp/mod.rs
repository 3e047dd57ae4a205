//! Instants with exactly the API's range and precision.

mod civil;
mod convert;
mod parse;
mod serde;

use core::fmt::{self, Write};
use core::str::FromStr;
use core::time::Duration;

pub use convert::TimestampOutOfRange;
pub use parse::InvalidTimestamp;

/// Nanoseconds in a second.
const NANOS: u32 = 1_000_000_000;

/// An instant, to the nanosecond, from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z:
/// the range of the API (`google.protobuf.Timestamp`).
///
/// It reads any offset and prints UTC. It keeps all nine digits of the fraction.
///
/// ```
/// # extern crate factify_types as factify;
/// use factify::Timestamp;
///
/// let time: Timestamp = "2023-01-15T03:30:15.010+02:00".parse()?;
/// assert_eq!(time.to_string(), "2023-01-15T01:30:15.01Z");
/// # Ok::<(), factify::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since the Unix epoch, rounded down.
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// 0001-01-01T00:00:00Z
    pub const MIN: Self = Self {
        seconds: -62_135_596_800,
        nanos: 0,
    };

    /// 9999-12-31T23:59:59.999999999Z
    pub const MAX: Self = Self {
        seconds: 253_402_300_799,
        nanos: NANOS - 1,
    };

    /// 1970-01-01T00:00:00Z
    pub const UNIX_EPOCH: Self = Self {
        seconds: 0,
        nanos: 0,
    };

    /// Makes a time from the seconds since 1970-01-01T00:00:00Z, rounded down, and the nanoseconds after
    /// them. `None` if it is out of range, or if `nanos` is a second or more.
    pub const fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        let in_range = Self::MIN.seconds <= seconds && seconds <= Self::MAX.seconds;
        if in_range && nanos < NANOS {
            Some(Self { seconds, nanos })
        } else {
            None
        }
    }

    /// Makes a time from the milliseconds since 1970-01-01T00:00:00Z. `None` if it is out of range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A remainder of 1,000.
    pub const fn from_unix_millis(millis: i64) -> Option<Self> {
        let nanos = millis.rem_euclid(1_000) as u32 * 1_000_000;
        Self::from_unix(millis.div_euclid(1_000), nanos)
    }

    /// The current time on the system's clock.
    ///
    /// # Panics
    /// On `wasm32-unknown-unknown`, where the standard library has no clock.
    #[cfg(feature = "std")]
    pub fn now() -> Self {
        let now = std::time::SystemTime::now();
        // A clock outside of the years 1 to 9999 stops at the nearest time.
        Self::try_from(now).unwrap_or(if now < std::time::UNIX_EPOCH {
            Self::MIN
        } else {
            Self::MAX
        })
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// The nanoseconds after [`unix_seconds`](Self::unix_seconds), always less than a second.
    pub const fn subsec_nanos(&self) -> u32 {
        self.nanos
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn unix_millis(&self) -> i64 {
        self.seconds * 1_000 + (self.nanos / 1_000_000) as i64
    }

    /// The time plus `duration`. `None` if it is out of range.
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        let nanos = self.nanos + duration.subsec_nanos();
        let seconds = self
            .seconds
            .checked_add_unsigned(duration.as_secs())?
            .checked_add(i64::from(nanos / NANOS))?;
        Self::from_unix(seconds, nanos % NANOS)
    }

    /// The time minus `duration`. `None` if it is out of range.
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        let nanos = self.nanos + NANOS - duration.subsec_nanos();
        let seconds = self
            .seconds
            .checked_sub_unsigned(duration.as_secs())?
            .checked_sub(1)?
            .checked_add(i64::from(nanos / NANOS))?;
        Self::from_unix(seconds, nanos % NANOS)
    }

    /// The duration from `earlier` to this time. `None` if `earlier` is later.
    pub fn duration_since(&self, earlier: Self) -> Option<Duration> {
        let seconds = u64::try_from(self.seconds - earlier.seconds).ok()?;
        Duration::from_secs(seconds)
            .checked_add(Duration::from_nanos(u64::from(self.nanos)))?
            .checked_sub(Duration::from_nanos(u64::from(earlier.nanos)))
    }

    /// Reads an RFC 3339 time with any offset.
    ///
    /// It accepts a space or `t` for `T`, and `z` for `Z`. A leap second, which is second 60 at the end
    /// of a month in UTC, becomes the last nanosecond of that month. It ignores digits of the fraction
    /// after the ninth.
    ///
    /// # Errors
    /// If the text is not such a time, or the time is out of range.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        parse::parse(text)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Timestamp {
    /// Writes RFC 3339 in UTC, without zeros at the end of the fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.seconds.div_euclid(86_400);
        let second = self.seconds.rem_euclid(86_400);
        let (year, month, day) = civil::date(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let mut text = Text::default();
        write!(
            text,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanos > 0 {
            let (mut fraction, mut digits) = (self.nanos, 9);
            while fraction % 10 == 0 {
                fraction /= 10;
                digits -= 1;
            }
            write!(text, ".{fraction:0digits$}")?;
        }
        text.write_str("Z")?;
        f.pad(text.as_str())
    }
}

/// A text of at most the length of [`Timestamp::MAX`], so that printing allocates nothing.
#[derive(Default)]
struct Text {
    bytes: [u8; "9999-12-31T23:59:59.999999999Z".len()],
    length: usize,
}

impl Text {
    fn as_str(&self) -> &str {
        let text = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let end = self.length + part.len();
        let place = self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?;
        place.copy_from_slice(part.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// Any time in the years 1 to 9999, with nanoseconds.
#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for Timestamp {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let seconds = Self::MIN.unix_seconds()..=Self::MAX.unix_seconds();
        let (seconds, nanos) = (u.int_in_range(seconds)?, u.int_in_range(0..=999_999_999)?);
        Self::from_unix(seconds, nanos).ok_or(arbitrary::Error::IncorrectFormat)
    }
}

generate_by_proptest!(Timestamp);
