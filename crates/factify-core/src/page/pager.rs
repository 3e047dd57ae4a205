use factify_types::Pagination;

use crate::error::{Error, ErrorKind, Outcome};

/// The maximum length of a page token. Three times as much fits into a URL.
const MAX_TOKEN_BYTES: usize = 16 << 10;

/// The walk over the pages of a list: a state machine without I/O.
///
/// After an empty page with a next token the walk continues. These are errors, so no walk is endless: more
/// pages without a token, a repeated token, and a token that is too long for a URL. Each token is compared
/// with one stored token, which is replaced when the number of pages is a power of two. This finds every
/// cycle with constant memory.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::{Pager, Pagination};
///
/// let mut pager = Pager::new(None);
/// let mut first = Pagination::new();
/// first.next_page_token = Some("second".into());
/// pager.arrived(&first)?;
/// assert_eq!(pager.token(), Some("second"));
/// pager.arrived(&Pagination::new())?;
/// assert!(pager.is_done());
/// # Ok::<(), factify::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    token: Option<String>,
    done: bool,
    kept: Option<String>,
    pages: u64,
}

impl Pager {
    /// A walk from the page with this token, or from the first page for `None`.
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

    /// The token of the page to read next, or `None` for the first page.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Continues after a page.
    ///
    /// # Errors
    /// [`ErrorKind::Paging`] if the server sends no token for the next page, repeats one, or sends one
    /// that is longer than 16 KiB. The walk then ends.
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
        if next.len() > MAX_TOKEN_BYTES {
            return Err(paging_error(
                "the server sends a page token that is too long for a URL",
            ));
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

pub(super) fn paging_error(detail: &str) -> Error {
    Error::new(ErrorKind::Paging, Outcome::NotApplied).with_detail(detail)
}
