//! The operations match the API document.

use factify_core::invites::{
    AcceptOrganizationInvite, CreateOrganizationInvite, InvitationToken, ListOrganizationInvites,
    OrganizationInvite, OrganizationInviteStatus, ResendOrganizationInvite,
    RevokeOrganizationInvite,
};
use factify_core::organizations::{LogoImage, UpdateOrganization};
use factify_core::usage::SetApiKeyQuota;
use factify_core::{
    BaseUrl, BearerToken, ErrorKind, InviteId, MAX_PAGE_SIZE, OPERATIONS, Operation,
    OrganizationId, Outcome, Timestamp,
};

const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";
const INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";
const API_KEY: &str = "key_01h2xcejqtf2nbrexx3vqjhp41";

fn organization() -> OrganizationId {
    ORGANIZATION.parse().unwrap()
}

fn key() -> BearerToken {
    BearerToken::new("ffy_test_CANARY").unwrap()
}

/// The idempotent operations with the method POST or PATCH.
const IDEMPOTENT_BY_REVIEW: [&str; 15] = [
    "approveAccessRequest",
    "attachDocumentPolicy",
    "denyAccessRequest",
    "generateDocumentEntryPage",
    "processDocument",
    "revokeApiKey",
    "revokeOrganizationInvite",
    "transferDocumentOwnership",
    "trashDocument",
    "untrashDocument",
    "updateDocument",
    "updateDocumentAccess",
    "updateOrganization",
    "updateOrganizationMember",
    "updateVersion",
];

/// A person decides whether an operation is idempotent. This list is the second check.
#[test]
fn idempotent_operations_are_reviewed() {
    for info in OPERATIONS {
        let by_method = ["GET", "PUT", "DELETE"].contains(&info.method.as_str());
        let expected = by_method || IDEMPOTENT_BY_REVIEW.contains(&info.id);
        assert_eq!(info.idempotent, expected, "{}", info.id);
    }
}

#[test]
fn the_list_is_sorted_and_names_match_the_types() {
    macro_rules! names {
        ($($Operation:ty),+) => {
            [$((stringify!($Operation), <$Operation>::INFO.id)),+]
        };
    }
    let names = factify_core::for_each_operation!(names);
    assert!(names.is_sorted_by_key(|(_, id)| id));
    assert_eq!(names.len(), OPERATIONS.len());
    for ((path, id), info) in names.into_iter().zip(OPERATIONS) {
        let name = path.rsplit(' ').next().unwrap().rsplit(':').next().unwrap();
        assert!(name.eq_ignore_ascii_case(id), "{name} does not match {id}");
        assert_eq!(info.id, id);
    }
}

#[test]
fn the_revoke_request_matches_the_documentation() {
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
    assert_eq!(request.body().clone().into_bytes().unwrap(), "{}");
    assert!(!format!("{request:?}").contains("CANARY"));
}

#[test]
fn a_list_request_has_each_filter_once_and_encoded() {
    let mut list = ListOrganizationInvites::new(organization());
    list.status = vec![
        OrganizationInviteStatus::Pending,
        OrganizationInviteStatus::Expired,
    ];
    list.email_contains = Some("a+b@ü&x=1".into());
    list.created_after = Some(Timestamp::parse("2026-01-01T00:00:00.5+02:00").unwrap());
    list.created_before = Some(Timestamp::parse("2026-01-01T00:00:00Z").unwrap());
    list.page_size = Some(MAX_PAGE_SIZE);
    let request = list.encode(&BaseUrl::production(), &key()).unwrap();
    assert_eq!(
        request.uri().query().unwrap(),
        "status=pending&status=expired&email.contains=a%2Bb%40%C3%BC%26x%3D1\
         &created.after=2025-12-31T22%3A00%3A00.5Z&created.before=2026-01-01T00%3A00%3A00Z\
         &page_size=100"
    );
    assert!(request.body().is_empty());
    assert!(!request.headers().contains_key("content-type"));
}

#[test]
fn an_invite_matches_a_list_if_all_filters_match() {
    type Change<'c> = &'c dyn Fn(&mut ListOrganizationInvites);
    let invite: OrganizationInvite = serde_json::from_value(serde_json::json!({
        "id": "inv_01h2xcejqtf2nbrexx3vqjhp41",
        "organization_id": organization(),
        "email": "Zoë@Example.com",
        "status": "pending",
        "sender": {"id": "user_01h2xcejqtf2nbrexx3vqjhp41", "name": "", "email": ""},
        "created_at": "2026-01-15T01:30:15Z",
        "expires_at": "2026-01-22T01:30:15Z",
    }))
    .unwrap();
    let user = |text: &str| Some(text.parse().unwrap());
    let time = |text: &str| Some(Timestamp::parse(text).unwrap());
    let (sender, other) = (
        user("user_01h2xcejqtf2nbrexx3vqjhp41"),
        user("user_01h2xcejqtf2nbrexx3vqjhp42"),
    );
    let rows: [(Change<'_>, bool); 17] = [
        (&|_| {}, true),
        (
            &|list| list.organization_id = "org_01h2xcejqtf2nbrexx3vqjhp42".parse().unwrap(),
            false,
        ),
        (&|list| list.status = vec!["pending".into()], true),
        (
            &|list| list.status = vec!["revoked".into(), "pending".into()],
            true,
        ),
        (&|list| list.status = vec!["revoked".into()], false),
        (&|list| list.email_contains = Some("ZOË@ex".into()), true),
        (&|list| list.email_contains = Some("zoe".into()), false),
        (
            &|list| list.email_exact = Some("Zoë@Example.com".into()),
            true,
        ),
        (
            &|list| list.email_exact = Some("zoë@example.com".into()),
            false,
        ),
        (&|list| list.sender_id = sender, true),
        (&|list| list.sender_id = other, false),
        (
            &|list| list.created_after = time("2026-01-15T01:30:15Z"),
            true,
        ),
        (
            &|list| list.created_after = time("2026-01-15T01:30:15.1Z"),
            false,
        ),
        (
            &|list| list.created_before = time("2026-01-15T01:30:15Z"),
            true,
        ),
        (
            &|list| list.created_before = time("2026-01-15T01:30:14.9Z"),
            false,
        ),
        (
            &|list| (list.page_size, list.page_token) = (Some(1), Some("x".into())),
            true,
        ),
        (
            &|list| (list.sender_id, list.status) = (sender, vec!["expired".into()]),
            false,
        ),
    ];
    for (n, (change, expected)) in rows.into_iter().enumerate() {
        let mut list = ListOrganizationInvites::new(organization());
        change(&mut list);
        assert_eq!(list.matches(&invite), expected, "row {n}: {list:?}");
    }
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
    let mut empty = ListOrganizationInvites::new(organization());
    empty.email_contains = Some(String::new());
    let mut status = ListOrganizationInvites::new(organization());
    status.status = vec!["paused".into()];
    let size = |size| {
        let mut list = ListOrganizationInvites::new(organization());
        list.page_size = Some(size);
        list
    };
    let mut logo = UpdateOrganization::new(organization());
    let quota = |limit| SetApiKeyQuota::new(API_KEY.parse().unwrap(), limit);
    let base = BaseUrl::production();
    for (error, words) in [
        (
            quota(0).encode(&base, &key()).unwrap_err(),
            "limit: it is 0, but must be from 1 to 2147483647",
        ),
        (
            {
                logo.logo_image_url = Some("/logo.png".into());
                logo.encode(&base, &key()).unwrap_err()
            },
            "logo_image_url: it is not an absolute URL",
        ),
        (
            empty.encode(&base, &key()).unwrap_err(),
            "email.contains: it is empty; leave it out instead",
        ),
        (
            status.encode(&base, &key()).unwrap_err(),
            "status: \"paused\" is not one of pending, accepted, expired, revoked",
        ),
        (
            long.encode(&base, &key()).unwrap_err(),
            "message: it has 2002 bytes, but the maximum is 2000",
        ),
        (
            keyed.encode(&base, &key()).unwrap_err(),
            "idempotency_key: it has 256 characters, but the maximum is 255",
        ),
        (
            both.encode(&base, &key()).unwrap_err(),
            "email.contains: it cannot be combined with email.exact",
        ),
        (
            range.encode(&base, &key()).unwrap_err(),
            "created.after: 1970-01-01T00:00:00Z is not before 1970-01-01T00:00:00Z, which is \
             created.before",
        ),
        (
            size(0).encode(&base, &key()).unwrap_err(),
            "page_size: it is 0, but must be from 1 to 100",
        ),
        (
            size(101).encode(&base, &key()).unwrap_err(),
            "page_size: it is 101, but must be from 1 to 100",
        ),
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
fn the_format_of_a_logo_is_recognized() {
    let (svg, none) = (Some("image/svg+xml"), None);
    for (image, expected) in [
        (&b"\xff\xd8\xff\xe0"[..], Some("image/jpeg")),
        (b"\x89PNG\r\n\x1a\n", Some("image/png")),
        (b"RIFF\0\0\0\0WEBP", Some("image/webp")),
        (b"<svg>", svg),
        (b"<svg:svg xmlns:svg=''/>", svg),
        (
            b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- > [ -->\n<svg\nwidth='1'/>",
            svg,
        ),
        (b"<!DOCTYPE svg PUBLIC '' '[x'><svg/>", none),
        (b"<!DOCTYPE svg PUBLIC '' ''><svg/>", svg),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'> ]><svg/>", svg),
        (b"<!DOCTYPE html><html><svg/></html>", none),
        (b"<?xml version='1.0'?><!-- <svg> --><html/>", none),
        (b"<svgs/>", none),
        (b"<svg", none),
        (b"<!-- <svg>", none),
        (b"svg", none),
        (b"GIF89a", none),
        (b"RIFF\0\0\0\0WAVE", none),
        (b"", none),
    ] {
        let logo = LogoImage::new(image.to_vec());
        let found = logo.as_ref().map(LogoImage::content_type).ok();
        assert_eq!(found, expected, "{}", image.escape_ascii());
    }
    let long_comment = format!("<!--{}--><svg/>", " ".repeat(LogoImage::MAX_BYTES - 13));
    assert_eq!(long_comment.len(), LogoImage::MAX_BYTES);
    assert!(LogoImage::new(long_comment.clone()).is_ok());
    let error = LogoImage::new(format!("{long_comment} ")).unwrap_err();
    let expected = "not a usable logo: it has 2097153 bytes, but the maximum is 2097152";
    assert_eq!(error.to_string(), expected);
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
        "not a valid invitation token: it has 180 characters, but must have 1 to 128"
    );
    let accept =
        AcceptOrganizationInvite::new(organization(), InvitationToken::new("CANARY").unwrap());
    assert!(!format!("{accept:?} {error:?}").contains("CANARY"));
    let request = accept.encode(&BaseUrl::production(), &key()).unwrap();
    let body = request.into_body().into_bytes().unwrap();
    assert_eq!(body, br#"{"token":"CANARY"}"#.as_slice());
}

#[test]
fn the_caller_cannot_set_the_headers_of_the_client() {
    let client = factify_core::blocking::Client::new(Nowhere, key());
    let invites = client.organization(organization()).invites();
    let value = http::HeaderValue::from_static("other");
    for name in ["authorization", "host", "content-type", "accept-encoding"] {
        let name = http::HeaderName::from_static(name);
        let call = invites.list().header(name.clone(), value.clone());
        let error = call.send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(name.as_str()), "{error}");
    }
    let trace = http::HeaderName::from_static("traceparent");
    let call = invites
        .list()
        .header(trace, http::HeaderValue::from_static("CANARY"));
    assert!(!format!("{call:?}").contains("CANARY"), "{call:?}");
}

/// Every attempt fails.
struct Nowhere;

impl factify_core::blocking::HttpTransport for Nowhere {
    fn send(
        &self,
        _: http::Request<factify_core::RequestBody>,
        _: &factify_core::Limits,
    ) -> Result<http::Response<bytes::Bytes>, factify_core::TransportError> {
        let kind = factify_core::TransportErrorKind::Certificate;
        Err(factify_core::TransportError::not_sent(kind, "nowhere"))
    }

    fn now(&self) -> factify_core::Now {
        factify_core::Now::default()
    }
}

#[test]
fn an_error_names_the_server_and_what_timed_out() {
    let client = factify_core::blocking::Client::new(Nowhere, key());
    let invites = client.organization(organization()).invites();
    let error = invites.list().send().unwrap_err();
    assert_eq!(
        error.to_string(),
        "listOrganizationInvites: the certificate of api.factify.com was refused \
         (1 attempt, nothing was changed)"
    );
    for call in [
        invites.list().timeout(std::time::Duration::ZERO),
        invites.list().deadline(std::time::Duration::ZERO),
    ] {
        let error = call.send().unwrap_err();
        assert!(error.is_timeout() && error.attempts() == 0, "{error:?}");
        assert!(
            error
                .to_string()
                .contains("no time was left to send the request"),
            "{error}"
        );
    }
}

/// A user-defined operation whose path has too few IDs.
struct Incomplete;

impl Operation for Incomplete {
    type Output = ();

    const INFO: factify_core::OperationInfo = factify_core::OperationInfo::new(
        "incomplete",
        http::Method::GET,
        "/v1beta/organizations/{organization_id}/invites/{invite_id}",
    );

    fn path(&self, path: &mut factify_core::PathBuilder) {
        path.id(&organization());
    }

    fn decode_body(_: &[u8]) -> Result<(), factify_core::DecodeError> {
        Ok(())
    }
}

#[test]
fn a_path_with_too_few_ids_is_refused() {
    let error = Incomplete
        .encode(&BaseUrl::production(), &key())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn a_response_that_does_not_match_is_an_error() {
    let resend = ResendOrganizationInvite::new(organization(), INVITE.parse().unwrap());
    let decode = |id: &str, organization: &str| {
        let body = format!(
            r#"{{"invite":{{"id":"{id}","organization_id":"{organization}","email":"a@b.co",
            "status":"pending","sender":{{"id":"user_1","name":"A","email":"a@b.co"}},
            "created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}}}"#
        );
        resend.decode(http::Response::new(body.into()))
    };
    assert_eq!(decode(INVITE, ORGANIZATION).unwrap().id, INVITE);
    let (invite, other) = (INVITE.replace("41", "42"), ORGANIZATION.replace("41", "42"));
    for (id, organization, field) in [
        (&*invite, ORGANIZATION, ": invite.id differs"),
        (INVITE, &*other, ": invite.organization_id differs"),
    ] {
        let error = decode(id, organization).unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Mismatch, Outcome::Unknown)
        );
        assert!(error.to_string().contains(field), "{error}");
        assert!(
            error
                .report()
                .to_string()
                .ends_with("read the state before calling again.")
        );
    }
}
