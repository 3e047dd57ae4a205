//! Tests of the macro, with declarations of every form.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::new_without_default,
    clippy::unwrap_used
)]

use bytes::Bytes;
use factify_types::invites::OrganizationInvite;
use factify_types::organizations::OrganizationRole;
use factify_types::{ErrorReason, OrganizationId, PrincipalId, UserId};
use http::Request;

use super::check::ResponseBody;
use super::operation;
use crate::base_url::BaseUrl;
use crate::bearer_token::BearerToken;
use crate::operation::{Operation, ParameterPlace, Rejection, ServeOperation};
use crate::operations::resource::resource;
use crate::wire::{InvalidRequest, Upload};

resource! {
    /// Members.
    pub struct Members {
        organization_id: OrganizationId,
    }
}

operation! {
    /// A made-up operation with everything that a query can have.
    #[id = "searchMembers"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}/search"]
    #[response({ name: String })]
    #[call(Members::search)]
    pub struct SearchMembers {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// Required in a query.
        #[limit(characters = 1..=5)]
        pub text: String,
        /// Required, and not a text.
        #[wire = "only.active"]
        pub only_active: bool,
        /// A list.
        pub role: Vec<OrganizationRole>,
        /// A user or a bot.
        pub invited_by: Option<PrincipalId>,
    }
}

operation! {
    /// A made-up operation with everything that a body can have.
    #[id = "changeMember"]
    #[idempotent = "the values are absolute"]
    #[PATCH = "/v1beta/organizations/{organization_id}/members/{user_id}"]
    #[body(json)]
    #[response({ name: String })]
    #[call(Members::change)]
    pub struct ChangeMember {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The member.
        #[path]
        pub user_id: UserId,
        /// Required.
        #[limit(bytes = 1..=4)]
        pub nick: String,
        /// Required, and not a text.
        pub role: OrganizationRole,
        /// A list.
        pub deputies: Vec<PrincipalId>,
        /// A number.
        #[limit(value = 1..=9)]
        pub floor: Option<u32>,
    }
}

operation! {
    /// A made-up operation with an optional query and another method.
    #[id = "dropMember"]
    #[idempotent]
    #[DELETE = "/v1beta/members"]
    #[response({ name: String })]
    #[call(Members::drop_one)]
    pub struct DropMember {
        /// Which.
        pub user_id: Option<UserId>,
    }
}

operation! {
    /// A made-up operation with everything that a form can have.
    #[id = "uploadBadge"]
    #[not_idempotent = "it stores another one"]
    #[POST = "/v1beta/organizations/{organization_id}/badges"]
    #[body(multipart)]
    #[response({ name: String })]
    #[call(Members::upload_badge)]
    pub struct UploadBadge {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The file.
        pub payload: Upload,
        /// Required.
        #[limit(characters = 1..=9)]
        pub title: String,
        /// A list.
        pub role: Vec<OrganizationRole>,
        /// A number.
        pub floor: Option<u32>,
    }
}

operation! {
    /// A made-up operation without parameters and output.
    #[id = "pingMembers"]
    #[idempotent]
    #[POST = "/v1beta/members/ping"]
    #[body(none)]
    #[response({ name: String })]
    #[call(Members::ping)]
    pub struct PingMembers {}
}

operation! {
    /// A made-up operation with a required list and no output.
    #[id = "greetMembers"]
    #[not_idempotent = "it greets again"]
    #[POST = "/v1beta/organizations/{organization_id}/greetings"]
    #[body(json)]
    #[response({})]
    #[call(Members::greet)]
    pub struct GreetMembers {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// Whom.
        #[required]
        #[limit(items = 1..=3)]
        pub user_id: Vec<UserId>,
        /// A list that need not be there.
        #[limit(items = 0..=1)]
        pub deputy: Vec<UserId>,
        /// A number that must be there.
        #[limit(value = 1..=9)]
        pub times: u32,
    }
}

operation! {
    /// A made-up operation whose whole response is the output.
    #[id = "readInvite"]
    #[idempotent]
    #[GET = "/v1beta/organizations/{organization_id}/invites/newest"]
    #[response(invite: OrganizationInvite)]
    #[verify(invite.organization_id == organization_id, invite.sender.id == sender_id)]
    #[call(Members::read_invite)]
    pub struct ReadInvite {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The sender of the invite.
        pub sender_id: UserId,
    }
}

impl ResponseBody for OrganizationInvite {}

const ORG: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";
const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";
const BOT: &str = "bot_01h2xcejqtf2nbrexx3vqjhp41";

fn search() -> SearchMembers {
    let mut search = SearchMembers::new(ORG.parse().unwrap(), "é&", true);
    search.role = vec![OrganizationRole::Owner, OrganizationRole::Member];
    search.invited_by = Some(BOT.parse().unwrap());
    search
}

fn change() -> ChangeMember {
    let mut change = ChangeMember::new(
        ORG.parse().unwrap(),
        USER.parse().unwrap(),
        "éé",
        OrganizationRole::Admin,
    );
    change.deputies = vec![BOT.parse().unwrap(), USER.parse().unwrap()];
    change.floor = Some(9);
    change
}

fn encode<O: Operation>(operation: &O) -> Result<Request<Bytes>, String> {
    let token = BearerToken::new("ffy_test_example").unwrap();
    let request = operation.encode(&BaseUrl::production(), &token);
    let request = request.map_err(|error| error.to_string())?;
    Ok(request.map(|body| body.into_bytes().unwrap()))
}

#[test]
fn a_query_is_written_in_the_order_of_the_declaration() {
    let request = encode(&search()).unwrap();
    assert_eq!(
        request.uri().path_and_query().unwrap().as_str(),
        format!(
            "/v1beta/organizations/{ORG}/search?text=%C3%A9%26&only.active=true\
             &role=owner&role=member&invited_by={BOT}"
        )
    );
    assert!(request.body().is_empty());
    assert_eq!(encode(&DropMember::new()).unwrap().uri().query(), None);
}

#[test]
fn a_body_is_written_in_the_order_of_the_declaration() {
    let request = encode(&change()).unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().query()),
        ("PATCH", None)
    );
    assert_eq!(
        request.body(),
        &format!(r#"{{"nick":"éé","role":"admin","deputies":["{BOT}","{USER}"],"floor":9}}"#)
    );
}

#[test]
fn limits_and_unknown_values_are_refused_before_sending() {
    type Change = fn(&mut SearchMembers, &mut ChangeMember);
    let cases: [(Change, &str); 8] = [
        (
            |search, _| search.text = "sixsix".into(),
            "text: it has 6 characters, but must have 1 to 5",
        ),
        (
            |search, _| search.text = String::new(),
            "text: it is empty; leave it out instead",
        ),
        (
            |search, _| search.role.push("chief".into()),
            "role: \"chief\" is not one of owner, admin, member",
        ),
        (
            |_, change| change.nick = "ééé".into(),
            "nick: it has 6 bytes, but must have 1 to 4",
        ),
        (
            |_, change| change.nick = String::new(),
            "nick: it has 0 bytes, but must have 1 to 4",
        ),
        (
            |_, change| change.role = "chief".into(),
            "role: \"chief\" is not one of owner, admin, member",
        ),
        (
            |_, change| change.floor = Some(0),
            "floor: it is 0, but must be from 1 to 9",
        ),
        (
            |_, change| change.floor = Some(10),
            "floor: it is 10, but must be from 1 to 9",
        ),
    ];
    for (alter, problem) in cases {
        let (mut search, mut change) = (search(), change());
        alter(&mut search, &mut change);
        let error = encode(&search).and(encode(&change)).unwrap_err();
        assert!(error.ends_with(problem), "{error}");
    }
}

fn upload() -> UploadBadge {
    let badge = Upload::bytes("Über \"uns\"\r\n.pdf", &b"\0\r\n--factify-\xff"[..]);
    let badge = badge.content_type("application/pdf".parse().unwrap());
    let mut upload = UploadBadge::new(ORG.parse().unwrap(), badge, "é&");
    upload.role = vec![OrganizationRole::Owner, OrganizationRole::Member];
    upload.floor = Some(7);
    upload
}

#[test]
fn a_form_is_written_as_browsers_do() {
    let request = encode(&upload()).unwrap();
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let field = |head: &str, value: &[u8]| {
        let head = format!("--{boundary}\r\ncontent-disposition: form-data; name={head}\r\n\r\n");
        [head.as_bytes(), value, b"\r\n"].concat()
    };
    let file =
        "\"payload\"; filename=\"Über %22uns%22%0D%0A.pdf\"\r\ncontent-type: application/pdf";
    let expected = [
        field(file, b"\0\r\n--factify-\xff"),
        field("\"title\"", "é&".as_bytes()),
        field("\"role\"", b"owner"),
        field("\"role\"", b"member"),
        field("\"floor\"", b"7"),
        format!("--{boundary}--\r\n").into_bytes(),
    ];
    assert_eq!(request.body(), &expected.concat());
    let again = encode(&upload()).unwrap();
    assert_ne!(
        again.headers()["content-type"],
        content_type,
        "nobody can guess the boundary"
    );
}

#[test]
fn a_form_is_read() {
    let sent = encode(&upload()).unwrap();
    let read = read::<UploadBadge>(&sent).unwrap();
    let mut expected = upload();
    // A browser does not mark which escapes it added.
    let name = "Über %22uns%22%0D%0A.pdf";
    let bytes = &b"\0\r\n--factify-\xff"[..];
    expected.payload = Upload::bytes(name, bytes).content_type("application/pdf".parse().unwrap());
    assert_eq!(read, expected);
    let missing =
        Request::post(sent.uri()).header("content-type", "multipart/form-data; boundary=x");
    for (body, param) in [
        ("--x--\r\n", "payload"),
        ("--x\r\n", "body"),
        ("", "body"),
        (
            "--x\r\ncontent-disposition: form-data; name=\"payload\"; filename=\"a\"\r\n\r\n\r\n--x--",
            "title",
        ),
    ] {
        let request = missing.headers_ref().unwrap().clone();
        let mut other = Request::post(sent.uri()).body(Bytes::from(body)).unwrap();
        *other.headers_mut() = request;
        let error = self::read::<UploadBadge>(&other).unwrap_err();
        assert_eq!(error.param, param, "{body}");
    }
}

#[test]
fn an_operation_without_a_body_refuses_one() {
    let request = encode(&PingMembers::new()).unwrap();
    assert_eq!(request.headers()["content-length"], "0");
    assert!(!request.headers().contains_key("content-type") && request.body().is_empty());
    assert!(read::<PingMembers>(&request).is_ok());
    let request = Request::post(request.uri())
        .body(Bytes::from("{}"))
        .unwrap();
    assert_eq!(read::<PingMembers>(&request).unwrap_err().param, "body");
}

fn read<O: ServeOperation>(request: &Request<Bytes>) -> Result<O, InvalidRequest> {
    let path = O::INFO.match_path(request.uri().path()).unwrap();
    O::from_request(&path, request)
}

#[test]
fn encoded_requests_can_be_read() {
    let (sent, changed) = (encode(&search()).unwrap(), encode(&change()).unwrap());
    assert_eq!(read::<SearchMembers>(&sent).unwrap(), search());
    assert_eq!(read::<ChangeMember>(&changed).unwrap(), change());
    // Fewer or more segments are another path.
    for path in [
        "/v1beta/organizations/x/search/",
        "/v1beta/organizations/search",
        "",
    ] {
        assert!(SearchMembers::INFO.match_path(path).is_none(), "{path}");
    }
}

#[test]
fn an_invalid_request_names_the_parameter_and_the_reason() {
    let path = format!("/v1beta/organizations/{ORG}/search");
    for (query, param, reason) in [
        ("", "text", ErrorReason::MissingRequiredField),
        ("text=", "text", ErrorReason::MissingRequiredField),
        ("text=a", "only.active", ErrorReason::MissingRequiredField),
        ("text=a&text=b", "text", ErrorReason::InvalidFieldValue),
        (
            "text=sixsix&only.active=true",
            "text",
            ErrorReason::InvalidFieldValue,
        ),
        (
            "text=a&only.active=yes",
            "only.active",
            ErrorReason::InvalidFieldValue,
        ),
        (
            "text=a&only.active=true&role=owner&role=x",
            "role",
            ErrorReason::InvalidEnumValue,
        ),
        (
            "text=a&only.active=true&invited_by=x",
            "invited_by",
            ErrorReason::InvalidIdFormat,
        ),
        (
            "text=a&only.active=true&colour=x",
            "colour",
            ErrorReason::InvalidFieldValue,
        ),
    ] {
        let request = Request::get(format!("{path}?{query}"))
            .body(Bytes::new())
            .unwrap();
        let error = read::<SearchMembers>(&request).unwrap_err();
        assert_eq!((&*error.param, &error.reason), (param, &reason), "{query}");
    }
    let path = format!("/v1beta/organizations/{ORG}/members/{USER}");
    for (body, param, reason) in [
        ("", "body", ErrorReason::InvalidFieldValue),
        ("[]", "body", ErrorReason::InvalidFieldValue),
        (
            r#"{"nick":"a","nick":"a"}"#,
            "body",
            ErrorReason::InvalidFieldValue,
        ),
        ("{}", "nick", ErrorReason::MissingRequiredField),
        (
            r#"{"nick":null}"#,
            "nick",
            ErrorReason::MissingRequiredField,
        ),
        (r#"{"nick":7}"#, "nick", ErrorReason::InvalidFieldValue),
        (r#"{"nick":"a"}"#, "role", ErrorReason::MissingRequiredField),
        (
            r#"{"nick":"a","role":"x"}"#,
            "role",
            ErrorReason::InvalidEnumValue,
        ),
        (
            r#"{"nick":"a","role":"admin","deputies":["x"]}"#,
            "deputies",
            ErrorReason::InvalidIdFormat,
        ),
        (
            r#"{"nick":"a","role":"admin","floor":0}"#,
            "floor",
            ErrorReason::InvalidFieldValue,
        ),
        (
            r#"{"nick":"a","role":"admin","floor":-1}"#,
            "floor",
            ErrorReason::InvalidFieldValue,
        ),
        (
            r#"{"nick":"a","role":"admin","colour":1}"#,
            "colour",
            ErrorReason::InvalidFieldValue,
        ),
    ] {
        let request = Request::patch(&path).body(Bytes::from(body)).unwrap();
        let error = read::<ChangeMember>(&request).unwrap_err();
        assert_eq!((&*error.param, &error.reason), (param, &reason), "{body}");
    }
    let request = Request::patch("/v1beta/organizations/org_1/members/user_1");
    let request = request.body(Bytes::new()).unwrap();
    let error = read::<ChangeMember>(&request).unwrap_err();
    assert_eq!(
        (&*error.param, error.reason),
        ("organization_id", ErrorReason::InvalidIdFormat)
    );
}

#[test]
fn the_constants_match_the_declaration() {
    let parameters: Vec<_> = SearchMembers::INFO
        .parameters
        .iter()
        .map(|parameter| {
            let limit = parameter.limit.map(|limit| (limit.min, limit.max));
            (
                parameter.name,
                parameter.place,
                parameter.required,
                parameter.repeated,
                limit,
            )
        })
        .collect();
    assert_eq!(
        parameters,
        [
            ("organization_id", ParameterPlace::Path, true, false, None),
            ("text", ParameterPlace::Query, true, false, Some((1, 5))),
            ("only.active", ParameterPlace::Query, true, false, None),
            ("role", ParameterPlace::Query, false, true, None),
            ("invited_by", ParameterPlace::Query, false, false, None),
        ]
    );
    let places = |info: &crate::OperationInfo| info.parameters.last().map(|it| it.place);
    assert_eq!(places(&ChangeMember::INFO), Some(ParameterPlace::Body));
    assert_eq!(places(&DropMember::INFO), Some(ParameterPlace::Query));
}

fn greet(users: usize) -> GreetMembers {
    GreetMembers::new(ORG.parse().unwrap(), vec![USER.parse().unwrap(); users], 9)
}

#[test]
fn the_limit_of_a_list_applies_to_its_length() {
    let mut deputies = greet(1);
    deputies.deputy = vec![USER.parse().unwrap(); 2];
    let mut times = greet(1);
    times.times = 10;
    for (greet, problem) in [
        (greet(0), "user_id: it has 0 items, but must have 1 to 3"),
        (greet(4), "user_id: it has 4 items, but must have 1 to 3"),
        (deputies, "deputy: it has 2 items, but the maximum is 1"),
        (times, "times: it is 10, but must be from 1 to 9"),
    ] {
        assert!(encode(&greet).unwrap_err().ends_with(problem));
    }
    let request = encode(&greet(2)).unwrap();
    assert_eq!(
        request.body(),
        &format!(r#"{{"user_id":["{USER}","{USER}"],"times":9}}"#)
    );
    assert_eq!(read::<GreetMembers>(&request).unwrap(), greet(2));
    let body = r#"{"times":1}"#;
    let request = Request::post(request.uri())
        .body(Bytes::from(body))
        .unwrap();
    assert_eq!(read::<GreetMembers>(&request).unwrap_err().param, "user_id");
}

#[test]
fn an_empty_response_is_an_object() {
    for (body, is_read) in [
        ("{}", true),
        (r#"{"more":[1]}"#, true),
        ("", false),
        ("[]", false),
        ("{} x", false),
    ] {
        assert_eq!(
            GreetMembers::decode_body(body.as_bytes()).is_ok(),
            is_read,
            "{body}"
        );
    }
    assert_eq!(GreetMembers::encode_output(&()).unwrap(), "{}");
}

#[test]
fn verify_can_check_nested_fields() {
    let read = ReadInvite::new(ORG.parse().unwrap(), USER.parse().unwrap());
    let other = USER.replace("41", "42");
    for (sender, differs) in [
        (USER, None),
        (&other, Some("invite.sender.id")),
        // A reference that is not a valid ID differs from every ID.
        ("u-1", Some("invite.sender.id")),
    ] {
        let body = format!(
            r#"{{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"{ORG}","email":"a@b.co",
            "status":"pending","sender":{{"id":"{sender}","name":"A","email":"a@b.co"}},
            "created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}}"#
        );
        let mut output = ReadInvite::decode_body(body.as_bytes()).unwrap();
        assert_eq!(read.verify(&output).err(), differs.map(Rejection::Differs));
        read.agree(&mut output);
        assert_eq!(read.verify(&output), Ok(()));
    }
}

#[test]
fn a_query_has_no_body_and_a_body_has_no_query() {
    let sent = encode(&search()).unwrap();
    let request = Request::get(sent.uri()).body(Bytes::from("{}")).unwrap();
    assert_eq!(read::<SearchMembers>(&request).unwrap_err().param, "body");
    for sent in [
        encode(&change()).unwrap(),
        encode(&upload()).unwrap(),
        encode(&PingMembers::new()).unwrap(),
    ] {
        let (mut parts, body) = sent.into_parts();
        parts.uri = format!("{}?x=1", parts.uri).parse().unwrap();
        let request = Request::from_parts(parts, body);
        let errors = [
            read_error::<ChangeMember>(&request),
            read_error::<UploadBadge>(&request),
            read_error::<PingMembers>(&request),
        ];
        assert_eq!(errors.into_iter().flatten().collect::<Vec<_>>(), ["x"]);
    }
}

/// The invalid parameter in the path of a request.
fn read_error<O: ServeOperation + std::fmt::Debug>(request: &Request<Bytes>) -> Option<String> {
    let path = O::INFO.match_path(request.uri().path())?;
    let error = O::from_request(&path, request).unwrap_err();
    Some(error.param.into_owned())
}
