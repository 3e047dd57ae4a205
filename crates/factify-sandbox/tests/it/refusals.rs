//! The status, code, reason and parameter of each error response, and the header that its status needs.

use std::time::Duration;

use bytes::Bytes;
use factify_core::types::ErrorBody;
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use http::{Request, Response};

use super::port;

fn request(sandbox: &Sandbox, key: &str, request: &str, kind: &str, body: &str) -> Request<Bytes> {
    let (method, path) = request.split_once(' ').unwrap();
    let organization = sandbox.organization_id();
    let path = path.replace("ORG", organization.as_str());
    let mut request = Request::builder().method(method).uri(path);
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    let body = Bytes::copy_from_slice(body.as_bytes());
    request.body(body).unwrap()
}

fn ask(sandbox: &Sandbox, key: &str, asked: &str, kind: &str, body: &str) -> Response<Bytes> {
    sandbox.handle(&request(sandbox, key, asked, kind, body))
}

/// The status, the code, the reason, the parameter, and the value of `Allow` or `WWW-Authenticate`.
pub(crate) fn summary(response: &Response<Bytes>) -> String {
    let status = response.status().as_u16();
    let body: ErrorBody = serde_json::from_slice(response.body()).unwrap();
    let Some(code) = &body.code else {
        return status.to_string();
    };
    assert!(body.request_id().unwrap().starts_with("req_"));
    assert!(body.message.as_ref().is_some_and(|text| !text.is_empty()));
    let reason = body.reasons().next().unwrap();
    let param = body.param().unwrap_or("-");
    let mut summary = format!("{status} {code} {reason} {param}");
    for name in ["allow", "www-authenticate"] {
        if let Some(value) = response.headers().get(name) {
            summary = format!("{summary} {}", value.to_str().unwrap());
        }
    }
    summary
}

/// The caller | the request | the content type | the body | the response.
const TABLE: &str = r#"
    admin    | POST INVITES/NOBODY/revoke | JSON | {} | 404 not_found resource_not_found -
    admin    | POST INVITES/NOBODY/resend | JSON | {} | 404 not_found resource_not_found -
    outsider | POST INVITES/NOBODY/revoke | JSON | {} | 404 not_found resource_not_found -
    outsider | POST INVITES               | JSON | {} | 404 not_found resource_not_found -
    outsider | GET INVITES                |      |    | 404 not_found resource_not_found -
    member   | POST INVITES/NOBODY/revoke | JSON | {} | 403 permission_denied insufficient_permissions -
    member   | POST INVITES/NOBODY/resend | JSON | {} | 403 permission_denied insufficient_permissions -
    member   | POST INVITES               | JSON | {} | 403 permission_denied insufficient_permissions -
    member   | GET INVITES                |      |    | 403 permission_denied insufficient_permissions -
    -        | POST INVITES/NOBODY/revoke | JSON | {} | 401 unauthenticated missing_api_key - Bearer
    wrong    | POST INVITES/NOBODY/revoke | JSON | {} | 401 unauthenticated invalid_api_key - Bearer

    admin | POST INVITES/NOBODY/revoke |            | {}      | 415 invalid_argument invalid_field_value -
    admin | POST INVITES/NOBODY/revoke | text/plain | {}      | 415 invalid_argument invalid_field_value -
    admin | POST INVITES/NOBODY/revoke | JSON; a=b  | {}      | 404 not_found resource_not_found -
    admin | POST INVITES/NOBODY/revoke | JSON       |         | 400 invalid_argument invalid_field_value body
    admin | POST INVITES/NOBODY/revoke | JSON       | []      | 400 invalid_argument invalid_field_value body
    admin | POST INVITES/NOBODY/revoke | JSON       | {"x":1} | 400 invalid_argument invalid_field_value x
    admin | POST INVITES/inv_BAD/revoke | JSON      | {}      | 400 invalid_argument invalid_id_format invite_id
    admin | POST INVITES/inv_BAD/resend | JSON      | {}      | 400 invalid_argument invalid_id_format invite_id

    admin | POST INVITES | JSON | {}                                 | 400 invalid_argument missing_required_field email
    admin | POST INVITES | JSON | {"email":""}                       | 400 invalid_argument missing_required_field email
    admin | POST INVITES | JSON | {"email":"nobody"}                 | 400 invalid_argument invalid_field_value email
    admin | POST INVITES | JSON | {"email":1}                        | 400 invalid_argument invalid_field_value email
    admin | POST INVITES | JSON | {"email":"a@b.co","email":"c@d.co"} | 400 invalid_argument invalid_field_value body
    admin | POST INVITES | JSON | {"email":"a@b.co","message":"LONG"} | 400 invalid_argument invalid_field_value message
    admin | POST INVITES | JSON | {"email":"a@b.co","idempotency_key":"LONG"} | 400 invalid_argument invalid_field_value idempotency_key
    admin | POST INVITES | JSON | {"email":"Owner@Example.com"}      | 400 failed_precondition precondition_failed -

    outsider | POST INVITES/accept | JSON | {}                | 400 invalid_argument missing_required_field token
    outsider | POST INVITES/accept | JSON | {"token":"LONG"}  | 400 invalid_argument invalid_field_value token
    outsider | POST INVITES/accept | JSON | {"token":"wrong"} | 404 not_found resource_not_found -

    admin | GET INVITES?page_size=0                   | | | 400 invalid_argument invalid_field_value page_size
    admin | GET INVITES?page_size=101                 | | | 400 invalid_argument invalid_field_value page_size
    admin | GET INVITES?page_token=x                  | | | 400 invalid_argument invalid_cursor page_token
    admin | GET INVITES?status=pending&status=paused  | | | 400 invalid_argument invalid_enum_value status
    admin | GET INVITES?sender_id=inv_1               | | | 400 invalid_argument invalid_id_format sender_id
    admin | GET INVITES?created.after=today           | | | 400 invalid_argument invalid_field_value created.after
    admin | GET INVITES?email.contains=a&email.exact=b | | | 400 invalid_argument invalid_field_value email.contains
    admin | GET INVITES                               | | {} | 400 invalid_argument invalid_field_value body
    admin | POST INVITES?x=1         | JSON | {"email":"a@b.co"} | 400 invalid_argument invalid_field_value x
    admin | GET INVITES?state=pending                | | | 400 invalid_argument invalid_field_value state
    admin | GET INVITES?page_size=7&page_size=8       | | | 400 invalid_argument invalid_field_value page_size
    admin | GET INVITES?created.after=TIME&created.before=TIME | | | 400 invalid_argument invalid_field_value created.after

    admin | GET /v1beta/organizations/org_1/invites | | | 400 invalid_argument invalid_id_format organization_id
    admin | GET /v1beta/organizations/NOWHERE/invites | | | 404 not_found resource_not_found -
    admin | POST /nowhere      | text/plain | x    | 404 not_found resource_not_found -
    admin | GET /                                   | | | 404 not_found resource_not_found -
    admin | GET INVITES/NOBODY                      | | | 404 not_found resource_not_found -
    admin | DELETE INVITES                          | | | 405 unimplemented unimplemented - POST, GET
    admin | GET INVITES/accept                      | | | 405 unimplemented unimplemented - POST
    admin | GET INVITES/NOBODY/revoke               | | | 405 unimplemented unimplemented - POST

    admin | DELETE /v1%62eta/organizations/ORG/%69nvite%73 | | | 405 unimplemented unimplemented - POST, GET
    admin | GET /v1beta/organizations/%4FRG/invites | | | 400 invalid_argument invalid_id_format organization_id
    admin | GET /v1beta/%6frganizations/NOWHERE/invites | | | 404 not_found resource_not_found -
    admin | POST INVITES/%69nv%5F01h2xcejqtf2nbrexx3vqjhp41/revoke | JSON | {} | 404 not_found resource_not_found -
    admin | POST INVITES/inv_01h2xcejqtf2nbrexx3vqjhp4%C3/revoke   | JSON | {} | 400 invalid_argument invalid_id_format invite_id
    admin | POST INVITES%2Faccept                   | JSON | {} | 404 not_found resource_not_found -
    admin | POST INVITES/NOBODY%2Frevoke            | JSON | {} | 404 not_found resource_not_found -
    admin | GET INVITES?%73tate=pending             | | | 400 invalid_argument invalid_field_value state
    admin | GET INVITES?%73tatus=paused             | | | 400 invalid_argument invalid_enum_value status
    admin | GET INVITES?Status=pending              | | | 400 invalid_argument invalid_field_value Status
    admin | GET INVITES?email=a@b.co                | | | 400 invalid_argument invalid_field_value email
    admin | GET INVITES?x                           | | | 400 invalid_argument invalid_field_value x
    admin | POST INVITES | JSON | HUGE              | 413 invalid_argument invalid_field_value body

    admin  | POST MEMBERS | JSON | {"user_id":"user_MEMBER","role":"owner"}  | 400 invalid_argument invalid_field_value role
    admin  | POST MEMBERS | JSON | {"user_id":"user_MEMBER","role":"boss"}   | 400 invalid_argument invalid_enum_value role
    admin  | POST MEMBERS | JSON | {"user_id":"user_MEMBER","role":"member"} | 400 failed_precondition precondition_failed -
    admin  | POST MEMBERS | JSON | {"user_id":"user_NOBODY","role":"member"} | 404 not_found resource_not_found -
    admin  | PATCH MEMBERS/user_OWNER | JSON | {"role":"member"} | 400 failed_precondition precondition_failed -
    admin  | DELETE MEMBERS/user_OWNER    | | | 400 failed_precondition precondition_failed -
    admin  | DELETE MEMBERS/user_OUTSIDER | | | 404 not_found resource_not_found -
    member | DELETE MEMBERS/user_OWNER    | | | 403 permission_denied insufficient_permissions -

    admin    | POST KEYS | JSON | {"name":"x"}                           | 400 invalid_argument missing_required_field organization_id
    outsider | POST KEYS | JSON | {"name":"x"}                           | 400 invalid_argument missing_required_field organization_id
    admin    | POST KEYS | JSON | {"organization_id":"org_1","name":"x"} | 400 invalid_argument invalid_id_format organization_id
    admin    | POST KEYS | JSON | {"organization_id":"ORG","name":""}    | 400 invalid_argument missing_required_field name
    admin    | POST KEYS | JSON | {"organization_id":"ORG","name":"x","expires_at":"2020-01-01T00:00:00Z"} | 400 invalid_argument invalid_field_value expires_at
    admin    | GET KEYS  | | | 400 invalid_argument missing_required_field organization_id
    admin    | POST KEYS/key_NOBODY/revoke | JSON | {} | 404 not_found resource_not_found -

    admin | PATCH /v1beta/organizations/ORG     | JSON | {"name":"LONG"}               | 400 invalid_argument invalid_field_value name
    admin | PATCH /v1beta/organizations/ORG     | JSON | {"logo_image_url":"nowhere"}  | 400 invalid_argument invalid_field_value logo_image_url
    admin | POST /v1beta/organizations/ORG/logo | JSON | {"image_data":"bm8gaW1hZ2U="} | 400 invalid_argument invalid_field_value image_data
    admin | GET /v1beta/me                      |      |                               | 403 permission_denied insufficient_permissions -

    admin    | PUT QUOTA/keys/key_NOBODY | JSON | {"limit":0} | 400 invalid_argument invalid_field_value limit
    admin    | PUT QUOTA/keys/key_NOBODY | JSON | {}          | 400 invalid_argument missing_required_field limit
    admin    | PUT QUOTA/keys/key_NOBODY | JSON | {"limit":1} | 404 not_found resource_not_found -
    outsider | GET QUOTA?organization_id=&organization_id=ORG | | | 404 not_found resource_not_found -
    admin    | GET QUOTA/usage?date.after=x                   | | | 400 invalid_argument invalid_field_value date.after
"#;

/// In process and over a port alike.
#[test]
fn each_error_says_what_is_wrong() {
    let sandbox = Sandbox::new(3);
    let on_port = Sandbox::new(3);
    let server = SandboxServer::start(on_port.clone()).unwrap();
    let user = |persona| sandbox.user_id(persona).to_string();
    let long = "é".repeat(1_001);
    let huge = format!(r#"{{"email":"a@b.co"}}{}"#, " ".repeat(4 << 20));
    let table = TABLE
        .replace("INVITES", "/v1beta/organizations/ORG/invites")
        .replace("MEMBERS", "/v1beta/organizations/ORG/members")
        .replace("KEYS", "/v1beta/api-keys")
        .replace("QUOTA", "/v1beta/quota")
        .replace("user_OWNER", &user(Persona::Owner))
        .replace("user_MEMBER", &user(Persona::Member))
        .replace("user_OUTSIDER", &user(Persona::Outsider))
        .replace("_NOBODY", "_01h2xcejqtf2nbrexx3vqjhp41")
        .replace("NOBODY", "inv_01h2xcejqtf2nbrexx3vqjhp41")
        .replace("NOWHERE", "org_01h2xcejqtf2nbrexx3vqjhp41")
        .replace("TIME", "2026-01-01T00:00:00Z")
        .replace("JSON", "application/json")
        .replace("LONG", &long);
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [who, request, kind, body, expected] = cells[..] else {
            panic!("{line}");
        };
        let key = match Persona::ALL
            .into_iter()
            .find(|persona| persona.name() == who)
        {
            Some(persona) => sandbox.key(persona),
            None => who.trim_matches('-').to_owned(),
        };
        let body = body.replace("HUGE", &huge);
        let body = body.replace("ORG", sandbox.organization_id().as_str());
        let request = self::request(&sandbox, &key, request, kind, &body);
        let mut response = sandbox.handle(&request);
        assert_eq!(summary(&response), expected, "{line}");
        let mut over_port = port::ask(&server, &port::written(&request));
        for name in ["date", "content-length", "connection"] {
            over_port.headers_mut().remove(name);
            response.headers_mut().remove(name);
        }
        assert_eq!(over_port.headers(), response.headers(), "{line}");
        assert_eq!(over_port.body(), response.body(), "{line}");
        assert_eq!(over_port.status(), response.status(), "{line}");
        assert_eq!(response.headers()["content-type"], "application/json");
        if response.status() == 413 {
            // Refused before it is counted.
            continue;
        }
        for name in ["limit", "remaining", "reset"] {
            let value = response.headers()[&format!("x-ratelimit-{name}")].to_str();
            value.unwrap().parse::<u64>().unwrap();
        }
    }
    for sandbox in [sandbox, on_port] {
        assert!(sandbox.invites().is_empty() && sandbox.outbox().is_empty());
    }
}

#[test]
fn a_key_comes_with_the_scheme_bearer_in_any_case() {
    let sandbox = Sandbox::new(3);
    let key = sandbox.key(Persona::Admin);
    let missing = "401 unauthenticated missing_api_key - Bearer";
    for (authorization, expected) in [
        (format!("Bearer {key}"), "200"),
        (format!("bearer {key}"), "200"),
        (format!("BEARER  {key}"), "200"),
        (format!("Basic {key}"), missing),
        (format!("Bearer{key}"), missing),
        (key, missing),
        ("Bearer ".into(), missing),
        ("bearer".into(), missing),
    ] {
        let mut list = request(
            &sandbox,
            "",
            "GET /v1beta/organizations/ORG/invites",
            "",
            "",
        );
        let value = authorization.parse().unwrap();
        list.headers_mut().insert("authorization", value);
        assert_eq!(summary(&sandbox.handle(&list)), expected, "{authorization}");
    }
}

#[test]
fn a_page_token_belongs_to_the_list_however_its_path_is_encoded() {
    let sandbox = Sandbox::builder().seed(3).invites(3).build();
    let admin = sandbox.key(Persona::Admin);
    let first = "GET /v1beta/organizations/ORG/%69nvites?page_size=2";
    let first = ask(&sandbox, &admin, first, "", "");
    let first: serde_json::Value = serde_json::from_slice(first.body()).unwrap();
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let second = format!("GET /v1beta/organizations/ORG/invites?page_token={token}");
    assert_eq!(summary(&ask(&sandbox, &admin, &second, "", "")), "200");
}

#[test]
fn values_at_the_limits_are_allowed() {
    let sandbox = Sandbox::new(3);
    let (message, key) = ("é".repeat(1_000), "é".repeat(255));
    let body = format!(r#"{{"email":"a@b.co","message":"{message}","idempotency_key":"{key}"}}"#);
    let admin = sandbox.key(Persona::Admin);
    let request = "POST /v1beta/organizations/ORG/invites";
    let response = ask(&sandbox, &admin, request, "application/json", &body);
    assert_eq!(response.status(), 200);
}

#[test]
fn a_key_expires_or_is_revoked() {
    let sandbox = Sandbox::new(3);
    let list = "GET /v1beta/organizations/ORG/invites";
    let admin = sandbox.key(Persona::Admin);
    let second = Duration::from_secs(1);
    sandbox.expire_key_at(Persona::Admin, sandbox.now().checked_add(second).unwrap());
    assert_eq!(ask(&sandbox, &admin, list, "", "").status(), 200);
    sandbox.advance(second);
    let response = ask(&sandbox, &admin, list, "", "");
    assert_eq!(
        summary(&response),
        "401 unauthenticated expired_api_key - Bearer"
    );
    let owner = sandbox.key(Persona::Owner);
    sandbox.revoke_key(Persona::Owner);
    let response = ask(&sandbox, &owner, list, "", "");
    assert_eq!(
        summary(&response),
        "401 unauthenticated invalid_api_key - Bearer"
    );
}

#[test]
fn a_key_has_limits_of_requests_and_creations_a_minute() {
    let sandbox = Sandbox::new(3);
    let admin = sandbox.key(Persona::Admin);
    let create = |n: u32| {
        let body = format!(r#"{{"email":"p{n}@example.net"}}"#);
        let request = "POST /v1beta/organizations/ORG/invites";
        ask(&sandbox, &admin, request, "application/json", &body)
    };
    let list = |key: &str| {
        ask(
            &sandbox,
            key,
            "GET /v1beta/organizations/ORG/invites",
            "",
            "",
        )
    };
    let left = |response: &Response<Bytes>| {
        let header = response.headers().get("x-ratelimit-remaining").unwrap();
        header.to_str().unwrap().to_owned()
    };
    for n in 0..100 {
        assert_eq!(create(n).status(), 200, "creation {n}");
    }
    let over = create(100);
    let limited = "429 resource_exhausted rate_limit_exceeded -";
    assert_eq!(
        (summary(&over), left(&over)),
        (limited.to_owned(), "0".into())
    );
    assert_eq!(
        sandbox.invites().len(),
        100,
        "a refused invite is not created"
    );
    for n in 0..900 {
        let response = list(&admin);
        assert_eq!(
            (response.status().as_u16(), left(&response)),
            (200, (899 - n).to_string())
        );
    }
    assert_eq!(summary(&list(&admin)), limited);
    assert_eq!(
        list(&sandbox.key(Persona::Owner)).status(),
        200,
        "each key has its own limit"
    );
    for _ in 0..1_000 {
        assert_eq!(list("ffy_test_wrong").status(), 401);
    }
    assert_eq!(
        summary(&list("ffy_test_other")),
        limited,
        "unknown keys share one limit"
    );
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(list(&admin).status(), 200);
    assert_eq!(create(101).status(), 200);
}

#[test]
fn a_page_token_that_is_altered_or_from_another_list_is_refused() {
    let sandbox = Sandbox::builder()
        .seed(3)
        .invites(30)
        .no_rate_limit()
        .build();
    let admin = sandbox.key(Persona::Admin);
    let page = |query: &str| {
        let request = format!("GET /v1beta/organizations/ORG/invites?{query}");
        ask(&sandbox, &admin, &request, "", "")
    };
    let first: serde_json::Value = serde_json::from_slice(page("page_size=10").body()).unwrap();
    let token = first
        .pointer("/pagination/next_page_token")
        .unwrap()
        .as_str()
        .unwrap();
    assert_eq!(
        page(&format!("page_size=5&page_token={token}")).status(),
        200
    );
    let invalid = "400 invalid_argument invalid_cursor page_token";
    let other_list = format!("status=pending&page_token={token}");
    assert_eq!(summary(&page(&other_list)), invalid);
    for at in 0..token.len() {
        for symbol in ["0", "1", "z"] {
            let mut altered = token.to_owned();
            altered.replace_range(at..=at, symbol);
            if altered != token {
                let response = page(&format!("page_size=10&page_token={altered}"));
                assert_eq!(summary(&response), invalid, "{altered}");
            }
        }
    }
    for cut in 0..token.len() {
        let response = page(&format!("page_size=10&page_token={}", &token[..cut]));
        let expected = if cut == 0 {
            "200".to_owned()
        } else {
            invalid.to_owned()
        };
        assert_eq!(summary(&response), expected);
    }
}
