//! IDs accept exactly the language of the published pattern, and say what is wrong otherwise.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};

use factify_types::{DocumentId, Id, IdRef, InviteId, PrincipalId, UserId};
use proptest::prelude::*;
use regex::Regex;

fn agrees<I: Id>(text: &str) {
    let prefixes: Vec<_> = I::KINDS.iter().map(|kind| kind.prefix()).collect();
    let pattern = format!(r"\A({})[0-9a-hjkmnp-tv-z]{{26}}\z", prefixes.join("|"));
    let expected = Regex::new(&pattern).unwrap().is_match(text);
    match text.parse::<I>() {
        Ok(id) => {
            assert!(expected, "{text:?} does not match the pattern");
            assert_eq!(id.as_ref(), text);
        }
        Err(error) => {
            assert!(!expected, "{text:?} matches the pattern: {error}");
            assert!(error.expected().iter().all(|kind| I::KINDS.contains(kind)));
            assert!(error.to_string().starts_with("not a"));
        }
    }
}

macro_rules! all_agree {
    ($($Id:ty),+) => {
        fn agrees_for_every_kind(text: &str) {
            $(agrees::<$Id>(text);)+
            agrees::<PrincipalId>(text);
        }
    };
}

factify_types::for_each_id!(all_agree);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn matching_texts(text in "(org|user|bot|doc|ver|pol|acr|key|inv)_[0-9a-hjkmnp-tv-z]{26}") {
        agrees_for_every_kind(&text);
    }

    #[test]
    fn almost_matching_texts(text in "(org|user|inv|usr|INV|in|)_?[0-9a-zA-Z]{24,28}[\n é]?") {
        agrees_for_every_kind(&text);
    }

    #[test]
    fn one_wrong_symbol(suffix in "[0-9a-hjkmnp-tv-z]{26}", at in 0..30_usize, symbol in any::<char>()) {
        let text = format!("inv_{suffix}");
        let mut changed: Vec<char> = text.chars().collect();
        changed[at] = symbol;
        agrees_for_every_kind(&changed.into_iter().collect::<String>());
    }

    #[test]
    fn any_text(text in any::<String>(), prefix in "(inv_|user_|)") {
        agrees_for_every_kind(&format!("{prefix}{text}"));
    }

    #[test]
    fn a_uuid_makes_the_round_trip(uuid in any::<[u8; 16]>()) {
        let id = DocumentId::from_uuid_bytes(uuid);
        agrees::<DocumentId>(id.as_str());
        prop_assert_eq!(id.uuid_bytes(), Some(uuid));
    }
}

#[test]
fn errors_say_what_and_where() {
    let tail = "01h2xcejqtf2nbrexx3vqjhp41";
    let rows = [
        (
            format!("user_{tail}"),
            "that is a user id; an invite id starts with inv_",
        ),
        (String::new(), "it is empty"),
        ("INV_".into(), "it does not start with inv_"),
        ("é".into(), "it does not start with inv_"),
        ("inv_".into(), "it has 4 bytes instead of 30"),
        (format!("inv_{tail}\n"), "it has 31 bytes instead of 30"),
        (
            format!("inv_u{}", &tail[1..]),
            "'u' at position 4 is not one of 0-9a-hjkmnp-tv-z",
        ),
        (
            format!("inv_{}\n", &tail[1..]),
            "byte 0x0a at position 29 is not one of 0-9a-hjkmnp-tv-z",
        ),
        (
            format!("inv_{}é", &tail[2..]),
            "byte 0xc3 at position 28 is not one of 0-9a-hjkmnp-tv-z",
        ),
    ];
    for (text, words) in rows {
        let error = text.parse::<InviteId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("not an invite id: {words}"),
            "{text:?}"
        );
    }
}

#[test]
fn ids_contain_their_text_inline() {
    assert_eq!(size_of::<InviteId>(), 30);
    let id: InviteId = "inv_z1h2xcejqtf2nbrexx3vqjhp41".parse().unwrap();
    assert_eq!(
        format!("{id} {id:?}"),
        format!("{0} InviteId({0})", id.as_str())
    );
    assert_eq!(id, "inv_z1h2xcejqtf2nbrexx3vqjhp41");
    assert_eq!(id.uuid_bytes(), None, "130 bits are not a UUID");
    assert_eq!(id.suffix().len(), 26);
}

#[test]
fn a_map_by_id_can_be_queried_with_a_text() {
    let text = "inv_01h2xcejqtf2nbrexx3vqjhp41";
    let id = InviteId::literal(text);
    assert_eq!(HashMap::from([(id, 1)]).get(text), Some(&1));
    assert_eq!(BTreeMap::from([(id, 1)]).get(text), Some(&1));
}

#[test]
fn a_uuid_version_7_contains_its_time() {
    let id: DocumentId = "doc_01h2xcejqtf2nbrexx3vqjhp41".parse().unwrap();
    assert_eq!(
        id.created_at().unwrap().to_string(),
        "2023-06-14T16:40:03.066Z"
    );
    assert_eq!(DocumentId::from_uuid_bytes([0x44; 16]).created_at(), None);
}

#[test]
fn a_reference_keeps_what_it_cannot_validate() {
    let known: IdRef<UserId> = serde_json::from_str("\"user_01h2xcejqtf2nbrexx3vqjhp41\"").unwrap();
    assert!(known.id().is_some());
    for text in ["usr_01h2xcejqtf2nbrexx3vqjhp41", "svc_1", ""] {
        let json = serde_json::to_string(text).unwrap();
        let other: IdRef<UserId> = serde_json::from_str(&json).unwrap();
        assert_eq!((other.id(), other.as_str()), (None, text));
        assert_eq!(serde_json::to_string(&other).unwrap(), json);
    }
}

#[test]
fn a_principal_is_a_user_or_a_bot() {
    for (text, valid) in [
        ("user_01h2xcejqtf2nbrexx3vqjhp41", true),
        ("bot_01h2xcejqtf2nbrexx3vqjhp41", true),
        ("org_01h2xcejqtf2nbrexx3vqjhp41", false),
        ("bot_", false),
    ] {
        assert_eq!(text.parse::<PrincipalId>().is_ok(), valid, "{text}");
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(
            serde_json::from_str::<PrincipalId>(&json).is_ok(),
            valid,
            "{text}"
        );
    }
}
