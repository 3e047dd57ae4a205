//! The walk over a list, without I/O: `Stream` and `Iterator` carry out its steps.

use super::{ItemError, Page, PageItems, PagedOperation, Pager};
use crate::error::Error;

/// The walk over pages.
#[derive(Debug)]
pub(super) struct PageWalk<O> {
    operation: O,
    pager: Pager,
    /// The error in the pagination of the last page, returned at the next step.
    error: Option<Error>,
    ended: bool,
}

/// What a walk does next.
pub(super) enum Step<O> {
    /// Read the page with this operation, then call [`PageWalk::arrived`].
    Read(O),
    /// Return this error, then end.
    Fail(Error),
    /// End.
    End,
}

impl<O: PagedOperation> PageWalk<O> {
    pub(super) fn new(operation: O) -> Self {
        Self {
            pager: Pager::new(operation.page_token().map(Into::into)),
            operation,
            error: None,
            ended: false,
        }
    }

    pub(super) fn step(&mut self) -> Step<O> {
        if let Some(error) = self.error.take() {
            self.ended = true;
            return Step::Fail(error);
        }
        if self.is_done() {
            return Step::End;
        }
        let mut operation = self.operation.clone();
        operation.set_page_token(self.page_token().map(Into::into));
        Step::Read(operation)
    }

    pub(super) fn arrived(&mut self, result: &Result<Page<O::Item>, Error>) {
        match result {
            Ok(page) => {
                let arrived = self.pager.arrived(&page.pagination);
                self.error = arrived.err().map(|error| O::INFO.complete(error));
            }
            Err(_) => self.ended = true,
        }
    }
}

impl<O> PageWalk<O> {
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
    items: PageItems<T>,
    token: Option<String>,
}

impl<T> ItemWalk<T> {
    pub(super) fn new() -> Self {
        Self {
            items: PageItems::new(Vec::new(), Vec::new()),
            token: None,
        }
    }

    pub(super) fn next<O: PagedOperation>(&mut self) -> Option<Result<T, Error>> {
        let failed = |error: ItemError| O::INFO.complete(error.into());
        self.items.next().map(|item| item.map_err(failed))
    }

    /// Continues with a page or an error.
    pub(super) fn arrived(
        &mut self,
        token: Option<String>,
        page: Result<Page<T>, Error>,
    ) -> Result<(), Error> {
        self.token = token;
        self.items = page?.into_iter();
        Ok(())
    }

    pub(super) fn page_token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}
