use core::fmt;

use super::{NANOS, Timestamp, civil};

/// Why a text is not a [`Timestamp`]. It does not contain the text. Write the time as in RFC 3339, with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimestamp(Problem);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    Empty,
    Form { position: usize },
    Field(&'static str),
    Range,
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 time: ")?;
        match self.0 {
            Problem::Empty => f.write_str("it is empty"),
            Problem::Form { position } => write!(
                f,
                "position {position} does not match the form YYYY-MM-DDThh:mm:ssZ"
            ),
            Problem::Field(field) => write!(f, "the {field} is out of range"),
            Problem::Range => f.write_str("it is outside the years 1 to 9999 in UTC"),
        }
    }
}

impl core::error::Error for InvalidTimestamp {}

/// The form of date and time, where each 0 stands for a digit. Its length is fixed.
const HEAD: &[u8; 19] = b"0000-00-00T00:00:00";

fn fits(form: u8, byte: u8) -> bool {
    match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        separator => byte == separator,
    }
}

/// Finds the first position where the text does not match.
#[cold]
fn misfit(text: &[u8]) -> InvalidTimestamp {
    if text.is_empty() {
        return InvalidTimestamp(Problem::Empty);
    }
    let position = HEAD
        .iter()
        .zip(text)
        .position(|(&form, &byte)| !fits(form, byte));
    let position = position.unwrap_or(HEAD.len().min(text.len()));
    InvalidTimestamp(Problem::Form { position })
}

/// Reads the text after date and time.
struct Cursor<'a> {
    text: &'a [u8],
    position: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    #[cold]
    fn fail<T>(&self) -> Result<T, InvalidTimestamp> {
        Err(InvalidTimestamp(Problem::Form {
            position: self.position,
        }))
    }

    fn digit(&mut self) -> Option<u8> {
        let digit = self.peek().filter(u8::is_ascii_digit)?;
        self.position += 1;
        Some(digit - b'0')
    }

    /// Reads two digits of the offset.
    fn two(&mut self, max: i64) -> Result<i64, InvalidTimestamp> {
        let mut number = 0;
        for _ in 0..2 {
            match self.digit() {
                Some(digit) => number = number * 10 + i64::from(digit),
                None => return self.fail(),
            }
        }
        if number > max {
            return Err(InvalidTimestamp(Problem::Field("offset")));
        }
        Ok(number)
    }

    /// Reads the digits after the point as nanoseconds.
    fn fraction(&mut self) -> Result<u32, InvalidTimestamp> {
        if self.peek() != Some(b'.') {
            return Ok(0);
        }
        self.position += 1;
        let Some(first) = self.digit() else {
            return self.fail();
        };
        let mut unit = NANOS / 10;
        let mut nanos = u32::from(first) * unit;
        while let Some(digit) = self.digit() {
            unit /= 10;
            nanos += u32::from(digit) * unit;
        }
        Ok(nanos)
    }

    /// Reads the offset from UTC in seconds, and checks that nothing follows.
    fn offset(&mut self) -> Result<i64, InvalidTimestamp> {
        let sign = match self.peek() {
            Some(b'Z' | b'z') => 0,
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return self.fail(),
        };
        self.position += 1;
        let mut offset = 0;
        if sign != 0 {
            offset = self.two(23)? * 3_600;
            if self.peek() != Some(b':') {
                return self.fail();
            }
            self.position += 1;
            offset += self.two(59)? * 60;
        }
        match self.peek() {
            None => Ok(sign * offset),
            Some(_) => self.fail(),
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    let field = |field| Err(InvalidTimestamp(Problem::Field(field)));
    let text = text.as_bytes();
    let head = text.first_chunk().filter(|head: &&[u8; 19]| {
        let mut pairs = HEAD.iter().zip(head.iter());
        pairs.all(|(&form, &byte)| fits(form, byte))
    });
    let Some(head) = head else {
        return Err(misfit(text));
    };
    #[rustfmt::skip]
    let [y1, y2, y3, y4, _, mo1, mo2, _, d1, d2, _, h1, h2, _, mi1, mi2, _, s1, s2] =
        head.map(|byte| i64::from(byte.wrapping_sub(b'0')));
    let year = y1 * 1_000 + y2 * 100 + y3 * 10 + y4;
    let (month, day) = (mo1 * 10 + mo2, d1 * 10 + d2);
    let (hour, minute, second) = (h1 * 10 + h2, mi1 * 10 + mi2, s1 * 10 + s2);
    if month == 0 || month > 12 {
        return field("month");
    }
    if day == 0 || day > civil::days_in_month(year, month) {
        return field("day");
    }
    if hour > 23 {
        return field("hour");
    }
    if minute > 59 {
        return field("minute");
    }
    if second > 60 {
        return field("second");
    }
    let mut rest = Cursor {
        text,
        position: HEAD.len(),
    };
    let nanos = rest.fraction()?;
    let offset = rest.offset()?;

    let leap = second == 60;
    let (second, nanos) = if leap {
        (59, NANOS - 1)
    } else {
        (second, nanos)
    };
    let seconds =
        civil::days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    if leap {
        let next = civil::date((seconds + 1).div_euclid(86_400));
        if (seconds + 1).rem_euclid(86_400) != 0 || next.2 != 1 {
            return field("second");
        }
    }
    Timestamp::from_unix(seconds, nanos).ok_or(InvalidTimestamp(Problem::Range))
}
