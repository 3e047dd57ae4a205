//! IDs of several kinds, and references that keep invalid texts.

#![allow(clippy::unwrap_used)]

use factify_types::{BotId, IdKind, IdRef, InviteId, PrincipalId, UserId};

const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";
const BOT: &str = "bot_01h2xcejqtf2nbrexx3vqjhp41";

#[test]
fn a_principal_is_a_user_or_a_bot() {
    let user: PrincipalId = USER.parse().unwrap();
    let bot: PrincipalId = BOT.parse().unwrap();
    assert_eq!(user, PrincipalId::from(UserId::literal(USER)));
    assert_eq!(bot, PrincipalId::from(BotId::literal(BOT)));
    for (principal, text) in [(user, USER), (bot, BOT)] {
        assert_eq!(
            (principal.as_str(), principal.to_string().as_str()),
            (text, text)
        );
        // It works like any other ID in a reference, in a map by text and in a comparison with a text.
        assert!(principal == text && PrincipalId::try_from(text) == Ok(principal));
        assert_eq!(IdRef::<PrincipalId>::from(text).id(), Some(principal));
        let map = std::collections::HashMap::from([(principal, 1)]);
        assert_eq!(map.get(text), Some(&1));
        let json = serde_json::to_string(&principal).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<PrincipalId>(&json).unwrap(),
            principal
        );
    }
    for wrong in ["org_01h2xcejqtf2nbrexx3vqjhp41", "user_x", "bot_", ""] {
        let error = wrong.parse::<PrincipalId>().unwrap_err();
        assert!(error.to_string().starts_with("not a "), "{error}");
        assert!(serde_json::from_str::<PrincipalId>(&format!("\"{wrong}\"")).is_err());
    }
}

#[test]
fn an_error_names_all_expected_kinds() {
    for (wrong, says) in [
        (
            "org_01h2xcejqtf2nbrexx3vqjhp41",
            "not a user id or a bot id: that is an organization id; a user id or a bot id starts \
             with user_ or bot_",
        ),
        ("", "not a user id or a bot id: it is empty"),
        (
            "x",
            "not a user id or a bot id: it does not start with user_ or bot_",
        ),
        ("bot_x", "not a bot id: it has 5 bytes instead of 30"),
    ] {
        assert_eq!(wrong.parse::<PrincipalId>().unwrap_err().to_string(), says);
        let json = serde_json::from_str::<PrincipalId>(&format!("\"{wrong}\"")).unwrap_err();
        assert!(json.to_string().starts_with(says), "{json}");
    }
    let (user, bot) = (
        PrincipalId::User(UserId::literal(USER)),
        PrincipalId::Bot(BotId::literal(BOT)),
    );
    assert_eq!(user.cmp(&bot), USER.cmp(BOT), "they sort like their texts");
}

#[test]
fn a_reference_keeps_any_text() {
    let known = IdRef::<UserId>::from(USER);
    assert_eq!(known, IdRef::Known(UserId::literal(USER)));
    assert_eq!(known.id(), Some(UserId::literal(USER)));
    assert!(known == UserId::literal(USER));
    let other = IdRef::<UserId>::from("usr_1");
    assert_eq!((other.id(), other.as_str()), (None, "usr_1"));
    assert!(other != UserId::literal(USER));
    for (reference, text) in [(known, USER), (other, "usr_1")] {
        assert_eq!(reference.to_string(), text);
        let json = serde_json::to_string(&reference).unwrap();
        assert_eq!(
            serde_json::from_str::<IdRef<UserId>>(&json).unwrap(),
            reference
        );
    }
    assert!(serde_json::from_str::<IdRef<UserId>>("7").is_err());
}

#[test]
fn errors_name_the_kind() {
    assert_eq!(IdKind::Invite.to_string(), "invite id");
    assert_eq!(IdKind::ApiKey.to_string(), "API key id");
    for (wrong, words) in [
        ("", "26"),
        ("inv_01h2xcejqtf2nbrexx3vqjhp4", "29"),
        ("inv_01h2xcejqtf2nbrexx3vqjhp4l", "'l'"),
        ("INV_01h2xcejqtf2nbrexx3vqjhp41", "inv_"),
        (USER, "that is a user id"),
    ] {
        let error = wrong.parse::<InviteId>().unwrap_err();
        assert_eq!(error.expected(), [IdKind::Invite]);
        let text = error.to_string();
        assert!(text.starts_with("not an invite id: "), "{text}");
        assert!(
            text.contains(words) || wrong.is_empty(),
            "{wrong:?}: {text}"
        );
        // The problem, for programs.
        let _ = error.problem();
    }
}
