//! Runs the command as a process, against a sandbox for each test.

#![allow(dead_code, unused_imports)] // Each test uses a part of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod relay;
mod running;
mod wait;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};

use factify_sandbox::{Persona, Sandbox, SandboxServer};

pub(crate) use relay::Relay;
pub(crate) use running::{Done, Running};
pub(crate) use wait::until;

/// The environment variables that the command needs, and the one for coverage. Others may change the
/// messages.
const KEPT: [&str; 3] = ["PATH", "SystemRoot", "LLVM_PROFILE_FILE"];

/// A sandbox on a port, and the command that uses it.
pub(crate) struct Place {
    pub(crate) sandbox: Sandbox,
    server: SandboxServer,
    base_url: String,
    key: String,
}

impl Place {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        let server = SandboxServer::start(sandbox.clone()).unwrap();
        let base_url = server.base_url().to_string();
        let key = sandbox.key(Persona::Admin);
        Self {
            sandbox,
            server,
            base_url,
            key,
        }
    }

    /// The same sandbox with another key.
    #[must_use]
    pub(crate) fn with_key(mut self, key: String) -> Self {
        self.key = key;
        self
    }

    /// The same sandbox, which holds back all responses unless `passes` accepts their heads.
    pub(crate) fn held_back(
        mut self,
        passes: impl FnMut(&[u8]) -> bool + Send + 'static,
    ) -> (Self, Relay) {
        let address = self.base_url.trim_start_matches("http://");
        let relay = Relay::start(address.trim_end_matches('/').parse().unwrap(), passes);
        self.base_url = format!("http://{}", relay.address());
        (self, relay)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_factify"));
        let kept = KEPT
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        command
            .args(arguments)
            .env_clear()
            .envs(kept)
            .env("TZ", "UTC")
            // The configuration file of this machine would change the results.
            .env(
                "XDG_CONFIG_HOME",
                std::env::temp_dir().join("factify-no-configuration"),
            )
            .env("FACTIFY_BASE_URL", &self.base_url)
            .env("FACTIFY_KEY", &self.key)
            .env("FACTIFY_ORG", self.sandbox.organization_id().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        Running::start(&mut self.command(arguments)).end()
    }

    /// Runs it with standard error at a terminal; `stderr` has everything written there.
    #[cfg(unix)]
    pub(crate) fn run_at_terminal(&self, arguments: &[&str]) -> Done {
        use rustix::fs::{Mode, OFlags};
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        // The command must not inherit the other end of its terminal.
        #[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd"))]
        let flags = flags | OpenptFlags::CLOEXEC;
        let screen = openpt(flags).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap();
        let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::CLOEXEC;
        let terminal = rustix::fs::open(name, flags, Mode::empty()).unwrap();
        let mut command = self.command(arguments);
        command.env("TERM", "xterm").stderr(terminal);
        let mut running = Running::start(&mut command);
        // The output ends when nobody has the terminal open.
        drop(command);
        running.read_stderr(std::fs::File::from(screen));
        running.end()
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        Running::start_with_input(&mut self.command(arguments), input).end()
    }
}

/// An address without a listener. It stays reserved while the returned connection lives.
pub(crate) fn silent_address() -> (SocketAddr, impl Sized) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (connection.local_addr().unwrap(), (connection, listener))
}
