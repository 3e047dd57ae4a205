//! The configuration from the environment, in a process of its own for each environment.

use std::process::{Command, Stdio};

use factify_core::{BaseUrl, BearerToken, ClientConfig};

/// Prints what a program gets from its environment. The test below runs it.
#[test]
#[ignore = "it reads the environment that the other test sets"]
fn program() {
    match ClientConfig::from_env() {
        Ok(config) => println!("{config:?}"),
        Err(error) if error.is_missing() => println!("missing: {error}"),
        Err(error) => println!("invalid: {error}"),
    }
}

#[test]
fn a_program_uses_the_key_and_the_base_url_of_its_environment() {
    let production = "base_url: BaseUrl(https://api.factify.com)";
    let missing = "missing: the environment variable FACTIFY_KEY: it is not set, or empty";
    for (key, base_url, expected) in [
        (Some("ffy_prod_CANARY"), None, production),
        (Some("ffy_prod_CANARY"), Some(""), production),
        (
            Some(" ffy_test_CANARY\n"),
            Some(" http://127.0.0.1:1\n"),
            "base_url: BaseUrl(http://127.0.0.1:1)",
        ),
        (None, Some("http://127.0.0.1:1"), missing),
        (Some(" "), None, missing),
        (
            Some("CANARY CANARY"),
            None,
            "invalid: the environment variable FACTIFY_KEY: not a usable bearer token: it has a space",
        ),
        (
            Some("ffy_prod_CANARY"),
            Some("http://CANARY.example"),
            "invalid: the environment variable FACTIFY_BASE_URL: not a usable base URL: http sends the token",
        ),
    ] {
        let mut program = Command::new(std::env::current_exe().unwrap());
        program
            .args([
                "--exact",
                "environment::program",
                "--ignored",
                "--nocapture",
            ])
            .stdin(Stdio::null());
        for (name, value) in [(BearerToken::VARIABLE, key), (BaseUrl::VARIABLE, base_url)] {
            match value {
                Some(value) => program.env(name, value),
                None => program.env_remove(name),
            };
        }
        let done = program.output().unwrap();
        let shown = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success() && shown.contains(expected), "{shown}");
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert!(
            !format!("{shown}{stderr}").contains("CANARY"),
            "{shown}{stderr}"
        );
    }
}
