//! `ensure_no_access` with responses that the sandbox does not send: what it cannot read is never "no access".

use factify_core::blocking::Client;
use factify_core::sharing::AccessWay;
use factify_core::{DocumentId, ErrorKind, Outcome, UserId};

use crate::ensure::{Server, config, list};

const DOCUMENT: DocumentId = DocumentId::literal("doc_01h2xcejqtf2nbrexx3vqjhp41");
const USER: UserId = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
const OTHER: &str = "user_01h2xcejqtf2nbrexx3vqjhp42";
const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

/// The responses to the requests. The list of recipients changes when the access is revoked.
struct Api {
    level: &'static str,
    recipients: [String; 2],
    organization: &'static str,
    members: (u16, String),
    policies: (u16, String),
}

fn recipient(id: &str, role: &str, email: &str) -> String {
    let kind = if id.starts_with("org_") {
        "organization"
    } else {
        "user"
    };
    format!(r#"{{"id":"{id}","type":"{kind}","document_role":"{role}","email":"{email}"}}"#)
}

fn owner() -> String {
    recipient(OTHER, "owner", "owner@example.com")
}

fn member(id: &str) -> String {
    format!(
        r#"{{"user":{{"id":"{id}","name":"A","email":"a@example.com"}},"role":"member",
        "joined_at":"2026-01-15T01:30:15Z"}}"#
    )
}

/// A restricted document of somebody else.
fn api() -> Api {
    Api {
        level: r#""restricted""#,
        recipients: [owner(), owner()],
        organization: ORGANIZATION,
        members: list(&member(OTHER)),
        policies: list(""),
    }
}

fn shared(with: &str) -> Api {
    let recipients = format!("{},{with}", owner());
    Api {
        recipients: [recipients.clone(), recipients],
        ..api()
    }
}

/// The state, whether the access was revoked, and by which ways there is access; or the error.
fn ensure(api: &Api) -> Result<(String, Option<usize>), (ErrorKind, Outcome)> {
    let revoked = std::sync::atomic::AtomicBool::new(false);
    let respond = |request: &str, _| {
        use std::sync::atomic::Ordering::Relaxed;
        let path = request.split(' ').nth(1).unwrap_or_default();
        if request.starts_with("DELETE") {
            revoked.store(true, Relaxed);
            return (200, r#"{"success":true}"#.to_owned());
        }
        if path.contains("/members") {
            return api.members.clone();
        }
        if path.contains("/policies") {
            return api.policies.clone();
        }
        if path.contains("/share") {
            let recipients = &api.recipients[usize::from(revoked.load(Relaxed))];
            let level = api.level;
            let body = format!(
                r#"{{"document_id":"{DOCUMENT}","general_access_level":{level},"recipients":[{recipients}]}}"#
            );
            return (200, body);
        }
        let organization = api.organization;
        let document = format!(
            r#"{{"document":{{"id":"{DOCUMENT}","title":"T","url":"https://app.factify.com/d","access_level":"private",
            "created_by":{{"id":"{OTHER}","name":"A","type":"user"}},"created_at":"2026-01-15T01:30:15Z",
            "processing_status":"ready","owner_organization_id":"{organization}"}}}}"#
        );
        (200, document)
    };
    let client = Client::new(Server(respond), config());
    let ensured = client
        .document(DOCUMENT)
        .sharing()
        .ensure_no_access(USER)
        .send();
    match ensured {
        Ok(ensured) => {
            assert_eq!(ensured.may_have_access(), !ensured.still_by.is_empty());
            let ways = ensured.still_by.iter().map(|way| {
                let mark = if way.is_certain() { "" } else { "?" };
                format!("{way}{mark}")
            });
            let ways = ways.collect::<Vec<_>>().join("; ");
            let said = format!("{} {} {ways}", ensured.state.as_str(), ensured.was_revoked);
            Ok((
                said.trim_end().to_owned(),
                ensured.policies.map(|policies| policies.len()),
            ))
        }
        Err(error) => {
            assert!(
                error
                    .report()
                    .to_string()
                    .contains("There may still be access"),
                "{error:?}"
            );
            Err((error.kind(), error.outcome()))
        }
    }
}

#[test]
fn what_cannot_be_read_may_be_access() {
    let twin = recipient("user_01h2xcejqtf2nbrexx3vqjhp43", "viewer", "A@example.com");
    let own = recipient(USER.as_str(), "viewer", "a@example.com");
    let of_organization = shared(&recipient(ORGANIZATION, "viewer", ""));
    let level = |level| Api { level, ..api() };
    let members = |members| Api {
        members,
        ..level(r#""organization""#)
    };
    let policy = r#"{"policy":{"id":"pol_01h2xcejqtf2nbrexx3vqjhp41","name":"P","created_at":"2026-01-15T01:30:15Z"},
        "document_id":"doc_01h2xcejqtf2nbrexx3vqjhp41","attached_at":"2026-01-15T01:30:15Z"}"#;
    let table = [
        (api(), "had_none false"),
        (level(r#""organization""#), "had_none false"),
        (
            Api {
                recipients: [format!("{},{own}", owner()), owner()],
                ..api()
            },
            "removed true",
        ),
        // A recipient with the address that the list named for the user.
        (
            Api {
                recipients: [
                    format!("{twin},{},{own}", owner()),
                    format!("{twin},{}", owner()),
                ],
                ..api()
            },
            "still_has_access true has another account, user_01h2xcejqtf2nbrexx3vqjhp43, which has access?",
        ),
        (
            shared(&recipient("usr_01h2xcejqtf2nbrexx3vqjhp41", "viewer", "")),
            r#"still_has_access false may be "usr_01h2xcejqtf2nbrexx3vqjhp41", which has access?"#,
        ),
        (
            Api {
                recipients: [String::new(), String::new()],
                ..api()
            },
            "still_has_access false may own the document: the API names no owner?",
        ),
        (
            level(r#""everybody""#),
            r#"still_has_access false the general access is "everybody"?"#,
        ),
        (
            level(r#""anyone_with_link""#),
            "still_has_access false everybody with the link has access",
        ),
        (
            Api {
                organization: "",
                ..level(r#""organization""#)
            },
            "still_has_access false may be a member of the organization of the document, which has access?",
        ),
        (
            members(list(&member(USER.as_str()))),
            "still_has_access false is a member of org_01h2xcejqtf2nbrexx3vqjhp41, which has access",
        ),
        // An ID of another kind, an unreadable member, no member at all, and a list that the caller may not read.
        (
            members(list(&member("usr_01h2xcejqtf2nbrexx3vqjhp41"))),
            "still_has_access false may be a member of org_01h2xcejqtf2nbrexx3vqjhp41, which has access?",
        ),
        (
            members(list(&format!("{},{{}}", member(OTHER)))),
            "still_has_access false may be a member of org_01h2xcejqtf2nbrexx3vqjhp41, which has access?",
        ),
        (
            members(list("")),
            "still_has_access false may be a member of org_01h2xcejqtf2nbrexx3vqjhp41, which has access?",
        ),
        (
            members((403, String::new())),
            "still_has_access false may be a member of org_01h2xcejqtf2nbrexx3vqjhp41, which has access?",
        ),
        (of_organization, "had_none false"),
    ];
    for (api, expected) in &table {
        assert_eq!(ensure(api), Ok(((*expected).to_owned(), Some(0))));
    }
    let policies = |policies| Api { policies, ..api() };
    for (api, expected) in [
        (policies(list(policy)), Some(1)),
        (policies((404, String::new())), None),
        (policies(list("{}")), None),
    ] {
        assert_eq!(ensure(&api), Ok(("had_none false".to_owned(), expected)));
    }
}

#[test]
fn a_list_that_proves_nothing_is_an_error() {
    let own = recipient(USER.as_str(), "viewer", "a@example.com");
    let stays = Api { ..shared(&own) };
    assert_eq!(
        ensure(&stays),
        Err((ErrorKind::Unverified, Outcome::Applied))
    );
    let no_level = Api {
        level: "null",
        ..api()
    };
    assert_eq!(
        ensure(&no_level),
        Err((ErrorKind::Unverified, Outcome::NotApplied))
    );
    let members = Api {
        level: r#""organization""#,
        members: (500, String::new()),
        ..api()
    };
    assert_eq!(
        ensure(&members),
        Err((ErrorKind::Unverified, Outcome::NotApplied))
    );
    assert!(!AccessWay::UnknownOwner.is_certain());
}
