//! The responses of the server, and the plain types of hand-written code.

use bytes::Bytes;
use factify_core::DocumentId;
use serde::Deserialize;

/// The organization of all requests.
pub const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

/// The invite of all requests.
pub const INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";

/// The body of a response with one invite.
pub fn invite() -> Bytes {
    format!("{{\"invite\":{}}}", item(41, "revoked")).into()
}

/// The body of a page of 100 invites, with the token of the next page if there is one.
pub fn page(number: usize, last: usize) -> Bytes {
    let items: Vec<_> = (0..100).map(|at| item(at, "pending")).collect();
    let items = items.join(",");
    let pagination = if number < last {
        format!(
            "{{\"has_more\":true,\"next_page_token\":\"page-{}\"}}",
            number + 1
        )
    } else {
        "{\"has_more\":false}".to_owned()
    };
    format!("{{\"items\":[{items}],\"pagination\":{pagination}}}").into()
}

/// The body of a record with one sheet, of at least this many bytes.
pub fn spreadsheet(bytes: usize) -> Bytes {
    let columns: Vec<_> = (0..10)
        .map(|at| format!("{{\"name\":\"Column {at}\"}}"))
        .collect();
    let mut text = format!(
        concat!(
            "{{\"id\":\"019d3b1b-c4a7-7376-b6f9-229f44354d27\",\"source_format\":\"csv\",",
            "\"spreadsheet\":{{\"record\":{{\"sheets\":[{{\"name\":\"Sales\",\"tables\":[{{",
            "\"columns\":[{}],\"rows\":[{}"
        ),
        columns.join(","),
        row(0)
    );
    for at in 1.. {
        text.push(',');
        text.push_str(&row(at));
        if text.len() >= bytes {
            break;
        }
    }
    text.push_str("]}]}]}}}");
    text.into()
}

/// Half of the cells are numbers, a third texts.
fn row(at: usize) -> String {
    let cells: Vec<_> = (0..10)
        .map(|column| match column {
            0 => format!("{{\"string_value\":\"Branch {}\"}}", at % 97),
            1 => format!("{{\"string_value\":\"2026-01-{:02}\"}}", at % 28 + 1),
            2 => format!("{{\"bool_value\":{}}}", at % 3 == 0),
            3 => format!("{{\"string_value\":\"customer-{at}@example.com\"}}"),
            4 if at % 10 == 0 => "{\"string_value\":\"late\",\"note\":\"Call again\"}".to_owned(),
            4 => "{}".to_owned(),
            5 => format!("{{\"number_value\":{at}}}"),
            _ => {
                let cents = at * 7919 * column % 1_000_000;
                format!("{{\"number_value\":{}.{:02}}}", cents / 100, cents % 100)
            }
        })
        .collect();
    format!("{{\"cells\":[{}]}}", cells.join(","))
}

fn item(at: usize, status: &str) -> String {
    format!(
        concat!(
            "{{\"id\":\"inv_01h2xcejqtf2nbrexx3vqjhp{:02}\",\"organization_id\":\"{}\",",
            "\"email\":\"somebody.{}@branch-office.example.com\",\"status\":\"{}\",",
            "\"message\":\"Join us: the contracts of the next quarter are waiting for your signature.\",",
            "\"sender\":{{\"id\":\"user_01h2xcejqtf2nbrexx3vqjhp41\",\"name\":\"Dwight Schrute\",",
            "\"email\":\"dwight.schrute@example.com\",\"given_name\":\"Dwight\",\"family_name\":\"Schrute\",",
            "\"profile_image_url\":\"https://images.example.com/avatars/dwight.png\"}},",
            "\"created_at\":\"2026-01-15T01:30:15.010Z\",\"expires_at\":\"2026-01-22T01:30:15.010Z\"}}"
        ),
        at, ORGANIZATION, at, status
    )
}

/// The body of a response with a document, whose title is the length of the request.
pub fn document(length: usize) -> Bytes {
    let id = document_id(0);
    format!(
        concat!(
            "{{\"document\":{{\"id\":\"{}\",\"title\":\"{}\",\"url\":\"https://app.factify.com/documents/1\",",
            "\"created_by\":{{\"id\":\"user_01h2xcejqtf2nbrexx3vqjhp41\",\"name\":\"Dwight\",\"type\":\"user\"}},",
            "\"created_at\":\"2026-01-15T01:30:15.010Z\",\"processing_status\":\"processing\",",
            "\"access_level\":\"private\"}}}}"
        ),
        id, length
    )
    .into()
}

/// The ID of a document whose file has this length.
pub fn document_id(length: u64) -> DocumentId {
    format!("doc_{length:026}").parse().unwrap()
}

/// The length of the file of the document at a path.
pub fn length_of(path: &str) -> u64 {
    path.rsplit_once('_').unwrap().1.parse().unwrap()
}

/// The body of a response with the URL for a download.
pub fn exported(url: &str) -> Bytes {
    format!("{{\"url\":\"{url}\",\"expires_at\":\"2036-01-15T01:30:15.010Z\",\"headers\":{{}}}}")
        .into()
}

/// An invite in plain strings.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)] // The API's own names.
pub struct PlainInvite {
    pub id: String,
    pub organization_id: String,
    pub email: String,
    pub status: String,
    pub message: Option<String>,
    pub sender: PlainUser,
    pub created_at: String,
    pub expires_at: String,
    pub accepted_at: Option<String>,
    pub accepted_by: Option<PlainUser>,
}

/// A user in plain strings.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)] // The API's own names.
pub struct PlainUser {
    pub id: String,
    pub name: String,
    pub email: String,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub profile_image_url: Option<String>,
}

/// A response with one invite.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)] // The API's own names.
pub struct PlainEnvelope {
    pub invite: PlainInvite,
}

/// A page of invites.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)] // The API's own names.
pub struct PlainPage {
    pub items: Vec<PlainInvite>,
    pub pagination: PlainPagination,
}

/// Where a list continues.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)] // The API's own names.
pub struct PlainPagination {
    pub has_more: bool,
    pub next_page_token: Option<String>,
}
