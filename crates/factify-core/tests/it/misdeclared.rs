//! Wrong declarations do not compile, and the error points at the mistake.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// The declaration that each case changes in one place.
const RIGHT: &str = r#"
use crate::invites::{InvitesResource, OrganizationInvite};
use super::declare::operation;
use factify_types::{InviteId, OrganizationId};

operation! {
    /// Holds an invite back.
    #[id = "holdOrganizationInvite"]
    #[idempotent]
    #[POST = "/v1beta/organizations/{organization_id}/invites/{invite_id}/hold"]
    #[body(json)]
    #[response({ invite: OrganizationInvite })]
    #[verify(invite.id == invite_id)]
    #[call(InvitesResource::hold)]
    pub struct HoldOrganizationInvite {
        /// The organization.
        #[path(resource)]
        pub organization_id: OrganizationId,
        /// The invite.
        #[path]
        pub invite_id: InviteId,
        /// Why.
        #[limit(characters = 1..=20)]
        pub reason: Option<String>,
    }
}
"#;

/// The mistake, the correct text, the wrong text, the compiler's message and its line.
const WRONG: [(&str, &str, &str, &str, &str); 14] = [
    (
        "a swapped path parameter",
        "{organization_id}/invites/{invite_id}",
        "{invite_id}/invites/{organization_id}",
        "the path has no placeholder of this name in this place",
        "pub organization_id: OrganizationId,",
    ),
    (
        "a path parameter of another name",
        "pub invite_id",
        "pub invitation_id",
        "the path has no placeholder of this name in this place",
        "pub invitation_id: InviteId,",
    ),
    (
        "an extra placeholder",
        "/hold",
        "/{hold_id}",
        "the path has a placeholder for which there is no #[path] field",
        "operation! {",
    ),
    (
        "a missing envelope",
        "#[response({ invite: OrganizationInvite })]",
        "#[response(OrganizationInvite)]",
        "OrganizationInvite` is not the whole body of a response",
        "#[response(OrganizationInvite)]",
    ),
    (
        "an unknown attribute",
        "#[limit(",
        "#[limits(",
        "cannot find type `limits` in module",
        "#[limits(characters = 1..=20)]",
    ),
    (
        "an unknown unit of a limit",
        "characters = ",
        "letters = ",
        "cannot find function `letters` in module",
        "#[limit(letters = 1..=20)]",
    ),
    (
        "an unknown method",
        "#[POST = ",
        "#[FETCH = ",
        "no associated item named `FETCH`",
        "#[FETCH = \"/v1beta/organizations/{organization_id}/invites/{invite_id}/hold\"]",
    ),
    (
        "an unknown kind of body",
        "#[body(json)]",
        "#[body(yaml)]",
        "no rules expected `yaml`",
        "#[body(yaml)]",
    ),
    (
        "a POST without a kind of body",
        "    #[body(json)]\n",
        "",
        "no rules expected",
        "operation! {",
    ),
    (
        "a POST that does not declare idempotency",
        "#[idempotent]",
        "#[response({ invite: OrganizationInvite })]",
        "no rules expected",
        "#[response({ invite: OrganizationInvite })]",
    ),
    (
        "a limit in a unit that the type does not support",
        "#[limit(characters = 1..=20)]",
        "#[limit(items = 1..=20)]",
        "mismatched types",
        "operation! {",
    ),
    (
        "a name that is not in the response",
        "#[verify(invite.id",
        "#[verify(invitation.id",
        "cannot find value `invitation`",
        "#[verify(invitation.id == invite_id)]",
    ),
    (
        "a field that is not in the response",
        "#[verify(invite.id == ",
        "#[verify(invite.number == ",
        "no field `number`",
        "#[verify(invite.number == invite_id)]",
    ),
    (
        "a field that has another type than the parameter",
        "#[verify(invite.id == ",
        "#[verify(invite.message == ",
        "a parameter of the type `InviteId` cannot be compared with a",
        "operation! {",
    ),
];

/// The compiler's output, as lines of JSON, for the crate with this declaration.
fn compile(declaration: &str) -> (bool, String) {
    // Both tests write the same file.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = target.join("misdeclared.rs");
    std::fs::write(&file, declaration).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--quiet",
            "--lib",
            "--offline",
            "--message-format=json",
        ])
        .args([
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ])
        .arg("--target-dir")
        .arg(target.parent().unwrap())
        .args(["--", "--cfg", "misdeclared"])
        .env("MISDECLARED", &file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), text)
}

/// The errors and their source lines.
fn errors(messages: &str) -> Vec<(String, Vec<String>)> {
    let parsed = messages
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    parsed
        .filter(|message: &serde_json::Value| message["message"]["level"] == "error")
        .map(|message| {
            let spans = message["message"]["spans"].as_array().unwrap();
            let text = message["message"]["message"].as_str().unwrap();
            (text.to_owned(), spans.iter().flat_map(lines_of).collect())
        })
        .collect()
}

/// The line of a span, and the line of the macro call that it comes from.
fn lines_of(span: &serde_json::Value) -> Vec<String> {
    let mut lines = Vec::new();
    let mut span = Some(span);
    while let Some(found) = span.filter(|span| span.is_object()) {
        let line = found["text"][0]["text"].as_str().unwrap_or_default();
        lines.push(line.trim().to_owned());
        span = found["expansion"].get("span");
    }
    lines
}

#[test]
fn a_wrong_declaration_does_not_compile() {
    let (compiles, messages) = compile(RIGHT);
    assert!(
        compiles,
        "the correct declaration does not compile: {:?}",
        errors(&messages)
    );
    for (what, right, wrong, says, at) in WRONG {
        assert!(RIGHT.contains(right), "{what}");
        let (compiles, messages) = compile(&RIGHT.replacen(right, wrong, 1));
        let errors = errors(&messages);
        assert!(!compiles, "{what} compiles");
        let is_found = errors
            .iter()
            .any(|(text, lines)| text.contains(says) && lines.iter().any(|line| line == at));
        assert!(is_found, "{what}: {errors:#?}");
    }
}

#[test]
fn a_client_on_the_wrong_kind_of_transport_does_not_compile() {
    const TRANSPORTS: &str = r"
        use crate::{BearerToken, Limits, Now, RequestBody, TransportError};
        use bytes::Bytes;
        use http::{Request, Response};

        struct OnThreads;

        impl crate::blocking::HttpTransport for OnThreads {
            fn send(
                &self,
                _: Request<RequestBody>,
                _: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                Ok(Response::new(Bytes::new()))
            }

            fn now(&self) -> Now {
                Now::default()
            }
        }

        struct OnTasks;

        #[async_trait::async_trait]
        impl crate::HttpTransport for OnTasks {
            async fn send(
                &self,
                _: Request<RequestBody>,
                _: &Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                Ok(Response::new(Bytes::new()))
            }

            async fn sleep(&self, _: std::time::Duration) {}

            fn now(&self) -> Now {
                Now::default()
            }
        }
    ";
    for (client, transport, says) in [
        ("Client", "OnTasks", None),
        ("blocking::Client", "OnThreads", None),
        (
            "Client",
            "OnThreads",
            Some("`OnThreads` is not an async transport"),
        ),
        (
            "blocking::Client",
            "OnTasks",
            Some("`OnTasks` is not a blocking transport"),
        ),
    ] {
        let (compiles, messages) = compile(&format!(
            "{TRANSPORTS} pub fn new(token: BearerToken) {{ drop(crate::{client}::new({transport}, token)); }}"
        ));
        let found = errors(&messages);
        assert_eq!(
            compiles,
            says.is_none(),
            "{client} on {transport}: {found:?}"
        );
        if let Some(says) = says {
            assert!(messages.contains(says), "{found:?}");
            assert!(
                messages.contains("goes with `blocking::Client`"),
                "{found:?}"
            );
        }
    }
}
