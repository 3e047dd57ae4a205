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

    /// Shortens the last `number` columns, the widest first, but not below their floor.
    fn shorten_to(&mut self, number: usize, floor: impl Fn(&Place) -> usize) {
        let skipped = self.places.len().saturating_sub(number);
        for _ in 0..self.excess(|place| place.width) {
            let last = self.places.iter_mut().skip(skipped);
            let long = last.filter(|place| place.is_shortened() && place.width > floor(place));
            let Some(widest) = long.max_by_key(|place| place.width) else {
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
