//! Runs an example as a process, and kills it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{env, fs, process};

use factify::BaseUrl;

/// Tells a process of this test what to do: `async` or `blocking`.
const DRIVER: &str = "EXAMPLE_DRIVER";
const DIRECTORY: &str = "EXAMPLE_DIRECTORY";

/// An empty directory that is removed at the end.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("factify-{name}-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A generator whose seed is `FACTIFY_SEED`, or a new one, which is printed.
#[allow(clippy::print_stdout)]
pub(crate) fn random() -> fastrand::Rng {
    let seed = env::var("FACTIFY_SEED").map(|seed| seed.parse().unwrap());
    let seed = seed.unwrap_or_else(|_| fastrand::u64(..));
    println!("FACTIFY_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

/// How a process ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Killed,
    Exited { success: bool },
}

/// What happens first.
enum Event {
    Spent,
    Exited,
}

/// When to kill a process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kill {
    /// After it has sent and received this number of bytes.
    pub(crate) after: u64,
    /// Whether the part of a message that is under way then still arrives.
    pub(crate) whole: bool,
    /// How long it runs on, without a network.
    pub(crate) later: Duration,
}

impl Kill {
    pub(crate) const NEVER: Self = Self {
        after: u64::MAX,
        whole: true,
        later: Duration::ZERO,
    };

    /// At random, while it moves this many bytes.
    pub(crate) fn at_random(random: &mut fastrand::Rng, bytes: u64) -> Self {
        Self {
            after: random.u64(..bytes),
            whole: random.bool(),
            later: Duration::from_micros(random.u64(..2_000)),
        }
    }
}

/// Runs the test `child` of this program as a process. When this returns, the server has finished all its requests.
pub(crate) fn run(driver: &str, server: &BaseUrl, key: &str, directory: &Path, kill: Kill) -> End {
    let (events, received) = channel();
    let relay = Relay::start(server, kill, events.clone());
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("FACTIFY_KEY", key)
        .env("FACTIFY_BASE_URL", format!("http://{}", relay.address))
        .env(DRIVER, driver)
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let exit = thread::spawn(move || {
        let mut text = String::new();
        let _ = output.read_to_string(&mut text);
        let _ = events.send(Event::Exited);
        text
    });
    let event = received.recv().unwrap();
    if matches!(event, Event::Spent) {
        thread::sleep(kill.later);
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    let text = exit.join().unwrap();
    relay.finish();
    let success = status.success();
    if matches!(event, Event::Spent) && !success {
        return End::Killed;
    }
    assert!(text.contains("1 test"), "{text}");
    End::Exited { success }
}

/// The driver and the directory, in a process of [`run`].
pub(crate) fn child() -> Option<(String, PathBuf)> {
    let directory = env::var_os(DIRECTORY)?;
    Some((env::var(DRIVER).unwrap(), directory.into()))
}

/// Connects a process with the server, up to a number of bytes.
struct Relay {
    address: SocketAddr,
    stopped: Arc<Mutex<bool>>,
    thread: JoinHandle<Vec<JoinHandle<()>>>,
}

impl Relay {
    fn start(server: &BaseUrl, kill: Kill, events: Sender<Event>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server: SocketAddr = server
            .to_string()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()
            .unwrap();
        let stopped = Arc::new(Mutex::new(false));
        let budget = Arc::new(Budget {
            left: Mutex::new(kill.after),
            whole: kill.whole,
            events,
        });
        let is_stopped = Arc::clone(&stopped);
        let thread = thread::spawn(move || {
            let mut threads = Vec::new();
            for client in listener.incoming() {
                let client = client.unwrap();
                if *is_stopped.lock().unwrap() {
                    break;
                }
                let server = TcpStream::connect(server).unwrap();
                let ways = [
                    (client.try_clone().unwrap(), server.try_clone().unwrap()),
                    (server, client),
                ];
                for (from, to) in ways {
                    let budget = Arc::clone(&budget);
                    threads.push(thread::spawn(move || budget.relay(from, to)));
                }
            }
            threads
        });
        Self {
            address,
            stopped,
            thread,
        }
    }

    /// Waits until all connections are closed.
    fn finish(self) {
        *self.stopped.lock().unwrap() = true;
        drop(TcpStream::connect(self.address));
        for thread in self.thread.join().unwrap() {
            thread.join().unwrap();
        }
    }
}

/// The bytes that may still pass.
struct Budget {
    left: Mutex<u64>,
    whole: bool,
    events: Sender<Event>,
}

impl Budget {
    /// Relays bytes until the end. After the budget is spent, it only reads.
    fn relay(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = vec![0; 16 << 10];
        // After an error, the process is dead, or the connection is.
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let passes = self.take(length);
            let _ = to.write_all(&buffer[..passes]);
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// How many of these bytes pass.
    fn take(&self, length: usize) -> usize {
        let mut left = self.left.lock().unwrap();
        if *left == 0 {
            return 0;
        }
        let passed = left.min(length as u64);
        *left -= passed;
        if *left == 0 {
            let _ = self.events.send(Event::Spent);
            if self.whole {
                return length;
            }
        }
        usize::try_from(passed).unwrap()
    }
}
