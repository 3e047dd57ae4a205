//! The operations as the API document has them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use factify_core::{
    AcceptOrganizationInvite, ApiKey, BaseUrl, CreateOrganizationInvite, ErrorKind,
    InvitationToken, InviteId, ListOrganizationInvites, Operation, OperationInfo, OrganizationId,
    OrganizationInviteStatus, Outcome, PageSize, Repeat, ResendOrganizationInvite,
    RevokeOrganizationInvite, Timestamp,
};

const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";
const INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";

fn organization() -> OrganizationId {
    ORGANIZATION.parse().unwrap()
}

fn key() -> ApiKey {
    ApiKey::new("ffy_test_CANARY").unwrap()
}

/// Whether an operation may be sent again is decided here, by a person, for each.
#[test]
fn every_operation_has_its_reviewed_class() {
    let invites = "/v1beta/organizations/{organization_id}/invites";
    let invite = format!("{invites}/{{invite_id}}");
    let golden: [(OperationInfo, &str, &str, String, Repeat); 5] = [
        (
            AcceptOrganizationInvite::INFO,
            "acceptOrganizationInvite",
            "POST",
            format!("{invites}/accept"),
            Repeat::Repeats,
        ),
        (
            CreateOrganizationInvite::INFO,
            "createOrganizationInvite",
            "POST",
            invites.into(),
            Repeat::Repeats,
        ),
        (
            ListOrganizationInvites::INFO,
            "listOrganizationInvites",
            "GET",
            invites.into(),
            Repeat::Converges,
        ),
        (
            ResendOrganizationInvite::INFO,
            "resendOrganizationInvite",
            "POST",
            format!("{invite}/resend"),
            Repeat::Repeats,
        ),
        (
            RevokeOrganizationInvite::INFO,
            "revokeOrganizationInvite",
            "POST",
            format!("{invite}/revoke"),
            Repeat::Converges,
        ),
    ];
    for (info, id, method, path, repeat) in golden {
        assert_eq!(
            (info.id, info.method.as_str(), info.path, info.repeat),
            (id, method, &*path, repeat)
        );
    }
}

#[test]
fn the_revoke_request_is_the_documented_one() {
    let revoke = RevokeOrganizationInvite::new(organization(), INVITE.parse().unwrap());
    let request = revoke.encode(&BaseUrl::production(), &key()).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri().to_string(),
        format!(
            "https://api.factify.com/v1beta/organizations/{ORGANIZATION}/invites/{INVITE}/revoke"
        )
    );
    let headers = request.headers();
    assert_eq!(headers["authorization"], "Bearer ffy_test_CANARY");
    assert!(headers["authorization"].is_sensitive());
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    assert!(
        headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("factify-rust/")
    );
    assert_eq!(headers.len(), 4);
    assert_eq!(request.body().as_ref(), b"{}");
    assert!(!format!("{request:?}").contains("CANARY"));
}

#[test]
fn a_list_request_carries_each_filter_once_and_encoded() {
    let mut list = ListOrganizationInvites::new(organization());
    list.status = vec![
        OrganizationInviteStatus::Pending,
        OrganizationInviteStatus::Expired,
    ];
    list.email_contains = Some("a+b@ü&x=1".into());
    list.created_after = Some(Timestamp::parse("2026-01-01T00:00:00.5+02:00").unwrap());
    list.page_size = Some(PageSize::MAX);
    let request = list.encode(&BaseUrl::production(), &key()).unwrap();
    assert_eq!(
        request.uri().query().unwrap(),
        "status=pending&status=expired&email.contains=a%2Bb%40%C3%BC%26x%3D1\
         &created.after=2025-12-31T22%3A00%3A00.5Z&page_size=100"
    );
    assert!(request.body().is_empty());
    assert!(!request.headers().contains_key("content-type"));
}

#[test]
fn invalid_calls_are_refused_before_sending() {
    let mut long = CreateOrganizationInvite::new(organization(), "a@example.com".parse().unwrap());
    long.message = Some("ü".repeat(1_001));
    let mut keyed = CreateOrganizationInvite::new(organization(), "a@example.com".parse().unwrap());
    keyed.idempotency_key = Some("k".repeat(256));
    let mut both = ListOrganizationInvites::new(organization());
    both.email_contains = Some("a".into());
    both.email_exact = Some("a@example.com".into());
    let mut range = ListOrganizationInvites::new(organization());
    range.created_after = Some(Timestamp::UNIX_EPOCH);
    range.created_before = Some(Timestamp::UNIX_EPOCH);
    let mut status = ListOrganizationInvites::new(organization());
    status.status = vec!["paused".into()];
    let base = BaseUrl::production();
    for (error, words) in [
        (
            status.encode(&base, &key()).unwrap_err(),
            "status: \"paused\" is none of pending, accepted, expired, revoked",
        ),
        (
            long.encode(&base, &key()).unwrap_err(),
            "message: 2002 bytes, the limit is 2000 bytes",
        ),
        (
            keyed.encode(&base, &key()).unwrap_err(),
            "idempotency_key: 256 characters, the limit is 255",
        ),
        (
            both.encode(&base, &key()).unwrap_err(),
            "email.contains and email.exact",
        ),
        (range.encode(&base, &key()).unwrap_err(), "created.after"),
    ] {
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Invalid, Outcome::NotApplied)
        );
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.report().to_string().contains("nothing was sent"));
    }
    long.message = Some("ü".repeat(1_000));
    assert!(long.encode(&base, &key()).is_ok());
}

#[test]
fn page_sizes_are_1_to_100() {
    for (size, valid) in [
        (0, false),
        (1, true),
        (100, true),
        (101, false),
        (356, false),
    ] {
        assert_eq!(PageSize::new(size).is_ok(), valid, "{size}");
    }
    assert_eq!(
        PageSize::new(500).unwrap_err().to_string(),
        "page_size: 500, the limits are 1 and 100"
    );
}

#[test]
fn a_literal_id_is_checked_by_the_compiler() {
    const ID: InviteId = match InviteId::parse(INVITE) {
        Ok(id) => id,
        Err(_) => panic!("not an invite id"),
    };
    assert_eq!(ID.as_str(), INVITE);
}

#[test]
fn tokens_have_1_to_128_characters_and_are_never_shown() {
    for (chars, valid) in [(0, false), (1, true), (128, true), (129, false)] {
        let result = InvitationToken::new("ü".repeat(chars));
        assert_eq!(result.is_ok(), valid, "{chars}");
    }
    let error = InvitationToken::new("CANARY".repeat(30)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "token: 180 characters, the limits are 1 and 128"
    );
    let accept =
        AcceptOrganizationInvite::new(organization(), InvitationToken::new("CANARY").unwrap());
    assert!(!format!("{accept:?} {error:?}").contains("CANARY"));
    let request = accept.encode(&BaseUrl::production(), &key()).unwrap();
    assert_eq!(request.body().as_ref(), br#"{"token":"CANARY"}"#);
}
