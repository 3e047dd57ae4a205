//! `factify sandbox`: its users, keys and faults.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader};
use std::process::Child;

use factify_sandbox::Sandbox;
use serde_json::Value;
use support::{Done, Place};

/// A sandbox in another process, until it is dropped.
struct Served {
    child: Child,
    /// What `--json` prints.
    place: Value,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = place().command(&["sandbox", "--json", "--invites", "2"]);
        let mut child = command.args(arguments).spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        Self {
            child,
            place: serde_json::from_str(&line).unwrap(),
        }
    }

    fn text(&self, pointer: &str) -> &str {
        self.place.pointer(pointer).unwrap().as_str().unwrap()
    }

    /// Lists its invites with the key at this place.
    fn list(&self, key: &str) -> Done {
        let mut command = place().command(&["invites", "list", "--retries", "0", "-o", "ids"]);
        command
            .env("FACTIFY_BASE_URL", self.text("/base_url"))
            .env("FACTIFY_ORG", self.text("/organization_id"))
            .env("FACTIFY_KEY", self.text(key));
        support::Running::start(&mut command).end()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn place() -> Place {
    Place::new(Sandbox::new(1))
}

#[test]
fn keys_and_added_users_do_what_their_state_and_role_allow() {
    let served = Served::start(&[
        "--user",
        "pam@example.com=admin",
        "--user=jim@example.com=member",
        "--user=creed@example.com",
    ]);
    for (key, code, said) in [
        ("/keys/admin", 0, ""),
        ("/expired_key", 3, "expired"),
        ("/revoked_key", 3, "not valid"),
        ("/added_users/0/key", 0, ""),
        ("/added_users/1/key", 3, "Permission denied"),
        ("/added_users/2/key", 3, "not found"),
    ] {
        let listed = served.list(key);
        assert_eq!(listed.code, Some(code), "{key}: {listed:?}");
        assert!(listed.stderr.contains(said), "{key}: {listed:?}");
    }
    let roles: Vec<_> = (0..3)
        .map(|at| served.place["added_users"][at]["role"].as_str())
        .collect();
    assert_eq!(roles, [Some("admin"), Some("member"), None]);
}

#[test]
fn a_plan_injects_faults() {
    let served = Served::start(&[
        "--fault",
        "schedule:none,unavailable@listOrganizationInvites",
    ]);
    let codes: Vec<_> = (0..3).map(|_| served.list("/keys/admin").code).collect();
    assert_eq!(codes, [Some(0), Some(3), Some(0)]);
}

#[test]
fn a_wrong_user_or_plan_is_refused() {
    for (arguments, code, said) in [
        (["--fault", "always:x"], 2, "use one of refuse, drop_before"),
        (["--fault", "drop_after"], 2, "write always:drop_after"),
        (
            ["--fault", "always:hang@listInvites"],
            2,
            "there is no operation \"listInvites\"; the nearest is listOrganizationInvites",
        ),
        (["--user", "pam"], 2, "it has no @"),
        (["--user", "pam@example.com=boss"], 2, "use admin or member"),
        (
            ["--user", "admin@example.com"],
            1,
            "has this address already",
        ),
    ] {
        let mut command = place().command(&["sandbox", "--json"]);
        let done = support::Running::start(command.args(arguments)).end();
        assert_eq!(done.code, Some(code), "{done:?}");
        assert!(done.stderr.contains(said), "{done:?}");
    }
}
