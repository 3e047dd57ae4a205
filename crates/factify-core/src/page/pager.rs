use factify_types::Pagination;

use crate::error::{Error, ErrorKind, Outcome};

/// The walk over the pages of a list: a state machine without I/O.
///
/// An empty page with a next token goes on. More pages without a token, or a token that comes again,
/// is an error and never a loop. Tokens are compared with one that is kept, anew after each power of
/// two of pages, so that any cycle is found and memory does not grow.
///
/// ```
/// use factify_core::{Pager, Pagination};
///
/// let mut pager = Pager::new(None);
/// let mut first = Pagination::new();
/// first.next_page_token = Some("second".into());
/// pager.arrived(&first)?;
/// assert_eq!(pager.token(), Some("second"));
/// pager.arrived(&Pagination::new())?;
/// assert!(pager.is_done());
/// # Ok::<(), factify_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    token: Option<String>,
    done: bool,
    kept: Option<String>,
    pages: u64,
}

impl Pager {
    /// A walk from the page of this token; `None` for the first.
    pub fn new(token: Option<String>) -> Self {
        Self {
            kept: token.clone(),
            token,
            done: false,
            pages: 0,
        }
    }

    /// Whether the last page has arrived.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The token of the page to read next; `None` for the first.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Goes on after a page.
    ///
    /// # Errors
    /// [`ErrorKind::Paging`] when the server names no way on, or a page that was there before. The
    /// walk is over then.
    pub fn arrived(&mut self, pagination: &Pagination) -> Result<(), Error> {
        let next = pagination.next_page_token.as_ref();
        self.done = true;
        let Some(next) = next.filter(|next| !next.is_empty()) else {
            if pagination.has_more {
                return Err(paging_error(
                    "the server has more pages, but names no token for them",
                ));
            }
            return Ok(());
        };
        if Some(next) == self.token.as_ref() || Some(next) == self.kept.as_ref() {
            return Err(paging_error("the server sends the same page token again"));
        }
        self.pages = self.pages.saturating_add(1);
        if self.pages.is_power_of_two() {
            self.kept = Some(next.clone());
        }
        self.token = Some(next.clone());
        self.done = false;
        Ok(())
    }
}

fn paging_error(detail: &str) -> Error {
    Error::new(ErrorKind::Paging, Outcome::NotApplied).with_detail(detail)
}
