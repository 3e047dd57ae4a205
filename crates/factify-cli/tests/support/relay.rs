//! A relay between the command and the sandbox that holds responses back.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use super::until;

/// Forwards requests at once, and responses when they may pass. Its threads end with the connections,
/// or with the test.
pub(crate) struct Relay {
    address: SocketAddr,
    gate: Arc<Gate>,
}

struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    passes: Passes,
    held: usize,
}

/// Whether a response with this head passes.
type Passes = Box<dyn FnMut(&[u8]) -> bool + Send>;

impl Relay {
    pub(super) fn start(
        server: SocketAddr,
        passes: impl FnMut(&[u8]) -> bool + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            passes: Box::new(passes),
            held: 0,
        };
        let gate = Arc::new(Gate {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let shared = Arc::clone(&gate);
        thread::spawn(move || {
            for client in listener.incoming() {
                connect(client.unwrap(), server, &shared).unwrap();
            }
        });
        Self { address, gate }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until `count` responses are held back: the requests were carried out, but the calls have
    /// not ended.
    pub(crate) fn until_held(&self, count: usize) {
        let held = || self.gate.state().held;
        until("responses that are held back", held, |held| *held == count);
    }

    /// From now on these responses pass, including those that are held back.
    pub(crate) fn pass(&self, passes: impl FnMut(&[u8]) -> bool + Send + 'static) {
        self.gate.state().passes = Box::new(passes);
        self.gate.changed.notify_all();
    }

    pub(crate) fn pass_all(&self) {
        self.pass(|_| true);
    }
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn wait(&self, head: &[u8]) {
        let mut state = self.state();
        state.held += 1;
        while !(state.passes)(head) {
            state = self.changed.wait(state).unwrap();
        }
        state.held -= 1;
    }
}

fn connect(client: TcpStream, server: SocketAddr, gate: &Arc<Gate>) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        // A broken connection does not matter to the relay.
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let gate = Arc::clone(gate);
    thread::spawn(move || {
        let _ = hand_on(&server, &client, &gate);
        let _ = client.shutdown(Shutdown::Both);
    });
    Ok(())
}

fn hand_on(mut from: &TcpStream, mut to: &TcpStream, gate: &Gate) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer)?;
        let part = &buffer[..length];
        if part.is_empty() {
            return Ok(());
        }
        // The rest of a response follows its head.
        if part.starts_with(b"HTTP/") {
            gate.wait(part);
        }
        to.write_all(part)?;
    }
}
