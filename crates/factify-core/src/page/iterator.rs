use std::iter::FusedIterator;

use crate::blocking;
use crate::call::Call;
use crate::error::Error;
use crate::page::{Page, PagedOperation, Pager};

impl<'c, T: blocking::HttpTransport, O: PagedOperation> Call<'c, blocking::Client<T>, O> {
    /// Walks all items, page after page. The options of the call hold for each page.
    pub fn items(self) -> Items<'c, T, O> {
        Items {
            pages: self.pages(),
            token: None,
            page: Vec::new().into_iter(),
        }
    }

    /// Walks all pages. The options of the call hold for each page.
    pub fn pages(self) -> Pages<'c, T, O> {
        Pages {
            pager: Pager::new(self.operation().page_token().map(Into::into)),
            call: self,
            fault: None,
            ended: false,
        }
    }
}

/// The pages of a list, read one at a time. Ends after an error; see
/// [`page_token`](Pages::page_token) for how to go on.
#[derive(Debug)]
pub struct Pages<'c, T, O> {
    call: Call<'c, blocking::Client<T>, O>,
    pager: Pager,
    /// What is wrong with how the last page says that the list goes on.
    fault: Option<Error>,
    ended: bool,
}

impl<T, O> Pages<'_, T, O> {
    /// The token of the page to read next; after an error, of the page that failed; after the end,
    /// of the last page. `None` is the first page. A new list with it goes on from there.
    pub fn page_token(&self) -> Option<&str> {
        self.pager.token()
    }

    /// Whether nothing is left to read: the last page was read, or an error has ended the walk.
    /// The list goes on where this is false, whatever a page's
    /// [`has_more`](factify_types::Pagination::has_more) says: the API may leave that out.
    pub fn is_done(&self) -> bool {
        self.fault.is_none() && (self.ended || self.pager.is_done())
    }
}

impl<T: blocking::HttpTransport, O: PagedOperation> Iterator for Pages<'_, T, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(fault) = self.fault.take() {
            self.ended = true;
            return Some(Err(fault));
        }
        if self.is_done() {
            return None;
        }
        let token = self.pager.token().map(Into::into);
        let result = self.call.with(|list| list.set_page_token(token)).send();
        match &result {
            Ok(page) => {
                let arrived = self.pager.arrived(&page.pagination);
                self.fault = arrived.err().map(|fault| fault.of(&O::INFO));
            }
            Err(_) => self.ended = true,
        }
        Some(result)
    }
}

impl<T: blocking::HttpTransport, O: PagedOperation> FusedIterator for Pages<'_, T, O> {}

/// The items of a list, read a page at a time. Ends after an error; see
/// [`page_token`](Items::page_token) for how to go on.
#[derive(Debug)]
pub struct Items<'c, T, O: PagedOperation> {
    pages: Pages<'c, T, O>,
    token: Option<String>,
    page: std::vec::IntoIter<O::Item>,
}

impl<T, O: PagedOperation> Items<'_, T, O> {
    /// The token of the page that the last item was on; after an error, of the page that failed.
    /// `None` is the first page. A new list with it begins at the start of that page, so items may
    /// come twice, and none is left out.
    pub fn page_token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl<T: blocking::HttpTransport, O: PagedOperation> Iterator for Items<'_, T, O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            let token = self.pages.page_token().map(Into::into);
            let page = self.pages.next()?;
            self.token = token;
            match page {
                Ok(page) => self.page = page.items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<T: blocking::HttpTransport, O: PagedOperation> FusedIterator for Items<'_, T, O> {}
