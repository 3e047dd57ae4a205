//! Calls in a separate process, because environment variables belong to a process.

use std::process::Command;

/// The target of the call in the separate process.
pub(super) const TARGET: &str = "FACTIFY_TEST_TARGET";

/// If it is set, the call trusts the authorities of the system.
pub(crate) const TRUST_THE_SYSTEM: &str = "FACTIFY_TEST_TRUST_THE_SYSTEM";

/// Variables of the machine that would change the result.
const REMOVED: [&str; 7] = [
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "REQUEST_METHOD",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Runs the ignored test `name` with these variables, and returns what it prints.
pub(crate) fn in_a_process(name: &str, target: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture"]);
    for variable in REMOVED {
        command.env_remove(variable);
        command.env_remove(variable.to_ascii_lowercase());
    }
    command.envs(variables.iter().copied());
    let output = command.env(TARGET, target).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{variables:?}: {said}");
    said
}
