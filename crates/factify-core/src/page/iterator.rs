use std::iter::FusedIterator;

use super::walk::{ItemWalk, PageWalk, Step};
use super::{Page, PagedOperation};
use crate::client::{Call, blocking};
use crate::error::Error;
use crate::transport::blocking::HttpTransport;

impl<'c, T: HttpTransport, O: PagedOperation> Call<'c, blocking::Client<T>, O> {
    /// Walks all items, page after page. The options of the call apply to each page.
    pub fn items(self) -> Items<'c, T, O> {
        Items {
            pages: self.pages(),
            page: ItemWalk::new(),
        }
    }

    /// Walks all pages. The options of the call apply to each page.
    pub fn pages(self) -> Pages<'c, T, O> {
        Pages {
            walk: PageWalk::of(self.operation()),
            call: self,
        }
    }
}

/// The pages of a list, read one at a time. It ends after an error; to continue, see
/// [`page_token`](Pages::page_token).
#[derive(Debug)]
pub struct Pages<'c, T, O> {
    call: Call<'c, blocking::Client<T>, O>,
    walk: PageWalk,
}

impl<T, O> Pages<'_, T, O> {
    /// The token of the page to read next; after an error, of the failed page; after the end, of the
    /// last page. `None` means the first page. Start a new list with it to continue.
    pub fn page_token(&self) -> Option<&str> {
        self.walk.page_token()
    }

    /// Whether nothing is left to read: the last page was read, or an error has ended the walk. Do not
    /// rely on [`has_more`](factify_types::Pagination::has_more) of a page, which the API may omit.
    pub fn is_done(&self) -> bool {
        self.walk.is_done()
    }
}

impl<T: HttpTransport, O: PagedOperation> Iterator for Pages<'_, T, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let token = match self.walk.step() {
            Step::Read(token) => token,
            Step::Fail(error) => return Some(Err(error)),
            Step::End => return None,
        };
        let result = self.call.with(|list| list.set_page_token(token)).send();
        self.walk.arrived::<O>(&result);
        Some(result)
    }
}

impl<T: HttpTransport, O: PagedOperation> FusedIterator for Pages<'_, T, O> {}

/// The items of a list, read one page at a time. It ends after an error; to continue, see
/// [`page_token`](Items::page_token).
#[derive(Debug)]
pub struct Items<'c, T, O: PagedOperation> {
    pages: Pages<'c, T, O>,
    page: ItemWalk<O::Item>,
}

impl<T, O: PagedOperation> Items<'_, T, O> {
    /// The token of the page of the last item; after an error, of the failed page. `None` means the
    /// first page. A new list with it starts at the beginning of that page, so items may repeat, but
    /// none is lost.
    pub fn page_token(&self) -> Option<&str> {
        self.page.page_token()
    }
}

impl<T: HttpTransport, O: PagedOperation> Iterator for Items<'_, T, O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            let token = self.pages.page_token().map(Into::into);
            let page = self.pages.next()?;
            if let Err(error) = self.page.arrived(token, page) {
                return Some(Err(error));
            }
        }
    }
}

impl<T: HttpTransport, O: PagedOperation> FusedIterator for Items<'_, T, O> {}
