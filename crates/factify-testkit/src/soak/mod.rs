//! A long run of many tasks, which give up at random, against a server that misbehaves at random. The process
//! may open few files. The memory must not grow. Afterwards every call must succeed, and no open file or thread
//! may remain.
//!
//! A transport declares two ignored tests: `soak` calls [`start`], and `client` calls
//! [`Soak::from_environment`]. The environment variable `FACTIFY_SOAK_SECONDS` sets the duration.

mod resources;
mod server;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::OrganizationInvite;
use factify_core::{
    ClientConfig, Error, ErrorKind, InviteId, Limits, RequestBody, RetryPolicy, Roots,
};
use http::Request;

use crate::Authority;
use crate::fixtures::{config, ids};
use crate::upload::{UploadBody, binary};
pub use resources::Resources;

/// How many tasks run at the same time.
pub const TASKS: usize = 200;

/// How many files a client may open: fewer than it has tasks.
const FILES: usize = 64;

/// How much the memory may grow for each call, in KB: less than the smallest buffer of a call.
const GROWTH: u64 = 2;

const SECONDS: &str = "FACTIFY_SOAK_SECONDS";
const PLAIN: &str = "FACTIFY_SOAK_PLAIN";
const SECURE: &str = "FACTIFY_SOAK_SECURE";
const CERTIFICATE: &str = "FACTIFY_SOAK_CERTIFICATE";

/// Starts the server, and runs the ignored test `client` of this program with few files.
pub fn start() {
    let authority = Authority::new();
    let servers = server::start(authority.config("127.0.0.1", 2100));
    let limited = format!("ulimit -n {FILES} && exec \"$0\" \"$@\"");
    let status = Command::new("sh")
        .args(["-c", &limited])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "client", "--ignored", "--nocapture"])
        .env(PLAIN, format!("http://{}", servers.plain))
        .env(SECURE, format!("https://{}", servers.secure))
        .env(CERTIFICATE, BASE64_STANDARD.encode(authority.certificate()))
        .status();
    assert!(status.unwrap().success());
}

/// What the tasks of a client share.
#[derive(Debug)]
pub struct Soak {
    /// The URLs of the server without and with TLS.
    base_urls: [String; 2],
    /// The authority of the server's certificate.
    pub roots: Roots,
    ends: Instant,
    duration: Duration,
    succeeded: AtomicU64,
    failed: AtomicU64,
    cancelled: AtomicU64,
    /// Calls that got the response of another call.
    crossed: AtomicU64,
}

/// What a task does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It revokes this invite.
    Revoke(InviteId),
    /// It uploads some bytes.
    Upload,
    /// It reads a part of a response.
    Download,
}

impl Soak {
    /// Reads what [`start`] wrote. It is `None` in any other process.
    pub fn from_environment() -> Option<Arc<Self>> {
        let variable = |name| std::env::var(name).ok();
        let certificate = BASE64_STANDARD.decode(variable(CERTIFICATE)?).unwrap();
        let seconds = variable(SECONDS).map_or(20, |seconds| seconds.parse().unwrap());
        let duration = Duration::from_secs(seconds);
        Some(Arc::new(Self {
            base_urls: [variable(PLAIN)?, variable(SECURE)?],
            roots: Roots::Custom(vec![certificate]),
            ends: Instant::now() + duration,
            duration,
            succeeded: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            cancelled: AtomicU64::new(0),
            crossed: AtomicU64::new(0),
        }))
    }

    /// The URL of the server. One task of four uses TLS.
    pub fn base_url(&self, task: usize) -> &str {
        let [plain, secure] = &self.base_urls;
        if task % 4 == 0 { secure } else { plain }
    }

    /// The settings of a client.
    pub fn config(&self, task: usize) -> ClientConfig {
        let retry = RetryPolicy::standard().max_attempts(3);
        let retry = retry.backoff(Duration::from_millis(1), Duration::from_millis(9));
        config(self.base_url(task)).retry(retry.max_wait(Duration::from_millis(9)))
    }

    /// Whether the run is over.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }

    /// How long to wait for the first measurement, and then for the second one. All tasks run at both.
    pub fn measurements(&self) -> [Duration; 2] {
        [self.duration / 4, self.duration / 2]
    }

    /// What a task does next, and how long an attempt may take.
    pub fn next(&self) -> (Next, Duration) {
        let next = match fastrand::u8(..) {
            0..20 => Next::Upload,
            20..40 => Next::Download,
            _ => Next::Revoke(invite_id()),
        };
        (next, Duration::from_millis(fastrand::u64(20..400)))
    }

    /// How long a task waits between two calls, and after how long it gives up one, if at all.
    pub fn pause(&self) -> (Duration, Option<Duration>) {
        let pause = Duration::from_millis(fastrand::u64(..500));
        let patience = Duration::from_millis(fastrand::u64(..150));
        (pause, Some(patience).filter(|_| fastrand::bool()))
    }

    /// Counts a result, or that the task gave up.
    pub fn revoked(&self, id: InviteId, result: Option<Result<OrganizationInvite, Error>>) {
        let is_crossed = match &result {
            Some(Ok(invite)) => invite.id != id,
            Some(Err(error)) => error.kind() == ErrorKind::Mismatch,
            None => false,
        };
        if is_crossed {
            self.crossed.fetch_add(1, Ordering::Relaxed);
        }
        self.ended(result.map(|result| result.is_ok()));
    }

    /// Counts a success, an error, or that the task gave up.
    pub fn ended(&self, succeeded: Option<bool>) {
        let counter = match succeeded {
            Some(true) => &self.succeeded,
            Some(false) => &self.failed,
            None => &self.cancelled,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Tells the server to behave well, and checks that every call succeeds.
    pub fn recover(&self, client: &Client<impl HttpTransport>) {
        self.calm();
        let recovered = |_| {
            let id = invite_id();
            let invites = client.organization(ids().0).invites();
            let invite = invites.revoke(id).timeout(Duration::from_secs(20)).send();
            assert_eq!(invite.unwrap().id, id);
        };
        (0..500).for_each(recovered);
    }

    fn calm(&self) {
        use std::io::{Read, Write};
        let [plain, _] = &self.base_urls;
        let address = plain.strip_prefix("http://").unwrap();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(server::CALM).unwrap();
        stream.read_exact(&mut [0; 4]).unwrap();
    }

    /// Prints the figures. Checks that the memory did not grow from the first to the last measurement of
    /// the running tasks, and that nothing is left that was not there before.
    #[allow(clippy::print_stdout)] // Figures for humans.
    pub fn check(&self, before: Resources, [first, last]: [Resources; 2]) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (succeeded, failed) = (count(&self.succeeded), count(&self.failed));
        let crossed = count(&self.crossed);
        println!(
            "{:?}: {succeeded} calls succeeded, {failed} failed, {} were cancelled, {crossed} got another's response",
            self.duration,
            count(&self.cancelled),
        );
        println!("before {before:?}");
        println!("after a quarter {first:?}, after three quarters {last:?}");
        let mut after = Resources::now();
        for _ in 0..100 {
            if after.files <= before.files && after.threads <= before.threads {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
            after = Resources::now();
        }
        println!("after the client was dropped {after:?}");
        assert!(succeeded > 0 && failed > 0, "the server did not misbehave");
        assert_eq!(crossed, 0);
        assert_eq!((after.files, after.threads), (before.files, before.threads));
        let grown = last.memory.saturating_sub(first.memory);
        // Half of the calls run between the measurements.
        let calls = (succeeded + failed + count(&self.cancelled)) / 2;
        let bound = calls * GROWTH;
        assert!(
            grown < bound,
            "the memory grew by {grown} KB in {calls} calls"
        );
    }
}

/// An operation that uploads some bytes.
pub fn upload() -> UploadBody<true> {
    UploadBody(binary(vec![7; 300_000]))
}

/// A request for a part of a response, and its limits.
pub fn download(base_url: &str, timeout: Duration) -> (Request<RequestBody>, Limits) {
    let request = Request::get(format!("{base_url}/")).body(RequestBody::from(""));
    (request.unwrap(), Limits::new(timeout, 1 << 20))
}

fn invite_id() -> InviteId {
    let digits = b"0123456789abcdefghjkmnpqrstvwxyz";
    let text: String = (0..20)
        .map(|_| *fastrand::choice(digits).unwrap() as char)
        .collect();
    format!("inv_01h2xc{text}").parse().unwrap()
}
