//! Tables: rows with aligned columns.

use std::io::{self, Write};

use anstyle::Style;

use super::Column;
use super::layout::{GAP, Layout};
use super::screen::Screen;
use super::width::{cut, is_right_to_left, width};

/// Printed around a cell that is written from right to left. It is invisible, and has the direction of the
/// table. Without it, a terminal that reorders such text may move digits and punctuation of the next columns
/// into the cell. It is outside of the cell, so that nobody copies it with the text.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// A cell as it is printed, before it is shortened.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) style: Style,
}

/// Rows that are not printed yet. Each block of rows is aligned as a whole, and keeps the columns of the
/// blocks before it.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Printed>>,
    layout: Option<Layout>,
}

impl Table {
    pub(super) fn new(columns: Vec<Column>) -> Self {
        let bold = Style::new().bold();
        let titles = columns.iter().map(|column| Printed {
            text: column.title.to_owned(),
            style: bold,
        });
        Self {
            rows: vec![titles.collect()],
            columns,
            layout: None,
        }
    }

    /// Adds a row with a cell for each column.
    pub(super) fn push(&mut self, row: Vec<Printed>) {
        self.rows.push(row);
    }

    /// Prints the rows since the last call. `screen` matters only in the first call.
    pub(super) fn print(&mut self, out: &mut impl Write, screen: Screen) -> io::Result<()> {
        let mut widths = vec![0; self.columns.len()];
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(&cell.text).max(*widest);
            }
        }
        let layout = match &mut self.layout {
            Some(layout) => {
                layout.grow(&widths);
                layout
            }
            none => none.insert(Layout::new(&self.columns, &widths, screen.limit)),
        };
        for row in self.rows.drain(..) {
            print_row(out, &row, layout, screen.is_terminal)?;
        }
        Ok(())
    }
}

fn print_row(
    out: &mut impl Write,
    row: &[Printed],
    layout: &Layout,
    is_terminal: bool,
) -> io::Result<()> {
    // The spaces are printed before the next text, so that no line ends with spaces.
    let mut spaces = 0;
    let mut was_right_to_left = false;
    for place in layout.places() {
        let Some(Printed { text, style }) = row.get(place.index) else {
            continue;
        };
        let text = match layout.cut(place) {
            Some(width) => cut(text, width),
            None => text.into(),
        };
        if !text.is_empty() {
            let is_right_to_left = is_terminal && is_right_to_left(&text);
            // Not a width of the format, which has a maximum.
            out.write_all(&b" ".repeat(spaces))?;
            if is_right_to_left || was_right_to_left {
                write!(out, "{LEFT_TO_RIGHT}")?;
            }
            write!(out, "{style}{text}{style:#}")?;
            was_right_to_left = is_right_to_left;
            spaces = 0;
        }
        spaces += place.width.saturating_sub(width(&text)) + GAP;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::printable;
    use anstyle::AnsiColor;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    const PIPE: Screen = Screen {
        is_terminal: false,
        limit: None,
    };

    fn terminal(width: usize) -> Screen {
        Screen {
            is_terminal: true,
            limit: Some(width),
        }
    }

    fn plain(text: impl Into<String>) -> Printed {
        Printed {
            text: text.into(),
            style: Style::new(),
        }
    }

    /// Prints each block of rows.
    fn print(columns: &[Column], blocks: &[&[Vec<String>]], screen: Screen) -> String {
        let mut table = Table::new(columns.to_vec());
        let mut out = Vec::new();
        for block in blocks {
            for row in *block {
                table.push(row.iter().cloned().map(plain).collect());
            }
            table.print(&mut out, screen).unwrap();
        }
        let out = String::from_utf8(out).unwrap();
        out.replace(&Style::new().bold().render().to_string(), "")
            .replace(&Style::new().bold().render_reset().to_string(), "")
    }

    fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<Vec<String>> {
        let row = |row: &[&str; N]| row.map(Into::into).to_vec();
        rows.iter().map(row).collect()
    }

    const COLUMNS: [Column; 4] = [
        Column::new("ID"),
        Column::new("CREATED").left_out(1),
        Column::new("SENDER").shortened_to(8).left_out(2),
        Column::new("EMAIL").shortened_to(8),
    ];

    const ROWS: [[&str; 4]; 6] = [
        ["inv_1", "3 d", "owner@example.com", "山田太郎@例え.example"],
        [
            "inv_2",
            "12 min",
            "admin@example.com",
            "👩\u{200d}👩\u{200d}👧family@example.com",
        ],
        [
            "inv_3",
            "in 4 d",
            "שולח@example.com",
            "zoe\u{308}@example.com",
        ],
        ["inv_4", "", "", ""],
        ["inv_5", "now", "🇩🇪@example.com", ""],
        [
            "inv_6",
            "",
            "a@b",
            "guest0@example.net, from the office in Scranton",
        ],
    ];

    #[test]
    fn a_table_in_a_pipe_shows_everything() {
        let expected = "\
ID     CREATED  SENDER             EMAIL
inv_1  3 d      owner@example.com  山田太郎@例え.example
inv_2  12 min   admin@example.com  👩\u{200d}👩\u{200d}👧family@example.com
inv_3  in 4 d   שולח@example.com   zoe\u{308}@example.com
inv_4
inv_5  now      🇩🇪@example.com
inv_6           a@b                guest0@example.net, from the office in Scranton
";
        assert_eq!(print(&COLUMNS, &[&rows(&ROWS)], PIPE), expected);
    }

    #[test]
    fn a_table_at_a_terminal_fits() {
        let narrow = "\
ID     CREATED  SENDER       EMAIL
inv_1  3 d      owner@exam…  山田太郎@例…
inv_2  12 min   admin@exam…  👩\u{200d}👩\u{200d}👧family@ex…
inv_3  in 4 d   \u{200e}שולח@examp…  \u{200e}zoe\u{308}@example…
inv_4
inv_5  now      🇩🇪@example…
inv_6           a@b          guest0@exam…
";
        let narrower = "\
ID     CREATED  EMAIL
inv_1  3 d      山田太…
inv_2  12 min   👩\u{200d}👩\u{200d}👧famil…
inv_3  in 4 d   zoe\u{308}@exa…
inv_4
inv_5  now
inv_6           guest0@…
";
        let narrowest = "\
ID     E…
inv_1  …
inv_2  …
inv_3  z…
inv_4
inv_5
inv_6  g…
";
        for (width, expected) in [(41, narrow), (24, narrower), (9, narrowest)] {
            let shown = print(&COLUMNS, &[&rows(&ROWS)], terminal(width));
            assert_eq!(shown, expected, "{width}:\n{shown}");
        }
        for width in [40, 80, 200] {
            let shown = print(&COLUMNS, &[&rows(&ROWS)], terminal(width));
            for line in shown.lines() {
                assert!(super::width(line) <= width, "{width}: {line}");
            }
            assert_eq!(shown.contains("Scranton"), width > 80, "{width}");
        }
    }

    #[test]
    fn a_table_may_have_one_column() {
        let ids = rows(&[["inv_1"], ["inv_22"]]);
        let columns = [Column::new("ID")];
        for screen in [PIPE, terminal(3)] {
            assert_eq!(print(&columns, &[&ids], screen), "ID\ninv_1\ninv_22\n");
        }
        let columns = [Column::new("NAME").shortened_to(3)];
        assert_eq!(print(&columns, &[&ids], terminal(4)), "NAME\ninv…\ninv…\n");
        assert_eq!(print(&columns, &[&ids], terminal(2)), "N…\ni…\ni…\n");
    }

    #[test]
    fn later_blocks_keep_the_columns_and_have_no_titles() {
        let columns = [
            Column::new("ID"),
            Column::new("NAME").shortened_to(2),
            Column::new("EMAIL").shortened_to(2),
        ];
        let first = rows(&[["a", "Pam Beesly", "pam@example.com"]]);
        let second = rows(&[["b", "Jim", "jim@example.com"], ["c", "Dwight Schrute", ""]]);
        let shown = print(&columns, &[&first, &second], PIPE);
        let expected = "\
ID  NAME        EMAIL
a   Pam Beesly  pam@example.com
b   Jim             jim@example.com
c   Dwight Schrute
";
        assert_eq!(shown, expected);
        let shown = print(&columns, &[&first, &second], terminal(80));
        let expected = "\
ID  NAME        EMAIL
a   Pam Beesly  pam@example.com
b   Jim         jim@example.com
c   Dwight Sc…
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_color_is_around_the_text_that_is_shown() {
        let mut table = Table::new(vec![Column::new("A").shortened_to(1), Column::new("B")]);
        let red = AnsiColor::Red.on_default();
        let text = "accepted".to_owned();
        table.push(vec![Printed { text, style: red }, plain("b")]);
        let mut out = Vec::new();
        table.print(&mut out, terminal(8)).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.ends_with(&format!("{red}acce…{red:#}  b\n")), "{out:?}");
    }

    fn column() -> impl Strategy<Value = Column> {
        let titles = prop_oneof![Just("ID"), Just("CREATED"), Just("")];
        (titles, option::of(1..20usize), 0..4u8).prop_map(|(title, least, leave_out)| Column {
            title,
            least,
            leave_out,
            only_wide: false,
        })
    }

    fn text() -> impl Strategy<Value = String> {
        let text = prop_oneof![
            "[a-z]{0,20}",
            "[a-z 0-9@.山田👩👍🏽\u{200d}\u{fe0f}\u{301}שלוםمثال]{0,12}",
            "\\PC{0,8}",
        ];
        text.prop_map(|text| printable(&text).into_owned())
    }

    /// Columns and two blocks of rows.
    fn table() -> impl Strategy<Value = (Vec<Column>, [Vec<Vec<String>>; 2])> {
        vec(column(), 1..6).prop_flat_map(|columns| {
            let rows = || vec(vec(text(), columns.len()), 0..4);
            let blocks = [rows(), rows()];
            (Just(columns), blocks)
        })
    }

    proptest! {
        #[test]
        fn nothing_is_cut_in_a_pipe((columns, [first, second]) in table()) {
            let shown = print(&columns, &[&first, &second], PIPE);
            let lines: Vec<_> = shown.lines().skip(1).collect();
            prop_assert_eq!(lines.len(), first.len() + second.len());
            for (line, row) in lines.into_iter().zip(first.iter().chain(&second)) {
                let mut rest = line;
                for text in row {
                    let Some((_, after)) = rest.split_once(text.as_str()) else {
                        return Err(TestCaseError::fail(format!("no {text:?} in {line:?}")));
                    };
                    rest = after;
                }
                prop_assert_eq!(rest.trim_matches(' '), "");
            }
        }

        /// Each cell begins with a letter of its column. Nothing else has capital letters.
        #[test]
        fn columns_start_at_the_same_place_in_each_row(
            (columns, [rows, _]) in table(),
            limit in option::of(1..100usize),
        ) {
            let columns: Vec<_> = columns.into_iter().map(|column| Column { title: "", ..column }).collect();
            let marked = |row: &Vec<String>| -> Vec<String> {
                let cells = row.iter().map(|text| text.to_lowercase()).zip('A'..);
                cells.map(|(text, letter)| format!("{letter}{text}")).collect()
            };
            let rows: Vec<_> = rows.iter().map(marked).collect();
            let screen = Screen { is_terminal: true, limit };
            let shown = print(&columns, &[&rows], screen);
            let mut starts = std::collections::HashMap::new();
            for line in shown.lines() {
                for (at, letter) in line.match_indices(|symbol: char| symbol.is_ascii_uppercase()) {
                    let start = width(&line[..at]);
                    prop_assert_eq!(*starts.entry(letter).or_insert(start), start, "{}", shown);
                }
            }
        }

        #[test]
        fn no_line_is_wider_than_the_terminal(
            (columns, [first, second]) in table(),
            limit in 16..100usize,
        ) {
            let shortened = |column: Column| if column.least.is_some() { column } else { column.shortened_to(4) };
            let columns: Vec<_> = columns.into_iter().map(shortened).collect();
            let shown = print(&columns, &[&first, &second], terminal(limit));
            for line in shown.lines() {
                prop_assert!(width(line) <= limit, "{}", shown);
            }
        }
    }
}
