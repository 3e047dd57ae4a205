//! Pages with items that cannot be read.

use factify_core::invites::{ListOrganizationInvites, OrganizationInvite};
use factify_core::{
    DecodeError, Error, ErrorKind, ItemError, Operation, Outcome, Page, ServeOperation,
};
use proptest::prelude::*;

use crate::paging::{ORGANIZATION, client, invite, page_of};

type Invites = Page<OrganizationInvite>;

fn decoded(body: &str) -> Result<Invites, DecodeError> {
    ListOrganizationInvites::decode_body(body.as_bytes())
}

/// The address, or the path of the error, which is that of an item.
fn walked(item: Result<OrganizationInvite, Error>) -> String {
    let path = |error: Error| {
        assert_eq!(
            (error.kind(), error.outcome(), error.operation()),
            (
                ErrorKind::Decode,
                Outcome::NotApplied,
                "listOrganizationInvites"
            )
        );
        error.unreadable_item().unwrap().path().to_owned()
    };
    item.map_or_else(path, |invite| invite.email)
}

/// In its place in a page, and on the walk over two such pages.
#[test]
fn an_item_that_cannot_be_read_does_not_hide_the_others() {
    let odd = |from, to| invite("odd").replace(from, to);
    let (a, b) = (invite("a"), invite("b"));
    for (items, expected) in [
        (vec![], &[][..]),
        (vec![a.clone(), b.clone()], &["a", "b"]),
        (
            vec!["7".into(), a.clone(), b.clone()],
            &["items[0]", "a", "b"],
        ),
        (
            vec![a.clone(), "null".into(), b.clone()],
            &["a", "items[1]", "b"],
        ),
        (
            vec![a.clone(), b.clone(), "[7]".into()],
            &["a", "b", "items[2][0]"],
        ),
        (vec!["{}".into(), "\"\"".into()], &["items[0]", "items[1]"]),
        (
            vec![
                a.clone(),
                odd("2026-01-15T01:30:15Z", "yesterday"),
                b.clone(),
            ],
            &["a", "items[1].created_at", "b"],
        ),
        (
            vec![odd("\"n\"", "{}"), a.clone(), odd("inv_", "x_")],
            &["items[0].sender.name", "a", "items[2].id"],
        ),
        // A text that was cut within a character is no error.
        (vec![invite("a\\ud83d"), b.clone()], &["a\u{fffd}", "b"]),
        (
            vec![invite("a\\udc00"), "7".into(), b.clone()],
            &["a\u{fffd}", "items[1]", "b"],
        ),
    ] {
        let body = page_of(&items, "next", true);
        let page = decoded(&body).unwrap();
        let found = page.items();
        let found = found.map(|item| item.map_or_else(ItemError::path, |invite| &*invite.email));
        let found: Vec<_> = found.collect();
        assert_eq!(found, expected);
        assert_eq!(page.items().len(), expected.len());
        let owned = page.clone().into_iter();
        assert_eq!(owned.len(), expected.len());
        assert!(owned.eq(page.items().map(|item| item.cloned().map_err(Clone::clone))));
        for error in page.unreadable() {
            assert_eq!(error.path(), expected[error.index()]);
            assert!(body.contains(error.json()));
            assert!(error.to_string().starts_with(error.path()), "{error}");
            let shown = format!("{error:?}");
            assert!(
                shown.contains(error.path()) && !shown.contains(error.json()),
                "{shown}"
            );
            let others = page.unreadable().iter().filter(|other| *other == error);
            assert_eq!(others.count(), 1);
        }
        let first = page.unreadable().first();
        assert_eq!(page.clone().into_items().err().as_ref(), first);
        assert_eq!(page.pagination.next_page_token.as_deref(), Some("next"));

        let written = ListOrganizationInvites::encode_output(&page).unwrap();
        assert_eq!(
            ListOrganizationInvites::decode_body(&written).unwrap(),
            page
        );
        let strict = serde_json::from_slice::<Invites>(&written);
        assert_eq!(strict.is_ok(), first.is_none());

        let server = |token: &str| {
            let next = if token.is_empty() { "2" } else { "" };
            Some(page_of(&items, next, false))
        };
        let expected = [expected, expected].concat();
        let client = client(server);
        let items = client.organization(ORGANIZATION).invites().list().items();
        assert_eq!(items.map(walked).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_page_that_cannot_be_read_is_one_error() {
    let many = |count| page_of(&vec!["7".to_owned(); count], "", false);
    for (body, says) in [
        // An odd item, and then something that is wrong with the page.
        (
            r#"{"items":[7],"pagination":7}"#,
            "pagination: expected struct Pagination",
        ),
        (r#"{"items":[7]}"#, "missing field `pagination`"),
        (r#"{"items":[7,"#, "items[1]: the JSON ends too early"),
        (
            r#"{"items":[7],"items":[]}"#,
            "items: duplicate field `items`",
        ),
        (
            r#"{"items":7,"pagination":{}}"#,
            "items: expected a sequence",
        ),
        (r#"{"items":[7],"pagination":{}} x"#, "the body is not JSON"),
        // The API sends at most 100 items in a page.
        (&many(101), "items[100]: expected struct OrganizationInvite"),
    ] {
        let error = decoded(body).unwrap_err();
        assert!(error.to_string().starts_with(says), "{error}");
    }
    assert_eq!(decoded(&many(100)).unwrap().unreadable().len(), 100);
    let none = decoded(r#"{"items":null,"pagination":{}}"#).unwrap();
    assert_eq!(none.items().len(), 0);
}

#[test]
fn an_item_error_shows_the_place_in_the_page_and_quotes_nothing() {
    let page = decoded("{\"items\":[\n{},\n  [\n7]],\"pagination\":{}}").unwrap();
    let shown: Vec<_> = page.unreadable().iter().map(ToString::to_string).collect();
    let expected = [
        "items[0]: missing field `id` (line 2, column 2)",
        "items[1][0]: expected an invite id (line 4, column 1)",
    ];
    assert_eq!(shown, expected);
    let page = decoded(r#"{"items":[{"id":"CANARY"}],"pagination":{}}"#).unwrap();
    let error = &page.unreadable()[0];
    let shown = format!("{error} {error:?} {page:?} {:?}", Error::from(error));
    assert!(!shown.contains("CANARY"), "{shown}");
    assert_eq!(error.json(), r#"{"id":"CANARY"}"#);
}

#[test]
fn a_page_can_be_written_in_a_format_without_names() {
    let page = decoded(&page_of(&[invite("a"), invite("b")], "next", true)).unwrap();
    let mut bytes = [0; 1_000];
    let written = postcard::to_slice(&page, &mut bytes).unwrap();
    assert_eq!(postcard::from_bytes::<Invites>(written).unwrap(), page);
    let odd = decoded(r#"{"items":[7],"pagination":{}}"#).unwrap();
    assert!(
        postcard::to_slice(&odd, &mut bytes).is_err(),
        "it would be lost"
    );
}

#[test]
fn an_item_that_cannot_be_read_is_written_as_a_value_of_any_format_for_people() {
    let page = decoded(r#"{"items":[{"id":[7]}],"pagination":{}}"#).unwrap();
    let json = serde_json::to_string(&page).unwrap();
    assert!(json.contains(r#""items":[{"id":[7]}]"#), "{json}");
    let toml = toml::to_string(&page).unwrap();
    assert!(toml.contains("[[items]]\nid = [7]\n"), "{toml}");
}

proptest! {
    /// Each item has its place, whatever the others are.
    #[test]
    fn every_item_has_its_place(valid in prop::collection::vec(any::<bool>(), 0..30)) {
        let numbered = valid.iter().enumerate().map(|(at, valid)| {
            if *valid { invite(&at.to_string()) } else { at.to_string() }
        });
        let page = decoded(&page_of(&numbered.collect::<Vec<_>>(), "", false)).unwrap();
        prop_assert_eq!(page.items().len(), valid.len());
        for (at, item) in page.into_iter().enumerate() {
            prop_assert_eq!(item.is_ok(), valid[at]);
            let shown = item.map_or_else(|error| error.json().to_owned(), |invite| invite.email);
            prop_assert_eq!(shown, at.to_string());
        }
    }

    /// A page that can be read is written and read again as the same page.
    #[test]
    fn a_damaged_page_survives_a_round_trip(changes in prop::collection::vec(
        (any::<prop::sample::Index>(), prop::sample::select(&br#"{}[],:"\u7d8- xe"#[..])), 0..6,
    )) {
        let items = [invite("a"), invite("\\ud83d"), "{\"id\":[7]}".into()];
        let mut body = page_of(&items, "next", true).into_bytes();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Ok(page) = ListOrganizationInvites::decode_body(&body) {
            let written = ListOrganizationInvites::encode_output(&page).unwrap();
            prop_assert_eq!(ListOrganizationInvites::decode_body(&written).unwrap(), page);
        }
    }
}
