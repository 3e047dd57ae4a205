//! The servers of the table, and two more.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::case::{Case, Server};
use super::write::fixed;
use crate::fixtures::INVITE;
use crate::servers::{nobody, read_request};

/// A server for any number of attempts.
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    /// A thread for each request.
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Serving {
    /// The number of requests so far.
    pub(super) fn requests(&self) -> u32 {
        u32::try_from(self.threads.lock().unwrap().len()).unwrap()
    }

    /// Waits for the threads. One that writes or reads without an end stops when the client closes the
    /// connection.
    pub(super) fn ended(self) {
        for thread in self.threads.lock().unwrap().drain(..) {
            thread.join().unwrap();
        }
    }
}

/// Starts the server of a row.
pub(super) fn serve(case: &Case) -> Serving {
    let threads = Arc::new(Mutex::new(Vec::new()));
    let serving = |address, threads| Serving { address, threads };
    let (asked, respond) = match case.server {
        Server::Absent => return serving(nobody(), threads),
        Server::Connected(respond) => (false, respond),
        Server::Asked(respond) => (true, respond),
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let started = Arc::clone(&threads);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if asked && !read_request(&mut stream) {
                continue;
            }
            let mut started = started.lock().unwrap();
            started.push(std::thread::spawn(move || respond(&mut stream)));
        }
    });
    serving(address, threads)
}

/// A server that responds once on each connection, does not announce the close, and closes it anyway.
pub(super) fn closes_idle_connections() -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if read_request(&mut stream) {
                counted.fetch_add(1, Ordering::SeqCst);
                fixed(&mut stream, "200 OK", INVITE.as_bytes());
            }
        }
    });
    (address, count)
}

/// Redirects all requests to another server or to itself, and counts the requests at the target.
pub(super) fn redirects(status: u16, elsewhere: bool) -> (SocketAddr, Arc<AtomicU32>) {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (there, address) = (target.local_addr().unwrap(), listener.local_addr().unwrap());
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for _ in target.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let again = Arc::clone(&count);
    let there = if elsewhere { there } else { address };
    std::thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            again.fetch_add(u32::from(n > 0), Ordering::SeqCst);
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            let text = format!("{status} Elsewhere\r\nlocation: http://{there}/");
            fixed(&mut stream, &text, b"");
        }
    });
    (address, count)
}
