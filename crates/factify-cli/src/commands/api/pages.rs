//! Lists: all pages of a response, item by item.

use std::io::{self, BufWriter, Write};

use factify_core::{
    Error, ErrorKind, Operation, OperationInfo, Outcome, Pager, Pagination, ParameterPlace,
};
use serde::Deserialize;
use serde_json::Map;
use serde_json::value::RawValue;

use super::{Prepared, print};
use crate::commands::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// What to print of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Items {
    /// `{"items":[…],"pagination":{…}}`
    Document,
    /// An item per line.
    Lines,
    /// An id per line.
    Ids,
}

/// A page, as most lists have it, and as the timeline has it.
#[derive(Deserialize)]
struct Page {
    items: Option<Vec<Box<RawValue>>>,
    events: Option<Vec<Box<RawValue>>>,
    pagination: Option<Next>,
    has_more: Option<bool>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    has_more: bool,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct Ids {
    id: Option<String>,
    event_id: Option<String>,
}

/// The query parameter for the next page.
fn parameter(operation: &OperationInfo) -> &'static str {
    let is_cursor = operation
        .parameters
        .iter()
        .any(|parameter| parameter.place == ParameterPlace::Query && parameter.name == "cursor");
    if is_cursor { "cursor" } else { "page_token" }
}

pub(super) fn run(prepared: &Prepared, items: Items, context: &Context) -> Result<Exit, Failure> {
    let parameter = parameter(&prepared.request.info());
    let client = context.connect()?.recording_client();
    let mut output = Output::new(items);
    let mut pager = Pager::new(None);
    let mut rest = Pagination::new();
    while !pager.is_done() && !output.is_closed {
        let mut page = prepared.request.clone();
        if let Some(token) = pager.token() {
            page = page.query(parameter, token);
        }
        let sent = prepared.call(&client, page).send();
        let body = match sent {
            Ok(body) => body,
            Err(error) => {
                output.flush()?;
                // The document would not be one with another after it.
                if let Some(response) = client.transport().take().filter(|_| output.count == 0) {
                    print::response(&response, false)?;
                }
                return Err(prepared.failed(&error));
            }
        };
        let page = read(&body).map_err(|error| prepared.failed(&error))?;
        for item in page.items {
            output.item(&item)?;
        }
        output.flush()?;
        rest = page.next;
        if !prepared.has_pages {
            break;
        }
        pager
            .arrived(&rest)
            .map_err(|error| prepared.failed(&error))?;
    }
    output.finish()?;
    if rest.has_more && !prepared.has_pages {
        context
            .console
            .say("There are more items: --paginate reads all pages.");
    }
    Ok(Exit::Done)
}

struct Found {
    items: Vec<Box<RawValue>>,
    next: Pagination,
}

fn read(body: &[u8]) -> Result<Found, Error> {
    // The message of serde_json may quote the response, which may have a secret.
    let not_a_page = || {
        Error::new(ErrorKind::Decode, Outcome::NotApplied)
            .with_detail("the response is not a page of a list")
    };
    let page: Page = serde_json::from_slice(body).map_err(|_| not_a_page())?;
    let is_page = page.items.is_some()
        || page.events.is_some()
        || page.pagination.is_some()
        || page.has_more.is_some();
    // The API may leave out a list that is empty.
    let is_empty = || serde_json::from_slice(body).is_ok_and(|all: Map<_, _>| all.is_empty());
    if !is_page && !is_empty() {
        return Err(not_a_page());
    }
    let items = page.items.or(page.events).unwrap_or_default();
    let mut next = Pagination::new();
    if let Some(pagination) = page.pagination {
        next.has_more = pagination.has_more;
        next.next_page_token = pagination.next_page_token;
    } else {
        next.has_more = page.has_more.unwrap_or_default();
        next.next_page_token = page.next_cursor;
    }
    next.has_more |= next
        .next_page_token
        .as_ref()
        .is_some_and(|token| !token.is_empty());
    Ok(Found { items, next })
}

/// Standard output.
struct Output {
    items: Items,
    out: BufWriter<io::Stdout>,
    count: usize,
    /// Whether nobody reads it any more.
    is_closed: bool,
}

impl Output {
    fn new(items: Items) -> Self {
        Self {
            items,
            out: BufWriter::new(io::stdout()),
            count: 0,
            is_closed: false,
        }
    }

    fn item(&mut self, item: &RawValue) -> Result<(), Failure> {
        let text = match self.items {
            Items::Document => {
                let before = if self.count == 0 { "{\"items\":[" } else { "," };
                format!("{before}{}", line(item))
            }
            Items::Lines => format!("{}\n", line(item)),
            Items::Ids => {
                let ids: Option<Ids> = serde_json::from_str(item.get()).ok();
                match ids.and_then(|ids| ids.id.or(ids.event_id)) {
                    Some(id) => format!("{}\n", crate::output::printable(&id)),
                    None => return Err(Failure::local("an item of the list has no id")),
                }
            }
        };
        self.count += 1;
        self.write(|out| out.write_all(text.as_bytes()))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.write(BufWriter::flush)
    }

    fn finish(mut self) -> Result<(), Failure> {
        if self.items == Items::Document {
            let start = if self.count == 0 { "{\"items\":[" } else { "" };
            self.write(|out| writeln!(out, "{start}],\"pagination\":{{\"has_more\":false}}}}"))?;
        }
        self.flush()
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let result = write(&mut self.out);
        self.is_closed |= result.is_err();
        print::written(result)
    }
}

/// The item on one line. In JSON, line ends and tabs are only between the tokens.
fn line(item: &RawValue) -> String {
    print::escaped(item.get()).replace(['\n', '\r', '\t'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_pages_of_every_list() {
        for (body, items, token, has_more) in [
            (
                r#"{"items":[{"id":"a"}, 2],"pagination":{"next_page_token":"t"}}"#,
                2,
                Some("t"),
                true,
            ),
            (
                r#"{"items":[],"pagination":{"next_page_token":"","has_more":false}}"#,
                0,
                Some(""),
                false,
            ),
            (r#"{"pagination":{"has_more":true}}"#, 0, None, true),
            (
                r#"{"events":[{}],"has_more":true,"next_cursor":"c"}"#,
                1,
                Some("c"),
                true,
            ),
            (r#"{"items":[1],"has_more":true}"#, 1, None, true),
            ("{}", 0, None, false),
        ] {
            let page = read(body.as_bytes()).unwrap();
            assert_eq!(page.items.len(), items, "{body}");
            assert_eq!(page.next.next_page_token.as_deref(), token, "{body}");
            assert_eq!(page.next.has_more, has_more, "{body}");
        }
        for body in ["", "[]", "{\"items\":3}", "{\"quotas\":[]}", "s3cret"] {
            let error = read(body.as_bytes()).err().unwrap();
            assert!(!error.report().to_string().contains("s3cret"));
        }
    }
}
