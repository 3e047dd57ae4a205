use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::walk::{ItemWalk, PageWalk, Step};
use super::{Page, PagedOperation};
use crate::client::{Call, Client, Options};
use crate::error::Error;
use crate::transport::HttpTransport;

impl<T: HttpTransport + 'static, O: PagedOperation> Call<'_, Client<T>, O> {
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
            reading: None,
        }
    }
}

type Reading<I> = Pin<Box<dyn Future<Output = Result<Page<I>, Error>> + Send>>;

/// The pages of a list, read one at a time. It ends after an error; to continue, see
/// [`page_token`](Pages::page_token).
///
/// It has its own clone of the client.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::{Client, Error, HttpTransport};
///
/// async fn count<T: HttpTransport + 'static>(client: &Client<T>) -> Result<usize, Error> {
///     let mut pages = client.documents().list().page_size(100).pages();
///     let mut count = 0;
///     while let Some(page) = pages.try_next().await? {
///         count += page.items().len();
///     }
///     Ok(count)
/// }
/// ```
#[must_use = "nothing is read until you ask for a page"]
pub struct Pages<T, O: PagedOperation> {
    client: Client<T>,
    options: Options,
    walk: PageWalk<O>,
    reading: Option<Reading<O::Item>>,
}

impl<T: HttpTransport + 'static, O: PagedOperation + Unpin> Pages<T, O> {
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
                Step::Read(operation) => {
                    let (client, options) = (self.client.clone(), self.options.clone());
                    let read = async move { client.call_with(operation, options).send().await };
                    self.reading.insert(Box::pin(read))
                }
                Step::Fail(error) => return Poll::Ready(Some(Err(error))),
                Step::End => return Poll::Ready(None),
            },
        };
        let result = ready!(reading.as_mut().poll(context));
        self.reading = None;
        self.walk.arrived(&result);
        Poll::Ready(Some(result))
    }
}

impl<T, O: PagedOperation> Pages<T, O> {
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

#[cfg(feature = "stream")]
impl<T: HttpTransport + 'static, O: PagedOperation + Unpin> futures_core::Stream for Pages<T, O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

#[cfg(feature = "stream")]
impl<T: HttpTransport + 'static, O: PagedOperation + Unpin> futures_core::stream::FusedStream
    for Pages<T, O>
{
    fn is_terminated(&self) -> bool {
        self.is_done()
    }
}

impl<T, O: PagedOperation + fmt::Debug> fmt::Debug for Pages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("walk", &self.walk)
            .finish_non_exhaustive()
    }
}

/// The items of a list, read one page at a time.
///
/// An item that cannot be read is an error in its place, and the next item follows it. So you choose:
/// with `?` you stop at the first such item, with `match` and [`Error::unreadable_item`] you can go on.
/// After any other error the walk ends; to continue, see [`page_token`](Items::page_token).
///
/// It has its own clone of the client, so you can keep it in a struct, move it to another task or make
/// the body of a response from it.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::{Client, Error, HttpTransport};
///
/// async fn print_titles<T: HttpTransport + 'static>(client: &Client<T>) -> Result<(), Error> {
///     let mut documents = client.documents().list().items();
///     while let Some(document) = documents.next().await {
///         match document {
///             Ok(document) => println!("{}", document.title),
///             Err(error) if error.unreadable_item().is_some() => println!("skipped: {error}"),
///             Err(error) => return Err(error),
///         }
///     }
///     Ok(())
/// }
/// ```
#[must_use = "nothing is read until you ask for an item"]
pub struct Items<T, O: PagedOperation> {
    pages: Pages<T, O>,
    page: ItemWalk<O::Item>,
}

impl<T, O> Items<T, O>
where
    T: HttpTransport + 'static,
    O: PagedOperation<Item: Unpin> + Unpin,
{
    /// The next item. If you drop the future, nothing is lost: the next call continues.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// The next item, or `None` after the last.
    ///
    /// # Errors
    /// If an item or a page cannot be read, or the server's page tokens are invalid.
    pub async fn try_next(&mut self) -> Result<Option<O::Item>, Error> {
        self.next().await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next::<O>() {
                return Poll::Ready(Some(item));
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

impl<T, O: PagedOperation> Items<T, O> {
    /// The token of the page of the last item; after an error, of the failed page. `None` means the
    /// first page. A new list with it starts at the beginning of that page, so items may repeat, but
    /// none is lost.
    pub fn page_token(&self) -> Option<&str> {
        self.page.page_token()
    }
}

#[cfg(feature = "stream")]
impl<T, O> futures_core::Stream for Items<T, O>
where
    T: HttpTransport + 'static,
    O: PagedOperation<Item: Unpin> + Unpin,
{
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T, O: PagedOperation + fmt::Debug> fmt::Debug for Items<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
