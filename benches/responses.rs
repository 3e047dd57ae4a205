//! The responses of the server, and the plain types of hand-written code.

use bytes::Bytes;
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
