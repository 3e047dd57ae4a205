//! `ensure_revoked` of API keys and `ensure_removed` of members, with responses that the sandbox does not send.

use std::sync::atomic::{AtomicUsize, Ordering};

use factify_core::blocking::Client;
use factify_core::{
    ApiKeyId, Error, ErrorKind, OrganizationId, Outcome, UserId, api_keys, members,
};

use crate::ensure::{Server, config, list, refused};

const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
const KEY: ApiKeyId = ApiKeyId::literal("key_01h2xcejqtf2nbrexx3vqjhp41");
const USER: UserId = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");

type Response = (u16, String);

/// A key, with a time of revocation or not, and active or not.
fn key(revoked: bool, active: bool) -> String {
    let revoked = if revoked {
        r#""2026-01-16T00:00:00Z""#
    } else {
        "null"
    };
    format!(
        r#"{{"id":"{KEY}","organization_id":"{ORGANIZATION}","name":"n","key_prefix":"ffy_test_example...",
        "created_at":"2026-01-15T01:30:15Z","revoked_at":{revoked},"is_active":{active}}}"#
    )
}

fn revoked(key: &str) -> Response {
    (200, format!(r#"{{"api_key":{key}}}"#))
}

fn ensure_key(act: &Response, items: &Response) -> Result<api_keys::EnsuredState, Error> {
    let respond = |request: &str, _| {
        if request.starts_with("POST") {
            return act.clone();
        }
        assert!(request.contains("include_revoked=true"), "{request}");
        items.clone()
    };
    let client = Client::new(Server(respond), config());
    let ensured = client.api_keys().ensure_revoked(ORGANIZATION, KEY).send();
    ensured.map(|ensured| ensured.state)
}

#[test]
fn a_key_is_revoked_only_if_the_server_says_so() {
    use api_keys::EnsuredState::{AlreadyRevoked, Expired, Revoked};
    let lost = (503, String::new());
    let wrong = refused("failed_precondition");
    for (act, items, expected) in [
        (revoked(&key(true, false)), list(""), Ok(Revoked)),
        // A key of another organization.
        (
            revoked(&key(true, false).replace("org_01h2", "org_01h3")),
            list(""),
            Ok(Revoked),
        ),
        // A success that does not say it.
        (
            revoked(&key(false, false)),
            list(&key(true, false)),
            Ok(Revoked),
        ),
        (
            revoked(&key(true, true)),
            list(&key(true, false)),
            Ok(Revoked),
        ),
        (
            revoked(&key(false, true)),
            list(&key(false, true)),
            Err("it is still active"),
        ),
        // Without a response.
        (lost.clone(), list(&key(true, false)), Ok(Revoked)),
        (
            lost.clone(),
            list(&key(false, true)),
            Err("it is still active"),
        ),
        (
            lost.clone(),
            list(&key(false, false)),
            Err("it has expired, but is not revoked"),
        ),
        (
            lost.clone(),
            list(&key(true, true)),
            Err("it is revoked, and still active"),
        ),
        (
            lost.clone(),
            list(""),
            Err("it is not in the list of the organization, so it may belong to another one"),
        ),
        // Refused.
        (wrong.clone(), list(&key(true, false)), Ok(AlreadyRevoked)),
        (wrong.clone(), list(&key(false, false)), Ok(Expired)),
        (
            wrong.clone(),
            list(&key(false, true)),
            Err("it is still active"),
        ),
        (
            wrong,
            list(&format!(r#"{{"id":"{KEY}"}}"#)),
            Err("its state cannot be read"),
        ),
    ] {
        let found = ensure_key(&act, &items);
        let report = found.as_ref().map_err(|error| error.report().to_string());
        match (report, expected) {
            (Ok(state), Ok(expected)) => assert_eq!(*state, expected, "{act:?} {items:?}"),
            (Err(report), Err(words)) => {
                assert!(report.contains(words), "{report}");
                assert!(report.contains("The key may still work."), "{report}");
                assert_eq!(found.unwrap_err().kind(), ErrorKind::Unverified);
            }
            (found, _) => panic!("{act:?} {items:?}: {found:?}"),
        }
    }
    for code in ["not_found", "permission_denied"] {
        let error = ensure_key(&refused(code), &list("")).unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Api, Outcome::NotApplied)
        );
    }
}

fn member(id: &str, role: &str) -> String {
    format!(
        r#"{{"user":{{"id":"{id}","name":"A","email":"a@b.co"}},"role":"{role}",
        "joined_at":"2026-01-15T01:30:15Z"}}"#
    )
}

/// Calls `ensure_removed` on a server that gives these responses in turn, and the last one again and again.
fn ensure_member(
    acts: &[Response],
    pages: &[Response],
) -> (Result<members::EnsuredState, Error>, usize) {
    let (acted, listed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let next = |of: &[Response], count: &AtomicUsize| {
        let at = count.fetch_add(1, Ordering::Relaxed);
        of[at.min(of.len() - 1)].clone()
    };
    let respond = |request: &str, _| {
        if request.starts_with("DELETE") {
            next(acts, &acted)
        } else {
            next(pages, &listed)
        }
    };
    let client = Client::new(Server(respond), config());
    let members = client.organization(ORGANIZATION).members();
    let found = members
        .ensure_removed(USER)
        .send()
        .map(|ensured| ensured.state);
    (found, acted.load(Ordering::Relaxed))
}

#[test]
fn a_user_is_not_a_member_only_if_the_server_says_so() {
    use members::EnsuredState::{NotMember, Removed};
    let gone = (200, "{}".to_owned());
    let lost = || (503, String::new());
    let missing = refused("not_found");
    let ours = |role| list(&member(USER.as_str(), role));
    let other = list(&member("user_01h2xcejqtf2nbrexx3vqjhp42", "member"));
    let more = |page: Response| {
        let more = r#""pagination":{"has_more":true,"next_page_token":"t"}"#;
        (page.0, page.1.replace(r#""pagination":{}"#, more))
    };
    let odd = list(r#"{"user":{"id":7}}"#);
    for (acts, pages, expected) in [
        (vec![gone], vec![list("")], Ok((Removed, 1))),
        (
            vec![missing.clone()],
            vec![other.clone()],
            Ok((NotMember, 1)),
        ),
        (
            vec![missing.clone()],
            vec![ours("member")],
            Err("the user is still a member"),
        ),
        (
            vec![missing.clone()],
            vec![odd],
            Err("it is not among the items"),
        ),
        (
            vec![missing.clone()],
            vec![missing.clone()],
            Err("the list could not be read"),
        ),
        (vec![lost()], vec![other.clone()], Ok((Removed, 1))),
        (
            vec![lost()],
            vec![ours("admin")],
            Err("the user is still a member"),
        ),
        (
            vec![lost(), missing.clone()],
            vec![ours("member"), other.clone()],
            Ok((Removed, 2)),
        ),
        // Another member who left while the pages were read may have hidden the user.
        (
            vec![lost(), missing],
            vec![more(other.clone()), other.clone()],
            Ok((Removed, 2)),
        ),
        (
            vec![lost()],
            vec![
                more(other.clone()),
                other.clone(),
                more(other.clone()),
                list(""),
                more(other.clone()),
                list(""),
                more(other.clone()),
                list(""),
            ],
            Err("it is not in the list"),
        ),
        (
            vec![refused("failed_precondition")],
            vec![ours("owner")],
            Err("The user is the owner, whom the API does not remove."),
        ),
        (
            vec![lost()],
            vec![ours("owner")],
            Err("the owner cannot be removed (8 attempts"),
        ),
    ] {
        let (found, acted) = ensure_member(&acts, &pages);
        match (&found, expected) {
            (Ok(state), Ok(expected)) => {
                assert_eq!((*state, acted), expected, "{acts:?} {pages:?}");
            }
            (Err(error), Err(words)) => {
                let report = error.report().to_string();
                assert!(report.contains(words), "{report}");
                let risk = ["The user may still be a member.", "The user is the owner"];
                assert!(risk.iter().any(|risk| report.contains(risk)), "{report}");
            }
            _ => panic!("{acts:?} {pages:?}: {found:?}"),
        }
    }
}
