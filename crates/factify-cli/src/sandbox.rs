//! `factify sandbox`.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;

use factify_core::bytes::Bytes;
use factify_core::http::Request;
use factify_core::http::header::CONTENT_TYPE;
use factify_core::types::ErrorBody;
use factify_core::users::User;
use factify_core::{BaseUrl, BearerToken, OrganizationId, UserId};
use factify_sandbox::{KeyState, Persona, Sandbox, SandboxServer};
use serde::{Deserialize, Serialize};

use crate::args::sandbox::{Role, Sandbox as Arguments, User as AddUser};
use crate::client::ORGANIZATION;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;

/// The variables that configure the command, and programs with the library.
const VARIABLES: [&str; 3] = [BaseUrl::VARIABLE, ORGANIZATION, BearerToken::VARIABLE];

/// The address, users, keys and user tokens of a sandbox.
#[derive(Serialize, Deserialize)]
struct Place {
    base_url: String,
    organization_id: OrganizationId,
    keys: Each<String>,
    user_tokens: Each<String>,
    users: Each<User>,
    /// Keys of the admin.
    expired_key: String,
    revoked_key: String,
    added_users: Vec<AddedUser>,
}

/// A user of `--user`, as the sandbox describes it.
#[derive(Serialize, Deserialize)]
struct AddedUser {
    id: UserId,
    email: String,
    name: String,
    role: Option<String>,
    key: String,
    user_token: String,
}

/// A value for each persona.
#[derive(Serialize, Deserialize)]
struct Each<T> {
    owner: T,
    admin: T,
    member: T,
    outsider: T,
}

impl<T> Each<T> {
    fn new(of: impl Fn(Persona) -> T) -> Self {
        Self {
            owner: of(Persona::Owner),
            admin: of(Persona::Admin),
            member: of(Persona::Member),
            outsider: of(Persona::Outsider),
        }
    }

    fn named(&self) -> [(&'static str, &T); 4] {
        [
            ("owner", &self.owner),
            ("admin", &self.admin),
            ("member", &self.member),
            ("outsider", &self.outsider),
        ]
    }
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    if !arguments.addr.ip().is_loopback() {
        console
            .warn("others on the network can reach this sandbox and read the tokens in its emails");
    }
    if arguments.print_env {
        return print_env(arguments).inspect_err(|_| fail_in_shell());
    }
    let mut builder = Sandbox::builder()
        .seed(arguments.seed)
        .fast_clock(arguments.clock_speed)
        .invites(arguments.invites);
    if arguments.no_rate_limit {
        builder = builder.no_rate_limit();
    }
    let sandbox = builder.build();
    let added = arguments.users.iter().map(|user| add_user(&sandbox, user));
    let added = added.collect::<Result<_, _>>()?;
    sandbox.inject(arguments.fault.clone());
    let server = SandboxServer::start_at(sandbox.clone(), arguments.addr)
        .map_err(|error| Failure::local(format!("cannot serve at {}: {error}", arguments.addr)))?;
    let place = Place {
        base_url: server.base_url().to_string(),
        organization_id: sandbox.organization_id(),
        keys: Each::new(|persona| sandbox.key(persona)),
        user_tokens: Each::new(|persona| sandbox.user_token_text(persona)),
        users: Each::new(|persona| sandbox.user(persona)),
        expired_key: key(&sandbox, KeyState::Expired),
        revoked_key: key(&sandbox, KeyState::Revoked),
        added_users: added,
    };
    // Without a handler, signals would not end process 1 of a container.
    Interrupts::handle()?;
    let text = if arguments.json {
        let json = serde_json::to_string(&place);
        json.map_err(|error| Failure::local(error.to_string()))? + "\n"
    } else {
        place.for_people()
    };
    print(&text)?;
    // An interruption ends it.
    loop {
        thread::park();
    }
}

/// Another key of the admin.
fn key(sandbox: &Sandbox, state: KeyState) -> String {
    let admin = sandbox.user_id(Persona::Admin);
    sandbox.add_key(admin, state).unwrap_or_default()
}

/// Adds a user with the same request that other programs send.
fn add_user(sandbox: &Sandbox, user: &AddUser) -> Result<AddedUser, Failure> {
    let fail = |message: &str| Failure::local(format!("--user {}: {message}", user.email));
    let fields = serde_json::json!({
        "email": user.email,
        "role": user.role.map(Role::name),
    });
    let request = Request::post("/_sandbox/users")
        .header(CONTENT_TYPE, "application/json")
        .body(Bytes::from(fields.to_string()))
        .map_err(|error| fail(&error.to_string()))?;
    let response = sandbox.handle(&request);
    if response.status().is_success() {
        serde_json::from_slice(response.body()).map_err(|error| fail(&error.to_string()))
    } else {
        let error = serde_json::from_slice::<ErrorBody>(response.body()).unwrap_or_default();
        Err(fail(&error.message.unwrap_or_default()))
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::unwritten(&error))
}

impl Place {
    fn for_people(&self) -> String {
        let mut text = format!(
            "The sandbox serves at {0} until you interrupt it.\n\
             Look at it in a browser: {0}/_sandbox/\n\norganization  {1}\n",
            self.base_url, self.organization_id
        );
        let keys = self.keys.named().into_iter().zip(self.users.named());
        for ((name, key), (_, user)) in keys {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name:<12}  {:<24}  {}  {key}", user.email, user.id);
        }
        for user in &self.added_users {
            let role = user.role.as_deref().unwrap_or("no member");
            let AddedUser { email, id, key, .. } = user;
            let _ = writeln!(text, "{role:<12}  {email:<24}  {id}  {key}");
        }
        let _ = write!(
            text,
            "\nIn another terminal:\n{}  factify invites list\n",
            self.variables("  ", "")
        );
        text
    }

    /// The variables of a client that acts as the admin, for a POSIX shell. The values need no escaping.
    fn variables(&self, indent: &str, quote: &str) -> String {
        let mut text = String::new();
        let organization = self.organization_id.to_string();
        let values = [&self.base_url, &organization, &self.keys.admin];
        for (name, value) in VARIABLES.into_iter().zip(values) {
            let _ = writeln!(text, "{indent}export {name}={quote}{value}{quote}");
        }
        text
    }

    /// Assignments for a POSIX shell.
    fn for_shells(&self, process: u32) -> String {
        let mut text = self.variables("", "'");
        for ((name, key), (_, user_token)) in
            self.keys.named().into_iter().zip(self.user_tokens.named())
        {
            let name = name.to_ascii_uppercase();
            let _ = writeln!(text, "export FACTIFY_SANDBOX_{name}_KEY='{key}'");
            let _ = writeln!(
                text,
                "export FACTIFY_SANDBOX_{name}_USER_TOKEN='{user_token}'"
            );
        }
        for (name, key) in [
            ("EXPIRED", &self.expired_key),
            ("REVOKED", &self.revoked_key),
        ] {
            let _ = writeln!(text, "export FACTIFY_SANDBOX_{name}_KEY='{key}'");
        }
        let _ = writeln!(text, "export FACTIFY_SANDBOX_PID='{process}'");
        text
    }
}

/// Without this, a shell would continue with its current key and API.
pub(crate) fn fail_in_shell() {
    // The error itself is already reported.
    let _ = print(&format!("unset {}; false\n", VARIABLES.join(" ")));
}

/// Starts a sandbox in the background, so that the shell that evaluates the output can continue.
fn print_env(arguments: &Arguments) -> Result<Exit, Failure> {
    let fail = |error: io::Error| Failure::local(format!("the sandbox cannot be started: {error}"));
    let mut command = Command::new(std::env::current_exe().map_err(fail)?);
    command
        .args(["sandbox", "--json", "--addr", &arguments.addr.to_string()])
        .args(["--seed", &arguments.seed.to_string()])
        .args(["--invites", &arguments.invites.to_string()])
        .args(["--clock-speed", &arguments.clock_speed.to_string()])
        .args(["--fault", &arguments.fault.to_string()])
        .args(arguments.users.iter().map(|user| format!("--user={user}")))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if arguments.no_rate_limit {
        command.arg("--no-rate-limit");
    }
    // It does not need the key of another API.
    command.env_remove(BearerToken::VARIABLE);
    in_background(&mut command);
    let mut child = command.spawn().map_err(fail)?;
    let line = first_line(&mut child);
    let place = line.and_then(|line| Ok(serde_json::from_str::<Place>(&line)?));
    let printed = place
        .map_err(fail)
        .and_then(|place| print(&place.for_shells(child.id())));
    if printed.is_err() {
        // Nobody would know its address. It may have ended already.
        let _ = child.kill();
    }
    printed.map(|()| Exit::Done)
}

/// Protects it from terminal signals that are meant for another program.
#[cfg(unix)]
fn in_background(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_background(_: &mut Command) {}

/// The first line of its output, or else its error message.
fn first_line(child: &mut Child) -> io::Result<String> {
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if line.ends_with('\n') {
        return Ok(line);
    }
    let said = match child.stderr.take() {
        Some(stderr) => io::read_to_string(stderr)?,
        None => String::new(),
    };
    let said = said.trim();
    // Skips a warning, which is already printed.
    let error = said.lines().find_map(|line| line.strip_prefix("error: "));
    let error = error.unwrap_or(said);
    Err(io::Error::other(error.to_owned()))
}
