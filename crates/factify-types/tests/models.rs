//! Models and error bodies, as the API sends them now and may send them later.

#![allow(clippy::unwrap_used)]

use factify_types::invites::{OrganizationInvite, OrganizationInviteStatus};
use factify_types::{ErrorBody, ErrorCode, ErrorReason, Pagination};
use serde_json::{Value, json};

fn full() -> Value {
    let user = json!({
        "id": "user_01h2xcejqtf2nbrexx3vqjhp41", "name": "Dwight", "email": "dwight@example.com",
        "given_name": "Dwight", "family_name": "Schrute",
        "profile_image_url": "https://example.com/dwight.png"
    });
    json!({
        "id": "inv_01h2xcejqtf2nbrexx3vqjhp41",
        "organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41",
        "email": "dwight@example.com", "status": "accepted", "message": "Join us",
        "sender": {"id": "user_01h2xcejqtf2nbrexx3vqjhp42", "name": "Michael", "email": "michael@example.com"},
        "created_at": "2026-01-15T01:30:15.01Z", "expires_at": "2026-01-22T01:30:15.01Z",
        "accepted_at": "2026-01-16T01:30:15.123456789Z", "accepted_by": user
    })
}

fn sparse() -> Value {
    let mut invite = full();
    let fields = invite.as_object_mut().unwrap();
    for name in ["message", "accepted_at", "accepted_by"] {
        fields.remove(name);
    }
    fields.insert("status".into(), "pending".into());
    invite
}

#[test]
fn an_invite_makes_the_round_trip() {
    for document in [full(), sparse()] {
        let invite: OrganizationInvite = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(serde_json::to_value(&invite).unwrap(), document);
    }
}

#[test]
fn additions_to_the_api_do_not_break_an_invite() {
    let mut document = full();
    document["status"] = "paused".into();
    document["sender"]["id"] = "usr_7".into();
    document["colour"] = json!({"deep": [1, {"er": null}]});
    document["message"] = Value::Null;
    let invite: OrganizationInvite = serde_json::from_value(document).unwrap();
    assert_eq!(invite.status.as_str(), "paused");
    assert!(matches!(
        invite.status,
        OrganizationInviteStatus::Unknown(_)
    ));
    assert_eq!(
        (invite.sender.id.id(), invite.sender.id.as_str()),
        (None, "usr_7")
    );
    assert_eq!(invite.message, None);
    assert_eq!(serde_json::to_value(&invite).unwrap()["status"], "paused");
}

#[test]
fn the_ids_of_a_resource_are_validated() {
    for (field, value) in [
        ("id", "banana"),
        ("organization_id", "inv_01h2xcejqtf2nbrexx3vqjhp41"),
    ] {
        let mut document = full();
        document[field] = value.into();
        assert!(
            serde_json::from_value::<OrganizationInvite>(document).is_err(),
            "{field}"
        );
    }
    for field in [
        "id",
        "organization_id",
        "email",
        "status",
        "sender",
        "created_at",
        "expires_at",
    ] {
        let mut document = full();
        document.as_object_mut().unwrap().remove(field);
        let error = serde_json::from_value::<OrganizationInvite>(document).unwrap_err();
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn an_empty_page_token_is_none() {
    for text in [
        "{}",
        r#"{"has_more":null,"next_page_token":null,"prev_page_token":""}"#,
    ] {
        assert_eq!(
            serde_json::from_str::<Pagination>(text).unwrap(),
            Pagination::new()
        );
    }
}

#[test]
fn unknown_values_are_kept() {
    for code in ErrorCode::KNOWN {
        assert_eq!(ErrorCode::from(code.as_str()), *code);
    }
    assert_eq!((ErrorCode::KNOWN.len(), ErrorReason::KNOWN.len()), (16, 21));
    let text = "\"brand new\"";
    let reason: ErrorReason = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&reason).unwrap(), text);
}

#[test]
fn all_three_envelopes_are_read() {
    let flat = r#"{"code":"not_found","message":"m","details":[{"reason":"resource_not_found","request_id":"req_1","param":"p","x":[]}],"y":1}"#;
    let guide = r#"{"error":{"type":"rate_limit_error","code":"resource_exhausted","message":"m","param":"p","request_id":"req_1","retry_after":31.2}}"#;
    let problem =
        r#"{"type":"about:blank","title":"t","status":404,"detail":"m","request_id":"req_1"}"#;
    let connect = r#"{"code":"not_found","message":"m","details":[{"type":"google.rpc.X","value":"AA","debug":{}}]}"#;
    let read = |text| serde_json::from_str::<ErrorBody>(text).unwrap();
    for (text, code, request_id, param) in [
        (flat, Some(ErrorCode::NotFound), Some("req_1"), Some("p")),
        (
            guide,
            Some(ErrorCode::ResourceExhausted),
            Some("req_1"),
            Some("p"),
        ),
        (problem, None, Some("req_1"), None),
        (connect, Some(ErrorCode::NotFound), None, None),
    ] {
        let body = read(text);
        assert_eq!(body.message.as_deref(), Some("m"), "{text}");
        assert_eq!(
            (body.code.clone(), body.request_id(), body.param()),
            (code, request_id, param)
        );
    }
    assert_eq!(read(guide).retry_after_seconds, Some(32));
    assert_eq!(
        read(flat).reasons().collect::<Vec<_>>(),
        [&ErrorReason::ResourceNotFound]
    );
    assert_eq!(read(r#"{"title":"t"}"#).message.as_deref(), Some("t"));
}

#[test]
fn a_field_beside_the_error_takes_precedence() {
    let inner = r#""error":{"code":"internal","message":"i","reason":"i","retry_after":1}"#;
    for (fields, code, message) in [
        (
            r#""code":"aborted","message":"m","detail":"d""#,
            "aborted",
            "m",
        ),
        (r#""code":"aborted","detail":"d""#, "aborted", "d"),
        (r#""code":7,"message":null,"title":"t""#, "internal", "i"),
    ] {
        let [before, after] = [
            format!("{{{fields},{inner}}}"),
            format!("{{{inner},{fields}}}"),
        ]
        .map(|text| serde_json::from_str::<ErrorBody>(&text).unwrap());
        assert_eq!(before, after);
        assert_eq!(before.code, Some(code.into()), "{fields}");
        assert_eq!(before.message.as_deref(), Some(message), "{fields}");
        assert_eq!(before.retry_after_seconds, Some(1));
        assert!(before.reasons().eq([&"i".into()]));
    }
}

#[test]
fn texts_are_edited_and_known_names_are_not() {
    let text = r#"{"code":"new","message":"m","details":[
        {"reason":"internal_error","param":"p","request_id":"r"},{"reason":"other"}]}"#;
    let mut body: ErrorBody = serde_json::from_str(text).unwrap();
    body.edit_texts(|text| match text {
        "new" => "aborted".to_owned(),
        text => format!("<{text}>"),
    });
    // A text that becomes a known name is one.
    assert_eq!(body.code, Some(ErrorCode::Aborted));
    body.edit_texts(str::to_uppercase);
    let edited = r#"{"code":"aborted","message":"<M>","details":[{"reason":"internal_error","param":"<P>","request_id":"<R>"},{"reason":"<OTHER>"}]}"#;
    assert_eq!(serde_json::to_string(&body).unwrap(), edited);
}

#[test]
fn a_malformed_error_body_is_read_as_far_as_possible() {
    for text in [
        r#"{"code":7,"message":["m"],"details":"x","error":"oops","retry_after":-1}"#,
        r#"{"code":null,"message":{},"details":{"a":[1]},"error":null,"retry_after":"soon"}"#,
        r#"{"details":[1,"x",null,{},[{}]],"request_id":true,"error":[1.5]}"#,
        r#"{"details":7}"#,
        r#"{"details":-7.5}"#,
        "{}",
    ] {
        let body: ErrorBody = serde_json::from_str(text).unwrap();
        assert_eq!(body, ErrorBody::default(), "{text}");
    }
    // Which of two values counts must not depend on their order.
    let twice = r#"{"code":"aborted","code":"internal"}"#;
    let inner = r#"{"details":[{"reason":"x","reason":"x"}]}"#;
    for text in ["", "[]", "\"x\"", "<html>", "7", twice, inner] {
        assert!(serde_json::from_str::<ErrorBody>(text).is_err(), "{text}");
    }
}
