use serde::Serialize;

use super::{Cell, Column, Record};
use crate::commands::tally::Achieved;

/// The result of a call whose response says nothing else.
pub(crate) struct Done {
    id: String,
    result: &'static str,
    detail: String,
}

impl Done {
    pub(crate) fn new(id: &(impl ToString + ?Sized), result: &'static str) -> Self {
        Self::with_detail(id, result, String::new())
    }

    pub(crate) fn result(&self) -> &'static str {
        self.result
    }

    pub(crate) fn achieved(&self) -> Achieved {
        Achieved::Done(self.result)
    }

    pub(crate) fn with_detail(
        id: &(impl ToString + ?Sized),
        result: &'static str,
        detail: String,
    ) -> Self {
        let id = id.to_string();
        Self { id, result, detail }
    }
}

impl Record for Done {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("RESULT").shortened_to(8),
        Column::new("DETAIL").shortened_to(12).left_out(1),
    ];

    fn json(&self) -> impl Serialize + '_ {
        (!self.detail.is_empty()).then_some(&self.detail)
    }

    fn id(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(&self.id),
            Cell::plain(self.result),
            Cell::plain(&self.detail),
        ]
    }
}
