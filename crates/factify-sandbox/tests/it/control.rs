//! The control requests, without a socket.

use std::collections::BTreeMap;

use bytes::Bytes;
use factify_core::{BearerToken, ClientConfig, blocking::Client};
use factify_sandbox::{KeyState, Persona, Sandbox};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::refusals::summary;

fn ask(sandbox: &Sandbox, request: &str, body: &Value) -> Response<Bytes> {
    let (method, path) = request.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(format!("/_sandbox{path}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    sandbox.handle(&request.unwrap())
}

fn control(sandbox: &Sandbox, request: &str, body: &Value) -> Value {
    let response = ask(sandbox, request, body);
    assert_eq!(
        response.status(),
        StatusCode::OK,
        "{request} {:?}",
        response.body()
    );
    serde_json::from_slice(response.body()).unwrap()
}

fn get(sandbox: &Sandbox, path: &str) -> Value {
    control(sandbox, &format!("GET {path}"), &Value::Null)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// What a client with this key lists.
fn lists(sandbox: &Sandbox, key: &str) -> Result<usize, String> {
    let config = ClientConfig::new(BearerToken::new(key).unwrap());
    let client = Client::new(sandbox.transport(), config);
    let page = client.organizations().list().send();
    page.map(|page| page.items().len())
        .map_err(|error| error.api().unwrap().reasons().next().unwrap().to_string())
}

#[test]
fn the_description_is_what_is_served() {
    let sandbox = Sandbox::new(1);
    let description = get(&sandbox, "");
    let mut methods = BTreeMap::<String, Vec<String>>::new();
    for request in description["requests"].as_array().unwrap() {
        let path = text(&request["path"]).replace("{length}", "5");
        let method = text(&request["method"]).to_owned();
        methods.entry(path).or_default().push(method);
        assert!(text(&request["what"]).ends_with('.'), "{request}");
        for field in request["fields"].as_array().unwrap() {
            assert!(!text(&field["what"]).is_empty() && field["required"].is_boolean());
        }
    }
    assert!(methods.len() > 10);
    for (path, methods) in methods {
        let path = path.strip_prefix("/_sandbox").unwrap();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let response = ask(&sandbox, &format!("{method} {path}"), &json!({}));
            let is_known = methods.iter().any(|known| known == method);
            let is_refused = response.status() == StatusCode::METHOD_NOT_ALLOWED;
            assert_ne!(is_known, is_refused, "{method} {path}");
            if is_refused {
                assert_eq!(response.headers()["allow"], methods.join(", "));
            }
        }
    }
    let operations = description["operations"].as_array().unwrap();
    assert_eq!(operations.len(), factify_core::OPERATIONS.len());
    assert_eq!(description["faults"].as_array().unwrap().len(), 12);
}

/// A control request, its body, and the response.
#[test]
fn each_wrong_request_is_refused() {
    let sandbox = Sandbox::builder().seed(1).invites(1).build();
    let other = "org_01h2xcejqtf2nbrexx3vqjhp41";
    let before = sandbox.snapshot();
    for (request, body, expected) in [
        (
            "GET /nowhere",
            json!({}),
            "404 not_found resource_not_found -",
        ),
        (
            "GET /state?a=1",
            json!({}),
            "400 invalid_argument invalid_field_value a",
        ),
        (
            "POST /advance",
            json!({}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "POST /advance",
            json!({"seconds": 1, "x": 1}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "PUT /faults",
            json!({"always": {"name": "x"}}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "PUT /faults",
            json!({"only": "x"}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "POST /advance",
            json!({"seconds": u64::MAX}),
            "400 invalid_argument invalid_field_value seconds",
        ),
        (
            "POST /users",
            json!({"email": "nobody"}),
            "400 invalid_argument invalid_field_value email",
        ),
        (
            "POST /users",
            json!({"email": "Admin@Example.com"}),
            "400 invalid_argument invalid_field_value email",
        ),
        (
            "POST /users",
            json!({"email": "a@b.co", "role": "owner"}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "POST /users",
            json!({"email": "a@b.co", "organization_id": other}),
            "400 invalid_argument invalid_field_value role",
        ),
        (
            "POST /users",
            json!({"email": "a@b.co", "role": "admin", "organization_id": other}),
            "400 invalid_argument invalid_field_value organization_id",
        ),
        (
            "POST /keys",
            json!({"user": "nobody@example.com"}),
            "400 invalid_argument invalid_field_value user",
        ),
        (
            "POST /keys",
            json!({"user": "user_01h2xcejqtf2nbrexx3vqjhp41"}),
            "400 invalid_argument invalid_field_value user",
        ),
        (
            "POST /keys",
            json!({"user": "admin", "state": "lost"}),
            "400 invalid_argument invalid_field_value body",
        ),
        (
            "POST /keys",
            json!({"user": "outsider", "organization_id": sandbox.organization_id()}),
            "400 invalid_argument invalid_field_value organization_id",
        ),
        (
            "POST /policies",
            json!({"name": "a", "organization_id": other}),
            "400 invalid_argument invalid_field_value organization_id",
        ),
        (
            "POST /accept",
            json!({}),
            "400 invalid_argument invalid_field_value token",
        ),
        (
            "POST /accept",
            json!({"token": "wrong"}),
            "404 not_found resource_not_found -",
        ),
        (
            "POST /accept",
            json!({"invite_id": "inv_01h2xcejqtf2nbrexx3vqjhp41"}),
            "404 not_found resource_not_found -",
        ),
        (
            "POST /uploads",
            json!({}),
            "404 not_found resource_not_found -",
        ),
        (
            "GET /downloads/5",
            json!({}),
            "404 not_found resource_not_found -",
        ),
    ] {
        let response = ask(&sandbox, request, &body);
        assert_eq!(summary(&response), expected, "{request} {body}");
    }
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn faults_are_switched_on_and_off() {
    let sandbox = Sandbox::new(1);
    let key = sandbox.key(Persona::Admin);
    let plan = json!({"always": {"name": "rate_limited"}, "only": "listOrganizations"});
    let set = control(&sandbox, "PUT /faults", &plan);
    assert_eq!(set["text"], "always:rate_limited@listOrganizations");
    assert_eq!(lists(&sandbox, &key), Err("rate_limit_exceeded".to_owned()));
    let current = get(&sandbox, "/faults");
    assert_eq!(current["plan"], plan);
    assert!(current["hits"].as_u64().unwrap() >= 1);
    let cleared = control(&sandbox, "DELETE /faults", &Value::Null);
    assert_eq!(cleared, json!({"plan": {}, "text": "none", "hits": 0}));
    assert_eq!(lists(&sandbox, &key), Ok(1));
    // Control requests have no faults.
    control(
        &sandbox,
        "PUT /faults",
        &json!({"always": {"name": "refuse"}}),
    );
    control(&sandbox, "GET /state", &Value::Null);
    assert_eq!(get(&sandbox, "/faults")["hits"], 0);
}

#[test]
fn a_key_works_or_has_the_error_of_its_state() {
    let sandbox = Sandbox::new(1);
    for user in [
        "admin",
        "admin@example.com",
        sandbox.user_id(Persona::Admin).as_str(),
    ] {
        for (state, expected) in [
            ("active", Ok(1)),
            ("expired", Err("expired_api_key".to_owned())),
            ("revoked", Err("invalid_api_key".to_owned())),
        ] {
            let key = control(
                &sandbox,
                "POST /keys",
                &json!({"user": user, "state": state}),
            );
            assert_eq!(key["state"], state);
            assert_eq!(
                lists(&sandbox, text(&key["key"])),
                expected,
                "{user} {state}"
            );
        }
    }
    // Only a key that is to belong to the organization is in its list.
    let keys = sandbox.api_keys_of(sandbox.organization_id()).len();
    let body = json!({"user": "member", "organization_id": sandbox.organization_id()});
    control(&sandbox, "POST /keys", &body);
    assert_eq!(
        sandbox.api_keys_of(sandbox.organization_id()).len(),
        keys + 1
    );
    let unknown = "user_01h2xcejqtf2nbrexx3vqjhp41".parse().unwrap();
    assert_eq!(sandbox.add_key(unknown, KeyState::Active), None);
}

#[test]
fn a_user_is_a_member_only_with_a_role() {
    let sandbox = Sandbox::new(1);
    for (email, role, organizations) in [
        ("pam@example.net", Some("admin"), 1),
        ("jim@example.net", Some("member"), 1),
        ("creed@example.net", None, 0),
    ] {
        let body = json!({"email": email, "role": role});
        let user = control(&sandbox, "POST /users", &body);
        assert_eq!(lists(&sandbox, text(&user["key"])), Ok(organizations));
        assert_eq!(user["name"], email.split('@').next().unwrap());
        assert_eq!(user["role"], json!(role));
        let key = control(&sandbox, "POST /keys", &json!({"user": email}));
        assert_eq!(lists(&sandbox, text(&key["key"])), Ok(organizations));
    }
    let members: Vec<_> = sandbox
        .members()
        .into_iter()
        .map(|user| user.email)
        .collect();
    assert_eq!(members[3..], ["pam@example.net", "jim@example.net"]);
}

#[test]
fn an_invitation_is_accepted_by_its_token_or_its_invite() {
    let sandbox = Sandbox::builder().seed(1).invites(3).build();
    let users = get(&sandbox, "/state")["users"].as_array().unwrap().len();
    let sent = sandbox.outbox();
    let accepted = control(
        &sandbox,
        "POST /accept",
        &json!({"token": sent[0].expose_token()}),
    );
    assert_eq!(accepted["user"]["email"], sent[0].to.as_str());
    control(
        &sandbox,
        "POST /accept",
        &json!({"invite_id": sent[1].invite_id}),
    );
    assert_eq!(sandbox.members().len(), 5);
    for body in [
        json!({"token": sent[0].expose_token()}),
        json!({"invite_id": sent[1].invite_id}),
    ] {
        let response = ask(&sandbox, "POST /accept", &body);
        assert_eq!(
            summary(&response),
            "400 failed_precondition precondition_failed -"
        );
    }
    // An invite that has expired adds no user.
    control(
        &sandbox,
        "POST /advance",
        &json!({"seconds": 8 * 24 * 3_600}),
    );
    let response = ask(
        &sandbox,
        "POST /accept",
        &json!({"invite_id": sent[2].invite_id}),
    );
    assert_eq!(
        summary(&response),
        "400 failed_precondition precondition_failed -"
    );
    assert_eq!(
        get(&sandbox, "/state")["users"].as_array().unwrap().len(),
        users + 2
    );
}

#[test]
fn the_state_has_the_objects_of_the_api_without_secrets() {
    let sandbox = Sandbox::builder().seed(1).invites(2).build();
    control(&sandbox, "POST /policies", &json!({"name": "Confidential"}));
    let state = get(&sandbox, "/state");
    let first = &state["organizations"][0];
    assert_eq!(first["organization"]["name"], "Dunder Mifflin");
    assert_eq!(first["members"].as_array().unwrap().len(), 3);
    assert_eq!(first["members"][0]["role"], "owner");
    assert_eq!(first["invites"][1], json!(sandbox.invites()[1]));
    assert_eq!(state["users"].as_array().unwrap().len(), 4);
    assert_eq!(state["policies"][0]["policy"]["name"], "Confidential");
    assert_eq!(state["now"], json!(sandbox.now()));
    let shown = state.to_string();
    for persona in Persona::ALL {
        assert!(!shown.contains(&sandbox.key(persona)));
        assert!(!shown.contains(&sandbox.user_token_text(persona)));
    }
    for email in sandbox.outbox() {
        assert!(!shown.contains(email.expose_token()));
    }
}

fn requests(sandbox: &Sandbox) -> Vec<Value> {
    get(sandbox, "/requests")["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn requests_are_listed_with_their_faults() {
    let sandbox = Sandbox::new(1);
    let start = sandbox.now();
    let client = sandbox.blocking_client(Persona::Admin);
    let invites = client.organization(sandbox.organization_id()).invites();
    control(
        &sandbox,
        "PUT /faults",
        &json!({"schedule": [{"name": "drop_after"}, {"name": "truncate"}]}),
    );
    let lost = invites.create("dwight@example.com".parse().unwrap()).send();
    lost.unwrap_err();
    invites.list().send().unwrap();
    let shown: Vec<_> = requests(&sandbox)
        .iter()
        .map(|item| {
            let body = &item["response"]["text"];
            let begin = body.as_str().and_then(|text| text.get(..8));
            format!(
                "{} {} {} {} {}",
                item["number"],
                item["operation_id"],
                item["fault"],
                item["status"],
                json!(begin)
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#"3 "listOrganizationInvites" null 200 "{\"items\"""#,
            r#"2 "listOrganizationInvites" "truncate" 200 null"#,
            r#"1 "createOrganizationInvite" "drop_after" null null"#,
        ]
    );
    let first = &requests(&sandbox)[2];
    assert_eq!(
        first["request"]["text"],
        r#"{"email":"dwight@example.com"}"#
    );
    assert_eq!(first["method"], Method::POST.as_str());
    assert_eq!(first["time"], json!(start));
}

#[test]
fn a_listed_request_has_no_secrets() {
    let sandbox = Sandbox::builder().seed(1).invites(2).build();
    let email = sandbox.outbox().remove(0);
    let added = sandbox.add_user("guest", &email.to);
    let client = sandbox.blocking_client(Persona::Admin);
    let created = client
        .api_keys()
        .create(sandbox.organization_id(), "ci")
        .send()
        .unwrap();
    let guest = Client::new(sandbox.transport(), ClientConfig::new(added.token()));
    let invites = guest.organization(sandbox.organization_id()).invites();
    invites.accept(email.token().unwrap()).send().unwrap();
    let other = sandbox.outbox().remove(1);
    let user_token = sandbox.user_token_text(Persona::Member);
    let key = sandbox.key(Persona::Owner);
    let wrong = "ffy_prod_0123456789abcdef";
    for body in [
        format!(r#"{{"email":"{}"}}"#, other.expose_token()),
        format!(r#"{{"tok\u0065n":"{wrong}","message":"use {key}, or {user_token}!"}}"#),
        format!(r#"["{}/{key}"]"#, other.expose_token()),
        format!("{{\"token\":\"{}\"", other.expose_token()),
        format!("token={}", other.expose_token()),
    ] {
        let request = Request::post(format!(
            "/v1beta/organizations?a={key}&b={wrong}&signature=0123456789abcdef&c={}",
            other.expose_token()
        ));
        let request = request.header("authorization", format!("Bearer {key}"));
        let request = request.body(Bytes::from(body).into()).unwrap();
        let sent = factify_core::blocking::HttpTransport::send(
            &sandbox.transport(),
            request,
            &factify_core::Limits::new(std::time::Duration::from_secs(60), 1 << 20),
        );
        sent.unwrap();
    }
    let shown = get(&sandbox, "/requests").to_string();
    assert!(shown.contains("createApiKey") && shown.contains("acceptOrganizationInvite"));
    for secret in [
        created.secret.expose(),
        email.expose_token(),
        other.expose_token(),
        &added.key,
        &key,
        &user_token,
        wrong,
        "0123456789abcdef",
    ] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn the_last_100_requests_are_listed_with_short_bodies() {
    let sandbox = Sandbox::builder().seed(1).invites(60).build();
    let key = sandbox.key(Persona::Admin);
    for _ in 0..99 {
        lists(&sandbox, &key).unwrap();
    }
    let client = sandbox.blocking_client(Persona::Admin);
    let invites = client.organization(sandbox.organization_id()).invites();
    invites.list().page_size(50).send().unwrap();
    lists(&sandbox, &key).unwrap();
    let shown = requests(&sandbox);
    assert_eq!(shown.len(), 100);
    assert_eq!(
        (&shown[0]["number"], &shown[99]["number"]),
        (&json!(101), &json!(2))
    );
    let body = &shown[1]["response"];
    assert!(body["bytes"].as_u64().unwrap() > 4_096);
    assert_eq!(text(&body["text"]).chars().count(), 4_097);
}

/// Scripts that print IDs stay the same when somebody looks at the sandbox or adds to it.
#[test]
fn control_requests_do_not_change_later_ids() {
    let run = |requests: &[(&str, Value)]| {
        let sandbox = Sandbox::builder().seed(1).invites(2).build();
        for (request, body) in requests {
            control(&sandbox, request, body);
        }
        let client = sandbox.blocking_client(Persona::Admin);
        let invites = client.organization(sandbox.organization_id()).invites();
        let invite = invites.create("dwight@example.com".parse().unwrap());
        let invite = invite.send().unwrap();
        let keys = client.api_keys();
        let key = keys.create(sandbox.organization_id(), "ci").send().unwrap();
        let sent = sandbox.outbox().pop().unwrap();
        (
            invite,
            key.secret.expose().to_owned(),
            key.api_key,
            sent.expose_token().to_owned(),
        )
    };
    let expected = run(&[]);
    let invite = Sandbox::builder().seed(1).invites(2).build().invites()[0].id;
    let requests = [
        ("GET ", json!({})),
        ("GET /state", json!({})),
        ("GET /requests", json!({})),
        (
            "POST /users",
            json!({"email": "pam@example.net", "role": "admin"}),
        ),
        ("POST /keys", json!({"user": "admin", "state": "expired"})),
        ("POST /accept", json!({"invite_id": invite})),
        ("DELETE /faults", json!({})),
    ];
    for request in &requests {
        assert_eq!(
            run(std::slice::from_ref(request)),
            expected,
            "{}",
            request.0
        );
    }
}
