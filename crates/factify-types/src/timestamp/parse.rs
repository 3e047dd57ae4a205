use core::fmt;

use super::{NANOS, Timestamp, civil};

/// Why a text is not a [`Timestamp`]. It does not hold the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseTimestampError(Fault);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Form { position: usize },
    Field(&'static str),
    Range,
}

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time of RFC 3339: ")?;
        match self.0 {
            Fault::Form { position } => write!(
                f,
                "at position {position} it differs from the form 2006-01-02T15:04:05.999Z"
            ),
            Fault::Field(field) => write!(f, "there is no such {field}"),
            Fault::Range => f.write_str("it is outside of the years 1 to 9999 in UTC"),
        }
    }
}

impl core::error::Error for ParseTimestampError {}

struct Cursor<'a> {
    text: &'a [u8],
    position: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn fail<T>(&self) -> Result<T, ParseTimestampError> {
        Err(ParseTimestampError(Fault::Form {
            position: self.position,
        }))
    }

    fn digit(&mut self) -> Option<u8> {
        let digit = self.peek().filter(u8::is_ascii_digit)?;
        self.position += 1;
        Some(digit - b'0')
    }

    fn number(&mut self, digits: usize) -> Result<i64, ParseTimestampError> {
        let mut number = 0;
        for _ in 0..digits {
            match self.digit() {
                Some(digit) => number = number * 10 + i64::from(digit),
                None => return self.fail(),
            }
        }
        Ok(number)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Result<u8, ParseTimestampError> {
        match self.peek().filter(|byte| bytes.contains(byte)) {
            Some(byte) => {
                self.position += 1;
                Ok(byte)
            }
            None => self.fail(),
        }
    }

    fn two(&mut self, max: i64, field: &'static str) -> Result<i64, ParseTimestampError> {
        let number = self.number(2)?;
        if number > max {
            return Err(ParseTimestampError(Fault::Field(field)));
        }
        Ok(number)
    }

    /// The digits after the point, as nanoseconds.
    fn fraction(&mut self) -> Result<u32, ParseTimestampError> {
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
}

pub(super) fn parse(text: &str) -> Result<Timestamp, ParseTimestampError> {
    let field = |field| Err(ParseTimestampError(Fault::Field(field)));
    let mut text = Cursor {
        text: text.as_bytes(),
        position: 0,
    };
    let year = text.number(4)?;
    text.one_of(b"-")?;
    let month = text.two(12, "month")?;
    text.one_of(b"-")?;
    let day = text.two(31, "day")?;
    if month == 0 {
        return field("month");
    }
    if day == 0 || day > civil::days_in_month(year, month) {
        return field("day");
    }
    text.one_of(b"Tt ")?;
    let hour = text.two(23, "hour")?;
    text.one_of(b":")?;
    let minute = text.two(59, "minute")?;
    text.one_of(b":")?;
    let second = text.two(60, "second")?;
    let nanos = if text.peek() == Some(b'.') {
        text.position += 1;
        text.fraction()?
    } else {
        0
    };
    let offset = match text.one_of(b"Zz+-")? {
        sign @ (b'+' | b'-') => {
            let hours = text.two(23, "offset")?;
            text.one_of(b":")?;
            let minutes = text.two(59, "offset")?;
            let offset = hours * 3_600 + minutes * 60;
            if sign == b'-' { -offset } else { offset }
        }
        _ => 0,
    };
    if text.peek().is_some() {
        return text.fail();
    }

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
    Timestamp::from_unix(seconds, nanos).ok_or(ParseTimestampError(Fault::Range))
}
