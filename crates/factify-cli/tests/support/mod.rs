//! The command as a process, against a sandbox of the test's own.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)] // Each test uses a part of it.

use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};

use factify_sandbox::{Persona, Sandbox, SandboxServer};

/// A sandbox on a port, and the command on it.
pub(crate) struct Place {
    pub(crate) sandbox: Sandbox,
    server: SandboxServer,
    key: String,
}

impl Place {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        let server = SandboxServer::start(sandbox.clone()).unwrap();
        let key = sandbox.key(Persona::Admin);
        Self {
            sandbox,
            server,
            key,
        }
    }

    /// The same sandbox with another key.
    #[must_use]
    pub(crate) fn with_key(mut self, key: String) -> Self {
        self.key = key;
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_factify"));
        command
            .args(arguments)
            .env("FACTIFY_BASE_URL", self.server.base_url().to_string())
            .env("FACTIFY_KEY", &self.key)
            .env("FACTIFY_ORG", self.sandbox.organization_id().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs it with standard error at a terminal; `stderr` has all that was drawn there.
    #[cfg(unix)]
    pub(crate) fn run_at_terminal(&self, arguments: &[&str]) -> Done {
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap();
        let terminal = std::fs::File::options()
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap();
        let mut command = self.command(arguments);
        command.env("TERM", "xterm").stderr(terminal);
        let child = spawn(&mut command);
        // The end comes when nobody has the terminal open.
        drop(command);
        let drawn = std::thread::spawn(move || {
            let mut drawn = Vec::new();
            // On Linux the end is an error.
            let _ = std::fs::File::from(screen).read_to_end(&mut drawn);
            String::from_utf8(drawn).unwrap()
        });
        let mut done = Done::from(child.wait_with_output().unwrap());
        done.stderr = drawn.join().unwrap();
        done
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        let mut child = spawn(self.command(arguments).stdin(Stdio::piped()));
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }
}

pub(crate) fn spawn(command: &mut Command) -> Child {
    command.spawn().unwrap()
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
