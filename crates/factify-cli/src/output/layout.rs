//! How wide the columns of a table are, and which are left out.

use super::Column;

/// The spaces between two columns.
pub(super) const GAP: usize = 2;

/// A column that is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its index among the cells of a row.
    pub(super) index: usize,
    pub(super) width: usize,
    column: Column,
}

impl Place {
    /// The least width before columns are left out.
    fn least(&self) -> usize {
        self.width.min(self.column.least.unwrap_or(self.width))
    }

    fn is_shortened(&self) -> bool {
        self.column.least.is_some()
    }
}

/// The columns that are shown, from left to right.
///
/// To fit a terminal, columns are shortened to their least width, the widest first. If this is not enough,
/// columns are left out, until the others fit at their least width. If the columns that are never left out
/// do not fit, they are shortened further, the last one first. The last column takes what is left.
#[derive(Debug)]
pub(super) struct Layout {
    places: Vec<Place>,
    /// The width of the terminal. `None`: nothing is shortened.
    limit: Option<usize>,
}

impl Layout {
    /// Lays out columns for cells of these widths.
    pub(super) fn new(columns: &[Column], widths: &[usize], limit: Option<usize>) -> Self {
        let places = columns.iter().zip(widths).enumerate();
        let places = places.map(|(index, (&column, &width))| Place {
            index,
            width,
            column,
        });
        let mut layout = Self {
            places: places.collect(),
            limit,
        };
        layout.leave_out();
        layout.shorten(layout.places.len());
        layout.fill();
        layout
    }

    /// Makes room for later cells of these widths: columns that are not shortened become wider.
    pub(super) fn grow(&mut self, widths: &[usize]) {
        let is_limited = self.limit.is_some();
        for place in &mut self.places {
            let needed = widths.get(place.index).copied().unwrap_or_default();
            if !(is_limited && place.is_shortened()) {
                place.width = place.width.max(needed);
            }
        }
        self.shorten(1);
        self.fill();
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The width to which cells of this column are cut, if they are.
    pub(super) fn cut(&self, place: &Place) -> Option<usize> {
        (self.limit.is_some() && place.is_shortened()).then_some(place.width)
    }

    /// Leaves out columns until the others fit at their least width.
    fn leave_out(&mut self) {
        while self.excess(Place::least) > 0 {
            let places = self.places.iter().enumerate();
            let optional = places.filter(|(_, place)| place.column.leave_out > 0);
            let Some((next, _)) = optional.max_by_key(|(_, place)| place.column.leave_out) else {
                break;
            };
            self.places.remove(next);
        }
    }

    /// Shortens columns until they fit: `first` of them, counted from the last, before the others.
    fn shorten(&mut self, first: usize) {
        let all = self.places.len();
        let least = |place: &Place| place.column.least.unwrap_or_default();
        self.shorten_to(first, least);
        self.shorten_to(all, least);
        self.shorten_to(1, |_| 1);
        self.shorten_to(all, |_| 1);
    }

    /// Shortens the last `number` columns, but not below their floor: the widest first, from left to right.
    fn shorten_to(&mut self, number: usize, floor: impl Fn(&Place) -> usize) {
        let skipped = self.places.len().saturating_sub(number);
        for _ in 0..self.excess(|place| place.width) {
            let last = self.places.iter_mut().skip(skipped);
            let long = last.filter(|place| place.is_shortened() && place.width > floor(place));
            let Some(widest) = long.rev().max_by_key(|place| place.width) else {
                break;
            };
            widest.width -= 1;
        }
    }

    /// Gives the last column what is left.
    fn fill(&mut self) {
        let (used, limit) = (self.used(|place| place.width), self.limit);
        if let (Some(limit), Some(last)) = (limit, self.places.last_mut()) {
            last.width += limit.saturating_sub(used);
        }
    }

    fn excess(&self, width: impl Fn(&Place) -> usize) -> usize {
        self.limit
            .map_or(0, |limit| self.used(width).saturating_sub(limit))
    }

    fn used(&self, width: impl Fn(&Place) -> usize) -> usize {
        let gaps = GAP * self.places.len().saturating_sub(1);
        self.places.iter().map(width).sum::<usize>() + gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    const COLUMNS: [Column; 4] = [
        Column::new("ID"),
        Column::new("SENDER").shortened_to(6).left_out(2),
        Column::new("CREATED").left_out(1),
        Column::new("EMAIL").shortened_to(5),
    ];

    /// The index and the width of each column.
    fn places(layout: &Layout) -> Vec<(usize, usize)> {
        let places = layout.places.iter();
        places.map(|place| (place.index, place.width)).collect()
    }

    #[test]
    fn columns_are_shortened_then_left_out_then_shortened_further() {
        for (limit, expected, why) in [
            (None, &[(0, 10), (1, 20), (2, 7), (3, 15)][..], "a pipe"),
            (Some(80), &[(0, 10), (1, 20), (2, 7), (3, 37)], "wide"),
            (Some(58), &[(0, 10), (1, 20), (2, 7), (3, 15)], "exact"),
            (Some(57), &[(0, 10), (1, 19), (2, 7), (3, 15)], "widest"),
            (Some(50), &[(0, 10), (1, 13), (2, 7), (3, 14)], "both"),
            (Some(34), &[(0, 10), (1, 6), (2, 7), (3, 5)], "least"),
            (Some(33), &[(0, 10), (2, 7), (3, 12)], "without SENDER"),
            (Some(26), &[(0, 10), (2, 7), (3, 5)], "least"),
            (Some(25), &[(0, 10), (3, 13)], "without CREATED"),
            (Some(17), &[(0, 10), (3, 5)], "least"),
            (Some(16), &[(0, 10), (3, 4)], "below its least"),
            (Some(1), &[(0, 10), (3, 1)], "an id is never shortened"),
        ] {
            let layout = Layout::new(&COLUMNS, &[10, 20, 7, 15], limit);
            assert_eq!(places(&layout), expected, "{limit:?}: {why}");
        }
    }

    #[test]
    fn later_rows_keep_the_columns() {
        for (limit, later, expected, why) in [
            (
                None,
                [0; 4],
                &[(0, 10), (1, 20), (2, 7), (3, 15)][..],
                "empty",
            ),
            (
                None,
                [12, 30, 1, 1],
                &[(0, 12), (1, 30), (2, 7), (3, 15)],
                "wider",
            ),
            (
                Some(58),
                [10, 30, 7, 30],
                &[(0, 10), (1, 20), (2, 7), (3, 15)],
                "cut",
            ),
            (
                Some(58),
                [10, 20, 9, 15],
                &[(0, 10), (1, 20), (2, 9), (3, 13)],
                "the last is shortened",
            ),
            (
                Some(33),
                [10, 20, 9, 15],
                &[(0, 10), (2, 9), (3, 10)],
                "SENDER stays left out",
            ),
        ] {
            let mut layout = Layout::new(&COLUMNS, &[10, 20, 7, 15], limit);
            layout.grow(&later);
            assert_eq!(places(&layout), expected, "{limit:?}: {why}");
        }
    }

    fn column() -> impl Strategy<Value = Column> {
        (option::of(1..20usize), 0..4u8).prop_map(|(least, leave_out)| Column {
            title: "",
            least,
            leave_out,
            only_wide: false,
        })
    }

    proptest! {
        #[test]
        fn a_layout_fits_if_it_can(
            columns in vec((column(), 0..60usize, 0..60usize), 0..8),
            limit in 1..200usize,
        ) {
            let (widths, later): (Vec<_>, Vec<_>) =
                columns.iter().map(|(_, width, later)| (*width, *later)).unzip();
            let columns: Vec<_> = columns.into_iter().map(|(column, ..)| column).collect();
            let mut layout = Layout::new(&columns, &widths, Some(limit));
            for is_later in [false, true] {
                if is_later {
                    layout.grow(&later);
                }
                // One cell is left of a column that can be shortened.
                let rest = |place: &Place| {
                    let most = if place.is_shortened() { 1 } else { usize::MAX };
                    place.width.min(most)
                };
                let fits = layout.used(|place| place.width) <= limit.max(layout.used(rest));
                prop_assert!(fits, "{layout:?}");
                if !is_later && layout.used(rest) > limit {
                    let kept = |place: &Place| place.column.leave_out == 0;
                    prop_assert!(layout.places.iter().all(kept), "{layout:?}");
                }
                for place in &layout.places {
                    let needed = widths[place.index].max(if is_later { later[place.index] } else { 0 });
                    prop_assert!(place.is_shortened() || place.width >= needed, "{layout:?}");
                }
            }
        }
    }
}
