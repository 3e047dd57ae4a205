use std::iter::FusedIterator;

use super::walk::{ItemWalk, PageWalk, Step};
use super::{Page, PagedOperation};
use crate::client::{Call, Options, blocking};
use crate::error::Error;
use crate::transport::blocking::HttpTransport;

impl<T: HttpTransport, O: PagedOperation> Call<'_, blocking::Client<T>, O> {
    /// Walks all items, page after page. The options of the call apply to each page.
    pub fn items(self) -> Items<T, O> {
        Items {
            pages: self.pages(),
            page: ItemWalk::new(),
        }
    }

    /// Walks all pages. The options of the call apply to each page.
    pub fn pages(self) -> Pages<T, O> {
        let (client, operation, options) = self.into_parts();
        Pages {
            client: client.clone(),
            options,
            walk: PageWalk::new(operation),
        }
    }
}

/// The pages of a list, read one at a time. It ends after an error; to continue, see
/// [`page_token`](Pages::page_token).
///
/// It has its own clone of the client.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::Error;
/// use factify::blocking::{Client, HttpTransport};
///
/// fn count(client: &Client<impl HttpTransport>) -> Result<usize, Error> {
///     let mut count = 0;
///     for page in client.documents().list().page_size(100).pages() {
///         count += page?.items().len();
///     }
///     Ok(count)
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is read until you ask for a page"]
pub struct Pages<T, O> {
    client: blocking::Client<T>,
    options: Options,
    walk: PageWalk<O>,
}

impl<T, O> Pages<T, O> {
    /// The token of the page to read next; after an error, of the failed page; after the end, of the
    /// last page. `None` means the first page. Start a new list with it to continue.
    pub fn page_token(&self) -> Option<&str> {
        self.walk.page_token()
    }

    /// Whether nothing is left to read: the last page was read, or an error has ended the walk. Do not
    /// rely on [`has_more`](crate::Pagination::has_more) of a page, which the API may omit.
    pub fn is_done(&self) -> bool {
        self.walk.is_done()
    }
}

impl<T: HttpTransport, O: PagedOperation> Iterator for Pages<T, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let operation = match self.walk.step() {
            Step::Read(operation) => operation,
            Step::Fail(error) => return Some(Err(error)),
            Step::End => return None,
        };
        let call = self.client.call_with(operation, self.options.clone());
        let result = call.send();
        self.walk.arrived(&result);
        Some(result)
    }
}

impl<T: HttpTransport, O: PagedOperation> FusedIterator for Pages<T, O> {}

/// The items of a list, read one page at a time.
///
/// An item that cannot be read is an error in its place, and the next item follows it. So you choose:
/// with `?` you stop at the first such item, with `match` and [`Error::unreadable_item`] you can go on.
/// After any other error the walk ends; to continue, see [`page_token`](Items::page_token).
///
/// It has its own clone of the client, so you can keep it in a struct.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::Error;
/// use factify::blocking::{Client, HttpTransport};
///
/// fn print_titles(client: &Client<impl HttpTransport>) -> Result<(), Error> {
///     for document in client.documents().list().items() {
///         match document {
///             Ok(document) => println!("{}", document.title),
///             Err(error) if error.unreadable_item().is_some() => println!("skipped: {error}"),
///             Err(error) => return Err(error),
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is read until you ask for an item"]
pub struct Items<T, O: PagedOperation> {
    pages: Pages<T, O>,
    page: ItemWalk<O::Item>,
}

impl<T, O: PagedOperation> Items<T, O> {
    /// The token of the page of the last item; after an error, of the failed page. `None` means the
    /// first page. A new list with it starts at the beginning of that page, so items may repeat, but
    /// none is lost.
    pub fn page_token(&self) -> Option<&str> {
        self.page.page_token()
    }
}

impl<T: HttpTransport, O: PagedOperation> Iterator for Items<T, O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next::<O>() {
                return Some(item);
            }
            let token = self.pages.page_token().map(Into::into);
            let page = self.pages.next()?;
            if let Err(error) = self.page.arrived(token, page) {
                return Some(Err(error));
            }
        }
    }
}

impl<T: HttpTransport, O: PagedOperation> FusedIterator for Items<T, O> {}
