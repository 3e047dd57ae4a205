//! A server that sends bytes that belong to no request.

use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use super::peer::{Close, Peer};
use super::responses::{invite, padded};
use super::table::{Leftover, When};
use crate::Authority;
use crate::transport::url;

/// The length of a success, over TLS more than one record.
const SUCCESS: usize = 20_000;

/// What the server does on its first connection. On all others it responds to each request.
#[derive(Clone)]
pub(super) struct Script {
    /// What it sends before it reads the first request.
    pub(super) early: Vec<u8>,
    /// Makes the response to the first request.
    pub(super) respond: fn(&str) -> Vec<u8>,
    pub(super) after: After,
}

impl Script {
    pub(super) fn new(respond: fn(&str) -> Vec<u8>, after: After) -> Self {
        Self {
            early: Vec::new(),
            respond,
            after,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum After {
    /// It closes at once.
    Closes(Close),
    /// It sends this, and then serves the requests that still come.
    Leaves(&'static Leftover),
    /// It serves the requests that still come.
    Continues,
}

pub(super) struct Server {
    pub(super) url: String,
    /// The addresses in all requests, in order.
    pub(super) requests: Arc<Mutex<Vec<String>>>,
    /// How many connections there were.
    pub(super) connections: Arc<Mutex<u32>>,
    over: Sender<()>,
    idle: Receiver<()>,
}

impl Server {
    /// Starts it, with TLS if there is an authority.
    pub(super) fn start(script: &Script, authority: Option<&Authority>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scheme = if authority.is_some() { "https" } else { "http" };
        let (over, is_over) = channel();
        let (is_idle, idle) = channel();
        let server = Self {
            url: url(scheme, listener.local_addr().unwrap()),
            requests: Arc::default(),
            connections: Arc::default(),
            over,
            idle,
        };
        let tls = authority.map(|authority| {
            let mut config = authority.config("127.0.0.1", 2100);
            config.send_half_rtt_data = true;
            Arc::new(config)
        });
        let requests = Arc::clone(&server.requests);
        let connections = Arc::clone(&server.connections);
        let mut first = Some((script.clone(), is_over, is_idle));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                *connections.lock().unwrap() += 1;
                let (first, tls, requests) = (first.take(), tls.clone(), Arc::clone(&requests));
                std::thread::spawn(move || {
                    let early = first.as_ref().map(|(script, ..)| &*script.early);
                    let early = early.unwrap_or_default();
                    let peer = Peer::accept(stream.unwrap(), tls.as_ref(), early);
                    match (peer, first) {
                        (None, _) => {}
                        (Some(mut peer), None) => serve(&mut peer, &requests, Vec::new()),
                        (Some(peer), Some((script, over, idle))) => {
                            play(peer, &requests, &script, &over, idle);
                        }
                    }
                });
            }
        });
        server
    }

    /// Tells the server that the first call is over, and waits until it has sent what is left.
    pub(super) fn first_call_is_over(&self) {
        let _ = self.over.send(());
        // The server may have ended already.
        let _ = self.idle.recv();
    }
}

fn play(
    mut peer: Peer,
    requests: &Mutex<Vec<String>>,
    script: &Script,
    over: &Receiver<()>,
    idle: Sender<()>,
) {
    let Some(email) = peer.request() else {
        return;
    };
    requests.lock().unwrap().push(email.clone());
    let own = (script.respond)(&email);
    let leftover = match &script.after {
        After::Closes(how) => {
            peer.send(&[own]);
            return peer.close(*how);
        }
        After::Continues => {
            peer.send(&[own]);
            drop(idle);
            return serve(&mut peer, requests, Vec::new());
        }
        After::Leaves(leftover) => leftover,
    };
    let records = (leftover.records)();
    let (mut sealed, rest) = match leftover.when {
        When::Together => (peer.sealed(&[[own, records.concat()].concat()]), Vec::new()),
        _ => (peer.sealed(&[own]), peer.sealed(&records)),
    };
    let (with_response, while_idle) = match leftover.when {
        When::Together | When::Apart => (rest.len(), 0),
        When::HalvedApart => (rest.len() / 2, 0),
        When::Halved => (0, rest.len() / 2),
        When::Idle => (0, rest.len()),
    };
    let (now, rest) = rest.split_at(with_response);
    sealed.extend(now);
    peer.write(&sealed);
    let _ = over.recv();
    let (now, rest) = rest.split_at(while_idle);
    peer.write(now);
    if let Some(how) = leftover.closes {
        return peer.close(how);
    }
    drop(idle);
    serve(&mut peer, requests, rest.to_vec());
}

/// Responds to each request. Sends the rest after the first one.
fn serve(peer: &mut Peer, requests: &Mutex<Vec<String>>, mut rest: Vec<u8>) {
    while let Some(email) = peer.request() {
        requests.lock().unwrap().push(email.clone());
        peer.write(&std::mem::take(&mut rest));
        peer.send(&[padded(&invite(&email), SUCCESS)]);
    }
}
