use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::walk::{ItemWalk, PageWalk, Step};
use super::{Page, PagedOperation};
use crate::client::{Call, Client};
use crate::error::Error;
use crate::transport::HttpTransport;

impl<'c, T: HttpTransport, O: PagedOperation> Call<'c, Client<T>, O> {
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
            reading: None,
        }
    }
}

type Reading<'c, I> = Pin<Box<dyn Future<Output = Result<Page<I>, Error>> + Send + 'c>>;

/// The pages of a list, read one at a time. It ends after an error; to continue, see
/// [`page_token`](Pages::page_token).
pub struct Pages<'c, T, O: PagedOperation> {
    call: Call<'c, Client<T>, O>,
    walk: PageWalk,
    reading: Option<Reading<'c, O::Item>>,
}

impl<'c, T: HttpTransport, O: PagedOperation + Unpin + 'c> Pages<'c, T, O> {
    /// The next page. If you drop the future, nothing is lost: the next call continues.
    pub async fn next(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    /// The next page, or `None` after the last.
    ///
    /// # Errors
    /// If a page cannot be read, or the server's page tokens are invalid.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>, Error> {
        self.next().await.transpose()
    }

    fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<O::Item>, Error>>> {
        let reading = match &mut self.reading {
            Some(reading) => reading,
            None => match self.walk.step() {
                Step::Read(token) => {
                    let call = self.call.with(|list| list.set_page_token(token));
                    self.reading.insert(Box::pin(call.send()))
                }
                Step::Fail(error) => return Poll::Ready(Some(Err(error))),
                Step::End => return Poll::Ready(None),
            },
        };
        let result = ready!(reading.as_mut().poll(context));
        self.reading = None;
        self.walk.arrived::<O>(&result);
        Poll::Ready(Some(result))
    }
}

impl<T, O: PagedOperation> Pages<'_, T, O> {
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

#[cfg(feature = "stream")]
impl<'c, T: HttpTransport, O: PagedOperation + Unpin + 'c> futures_core::Stream
    for Pages<'c, T, O>
{
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

#[cfg(feature = "stream")]
impl<'c, T: HttpTransport, O: PagedOperation + Unpin + 'c> futures_core::stream::FusedStream
    for Pages<'c, T, O>
{
    fn is_terminated(&self) -> bool {
        self.is_done()
    }
}

impl<T, O: PagedOperation + fmt::Debug> fmt::Debug for Pages<'_, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", self.call.operation())
            .field("walk", &self.walk)
            .finish_non_exhaustive()
    }
}

/// The items of a list, read one page at a time. It ends after an error; to continue, see
/// [`page_token`](Items::page_token).
pub struct Items<'c, T, O: PagedOperation> {
    pages: Pages<'c, T, O>,
    page: ItemWalk<O::Item>,
}

impl<'c, T: HttpTransport, O: PagedOperation<Item: Unpin> + Unpin + 'c> Items<'c, T, O> {
    /// The next item. If you drop the future, nothing is lost: the next call continues.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// The next item, or `None` after the last.
    ///
    /// # Errors
    /// If a page cannot be read, or the server's page tokens are invalid.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        self.next().await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let token = self.pages.page_token().map(str::to_owned);
            let Some(page) = ready!(self.pages.poll_page(context)) else {
                return Poll::Ready(None);
            };
            if let Err(error) = self.page.arrived(token, page) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<T, O: PagedOperation> Items<'_, T, O> {
    /// The token of the page of the last item; after an error, of the failed page. `None` means the
    /// first page. A new list with it starts at the beginning of that page, so items may repeat, but
    /// none is lost.
    pub fn page_token(&self) -> Option<&str> {
        self.page.page_token()
    }
}

#[cfg(feature = "stream")]
impl<'c, T, O> futures_core::Stream for Items<'c, T, O>
where
    T: HttpTransport,
    O: PagedOperation<Item: Unpin> + Unpin + 'c,
{
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T, O: PagedOperation + fmt::Debug> fmt::Debug for Items<'_, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
