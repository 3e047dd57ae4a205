use super::{Timestamp, civil};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The three forms differ in their separators and in where the year and the day stand.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let mut words = text
        .split([' ', ',', '-', ':'])
        .filter(|word| !word.is_empty());
    let mut next = || words.next();
    let weekday = next()?;
    let (first, second) = (next()?, next()?);
    let asctime = MONTHS.contains(&first);
    let (day, month) = if asctime {
        (second, first)
    } else {
        (first, second)
    };
    let mut year = if asctime { "" } else { next()? };
    let (hour, minute, second) = (number(next()?)?, number(next()?)?, number(next()?)?);
    if asctime {
        year = next()?;
    } else if next()? != "GMT" {
        return None;
    }
    if next().is_some() || !weekday.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }

    let year = match (year.len(), number(year)?) {
        (2, year @ ..70) => year + 2_000,
        (2, year) => year + 1_900,
        (4, year) => year,
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = i64::try_from(month + 1).ok()?;
    let day = number(day)?;
    if day == 0 || day > civil::days_in_month(year, month) {
        return None;
    }
    // A leap second may be announced.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = civil::days(year, month, day) * 86_400 + hour * 3_600 + minute * 60;
    Timestamp::from_unix(seconds + second.min(59), 0)
}

fn number(text: &str) -> Option<i64> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}
