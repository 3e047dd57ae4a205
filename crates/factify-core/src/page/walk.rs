//! The walk over a list, without I/O: `Stream` and `Iterator` carry out its steps.

use super::{Page, PagedOperation, Pager};
use crate::error::Error;

/// The walk over pages.
#[derive(Debug)]
pub(super) struct PageWalk {
    pager: Pager,
    /// The error in the pagination of the last page, returned at the next step.
    error: Option<Error>,
    ended: bool,
}

/// What a walk does next.
pub(super) enum Step {
    /// Read the page with this token, then call [`PageWalk::arrived`].
    Read(Option<String>),
    /// Return this error, then end.
    Fail(Error),
    /// End.
    End,
}

impl PageWalk {
    pub(super) fn of<O: PagedOperation>(operation: &O) -> Self {
        Self {
            pager: Pager::new(operation.page_token().map(Into::into)),
            error: None,
            ended: false,
        }
    }

    pub(super) fn step(&mut self) -> Step {
        if let Some(error) = self.error.take() {
            self.ended = true;
            return Step::Fail(error);
        }
        if self.is_done() {
            return Step::End;
        }
        Step::Read(self.pager.token().map(Into::into))
    }

    pub(super) fn arrived<O: PagedOperation>(&mut self, result: &Result<Page<O::Item>, Error>) {
        match result {
            Ok(page) => {
                let arrived = self.pager.arrived(&page.pagination);
                self.error = arrived.err().map(|error| O::INFO.complete(error));
            }
            Err(_) => self.ended = true,
        }
    }

    pub(super) fn page_token(&self) -> Option<&str> {
        self.pager.token()
    }

    pub(super) fn is_done(&self) -> bool {
        self.error.is_none() && (self.ended || self.pager.is_done())
    }
}

/// The items of the current page.
#[derive(Debug)]
pub(super) struct ItemWalk<T> {
    items: std::vec::IntoIter<T>,
    token: Option<String>,
}

impl<T> ItemWalk<T> {
    pub(super) fn new() -> Self {
        Self {
            items: Vec::new().into_iter(),
            token: None,
        }
    }

    pub(super) fn next(&mut self) -> Option<T> {
        self.items.next()
    }

    /// Continues with a page or an error.
    pub(super) fn arrived(
        &mut self,
        token: Option<String>,
        page: Result<Page<T>, Error>,
    ) -> Result<(), Error> {
        self.token = token;
        self.items = page?.items.into_iter();
        Ok(())
    }

    pub(super) fn page_token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}
