use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use factify_types::Pagination;

use super::Pager;
use super::pager::paging_error;
use crate::error::Error;

/// The maximum number of walks over one list.
const MAX_WALKS: u32 = 4;

/// The maximum number of pages in one walk: a million items.
const MAX_PAGES: u32 = 10_000;

/// Reads a list so that no item is missed: a state machine without I/O.
///
/// If somebody takes an item from a page that was read, the items behind it move up, and one of them may be skipped. So
/// a list of several pages is read until a walk shows all items of the walk before: then none of these was taken.
#[derive(Debug)]
pub(crate) struct WholeList {
    pager: Pager,
    pages: u32,
    walks: u32,
    /// The hashes of the items of this walk, and of the one before.
    seen: HashSet<u64>,
    previous: Option<HashSet<u64>>,
}

/// What to do after a page of a [`WholeList`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walked {
    /// Read the next page.
    NextPage,
    /// Read the list once more. What was only in this walk is still true.
    Again,
    /// Nothing: the list was read.
    Done,
}

impl WholeList {
    pub(crate) fn new() -> Self {
        Self {
            pager: Pager::new(None),
            pages: 0,
            walks: 0,
            seen: HashSet::new(),
            previous: None,
        }
    }

    /// The token of the page to read next.
    pub(crate) fn token(&self) -> Option<String> {
        self.pager.token().map(Into::into)
    }

    /// Whether a walk begins.
    pub(crate) fn is_at_start(&self) -> bool {
        self.pages == 0
    }

    /// Notes an item of the page: its ID, or else its JSON.
    pub(crate) fn saw(&mut self, id: impl Hash) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        self.seen.insert(hasher.finish());
    }

    /// Continues after the items of a page.
    ///
    /// # Errors
    /// If the server sends a wrong page token, if items are taken during each walk, or if the list does not end.
    pub(crate) fn arrived(&mut self, pagination: &Pagination) -> Result<Walked, Error> {
        self.pager.arrived(pagination)?;
        self.pages += 1;
        if !self.pager.is_done() {
            if self.pages == MAX_PAGES {
                return Err(paging_error("the list does not end"));
            }
            return Ok(Walked::NextPage);
        }
        self.walks += 1;
        let previous = self.previous.as_ref();
        if self.pages == 1 || previous.is_some_and(|previous| previous.is_subset(&self.seen)) {
            return Ok(Walked::Done);
        }
        if self.walks == MAX_WALKS {
            return Err(paging_error(
                "items were taken from the list each time it was read, so one may be missing",
            ));
        }
        (self.pager, self.pages) = (Pager::new(None), 0);
        self.previous = Some(std::mem::take(&mut self.seen));
        Ok(Walked::Again)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads pages of two items by position, while somebody takes items and others are added. Returns those that were
    /// missed.
    fn read(
        mut items: Vec<u32>,
        taken: &[(usize, usize)],
        added: &[(usize, usize)],
    ) -> Result<Vec<u32>, Error> {
        let (mut list, mut found) = (WholeList::new(), Vec::new());
        for request in 0.. {
            for (_, at) in taken.iter().filter(|(before, _)| *before == request) {
                if *at < items.len() {
                    items.remove(*at);
                }
            }
            for (_, at) in added.iter().filter(|(before, _)| *before == request) {
                // Those before the page that is read are not promised.
                items.insert(items.len().min(*at), 100 + u32::try_from(request).unwrap());
            }
            let start: usize = list.token().map_or(0, |token| token.parse().unwrap());
            let end = items.len().min(start + 2);
            for item in items.get(start..end).unwrap_or_default() {
                list.saw(item);
                found.push(*item);
            }
            let mut pagination = Pagination::new();
            pagination.next_page_token = (end < items.len()).then(|| end.to_string());
            if list.arrived(&pagination)? == Walked::Done {
                break;
            }
        }
        items.retain(|item| *item < 100 && !found.contains(item));
        Ok(items)
    }

    #[test]
    fn a_short_or_steady_list_is_read_without_more_requests_than_necessary() {
        for (items, requests) in [(0_u32, 1), (2, 1), (3, 4), (5, 6)] {
            let mut list = WholeList::new();
            let pages = items.div_ceil(2);
            let mut sent = 0;
            loop {
                sent += 1;
                let start: u32 = list.token().map_or(0, |token| token.parse().unwrap());
                list.saw(start);
                let mut pagination = Pagination::new();
                pagination.next_page_token = (start + 1 < pages).then(|| (start + 1).to_string());
                if list.arrived(&pagination).unwrap() == Walked::Done {
                    break;
                }
            }
            assert_eq!(sent, requests, "{items} items");
        }
    }

    #[test]
    fn a_list_that_changes_each_time_is_an_error() {
        let taken = (0..30).map(|before| (before, 0)).collect::<Vec<_>>();
        let error = read((0..20).collect(), &taken, &[]).unwrap_err();
        assert!(
            error.to_string().contains("taken from the list each time"),
            "{error}"
        );
    }

    #[test]
    fn a_list_that_only_grows_is_read() {
        let added = (0..30).map(|before| (before, 0)).collect::<Vec<_>>();
        let missed = read((0..20).collect(), &[], &added).unwrap();
        assert!(missed.is_empty(), "{missed:?}");
    }

    proptest! {
        #[test]
        fn no_item_that_stays_is_missed(
            items in 0_u32..12,
            taken in proptest::collection::vec((0_usize..20, 0_usize..12), 0..4),
            added in proptest::collection::vec((0_usize..20, 0_usize..12), 0..4),
        ) {
            let missed = read((0..items).collect(), &taken, &added).unwrap_or_default();
            prop_assert!(missed.is_empty(), "{missed:?}");
        }
    }
}
