use anstyle::Style;
use factify_core::Timestamp;
use serde::Serialize;

use super::text::printable;

/// A result that can be written in every format.
pub(crate) trait Record {
    /// The columns of its table.
    const COLUMNS: &'static [Column];

    /// The API's object.
    fn json(&self) -> impl Serialize + '_;

    /// Its id, if the output lists it.
    fn id(&self) -> Option<&str>;

    /// The cells of the table, in the order of the columns.
    fn cells(&self) -> Vec<Cell>;
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// The least width to which it is shortened in a narrow terminal. `None`: it is never shortened.
    pub(crate) least: Option<usize>,
    /// A table that is too wide leaves out the columns with the highest numbers first, and never those with 0.
    pub(crate) leave_out: u8,
    /// Whether it is shown only with `-o wide`, and in CSV.
    pub(crate) only_wide: bool,
}

impl Column {
    /// A column that is never shortened or left out, such as an id.
    pub(crate) const fn new(title: &'static str) -> Self {
        Self {
            title,
            least: None,
            leave_out: 0,
            only_wide: false,
        }
    }

    /// A narrow terminal may shorten its cells to this width.
    pub(crate) const fn shortened_to(mut self, least: usize) -> Self {
        self.least = Some(least);
        self
    }

    /// A narrow terminal may leave it out. The highest number goes first.
    pub(crate) const fn left_out(mut self, order: u8) -> Self {
        self.leave_out = order;
        self
    }

    /// Only `-o wide` and CSV show it.
    pub(crate) const fn only_wide(mut self) -> Self {
        self.only_wide = true;
        self
    }
}

/// A value in a table, with an optional color.
pub(crate) struct Cell {
    pub(crate) value: Value,
    pub(crate) style: Style,
}

pub(crate) enum Value {
    /// It is printable.
    Text(String),
    /// Shown as an age, or with `-o wide` as a local time; in CSV in UTC.
    Time(Timestamp),
}

impl Cell {
    pub(crate) fn plain(text: &str) -> Self {
        Self::styled(text, Style::new())
    }

    pub(crate) fn styled(text: &str, style: Style) -> Self {
        let value = Value::Text(printable(text).into_owned());
        Self { value, style }
    }

    pub(crate) fn number(number: i32) -> Self {
        Self::plain(&number.to_string())
    }

    pub(crate) fn time(time: impl Into<Option<Timestamp>>) -> Self {
        let style = Style::new();
        match time.into() {
            Some(time) => Self {
                value: Value::Time(time),
                style,
            },
            None => Self::plain(""),
        }
    }
}
