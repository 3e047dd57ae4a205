//! A server that misbehaves at random until the end of the run.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fixtures::INVITE;

/// The request after which the server behaves well. Its response is 4 bytes long.
pub(super) const CALM: &[u8] = b"CALM / HTTP/1.1\r\n\r\n";

/// The addresses without and with TLS.
pub(super) struct Servers {
    pub(super) plain: SocketAddr,
    pub(super) secure: SocketAddr,
}

pub(super) fn start(config: ServerConfig) -> Servers {
    let is_calm = Arc::new(AtomicBool::new(false));
    let config = Arc::new(config);
    Servers {
        plain: listen(None, Arc::clone(&is_calm)),
        secure: listen(Some(config), is_calm),
    }
}

fn listen(config: Option<Arc<ServerConfig>>, is_calm: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            let (config, is_calm) = (config.clone(), Arc::clone(&is_calm));
            std::thread::spawn(move || {
                let _ = connection(stream, config, &is_calm);
            });
        }
    });
    address
}

fn connection(
    stream: TcpStream,
    config: Option<Arc<ServerConfig>>,
    is_calm: &AtomicBool,
) -> io::Result<()> {
    // A client that keeps an idle connection must not keep this thread.
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let socket = stream.try_clone()?;
    match config {
        None => serve(stream, &socket, is_calm),
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            serve(StreamOwned::new(session, stream), &socket, is_calm)
        }
    }
}

fn serve<S: Read + Write>(
    mut stream: S,
    socket: &TcpStream,
    is_calm: &AtomicBool,
) -> io::Result<()> {
    loop {
        let request = head(&mut stream)?;
        if CALM.starts_with(request.as_bytes()) {
            is_calm.store(true, Ordering::SeqCst);
            return stream.write_all(b"calm");
        }
        let is_good = is_calm.load(Ordering::SeqCst) || fastrand::bool();
        if is_good {
            discard_body(&mut stream, &request)?;
            respond(&mut stream, &request)?;
        } else {
            misbehave(&mut stream, socket, &request)?;
        }
    }
}

/// Reads the head of a request.
fn head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

fn discard_body(stream: &mut impl Read, head: &str) -> io::Result<()> {
    let head = head.to_ascii_lowercase();
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok());
    let mut body = stream.take(length.unwrap_or_default());
    io::copy(&mut body, &mut io::sink())?;
    Ok(())
}

/// The invite that the request names.
fn body(request: &str) -> String {
    let id = request.split('/').find(|part| part.starts_with("inv_"));
    match id {
        Some(id) => INVITE.replace("inv_01h2xcejqtf2nbrexx3vqjhp41", id),
        None => " ".repeat(100_000),
    }
}

fn success(request: &str) -> String {
    let body = body(request);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn respond(stream: &mut impl Write, request: &str) -> io::Result<()> {
    stream.write_all(success(request).as_bytes())?;
    stream.flush()
}

/// Returns an error to end the connection.
fn misbehave<S: Read + Write>(stream: &mut S, socket: &TcpStream, request: &str) -> io::Result<()> {
    let end = || Err(io::ErrorKind::ConnectionAborted.into());
    let success = success(request);
    let reads_body = fastrand::u8(..4) > 0;
    if reads_body {
        discard_body(stream, request)?;
    }
    let mut send = |bytes: &[u8]| stream.write_all(bytes).and_then(|()| stream.flush());
    match fastrand::u8(..18) {
        // It ends the connection: with the request unread, in the head or in the body.
        0 => end(),
        1 => {
            socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
            end()
        }
        2 => {
            send(&success.as_bytes()[..fastrand::usize(..success.len())])?;
            end()
        }
        3 => {
            send(&success.as_bytes()[..fastrand::usize(..success.len())])?;
            socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
            end()
        }
        4 => {
            socket.shutdown(std::net::Shutdown::Write)?;
            std::thread::sleep(Duration::from_millis(fastrand::u64(..500)));
            end()
        }
        // It closes after a good response, at once or later.
        5 => {
            send(success.as_bytes())?;
            end()
        }
        6 => {
            send(success.as_bytes())?;
            std::thread::sleep(Duration::from_millis(fastrand::u64(..500)));
            end()
        }
        // It is slow.
        7 => {
            std::thread::sleep(Duration::from_millis(fastrand::u64(..500)));
            send(success.as_bytes())
        }
        8 => {
            for part in success.as_bytes().chunks(1 + success.len() / 20) {
                send(part)?;
                std::thread::sleep(Duration::from_millis(fastrand::u64(..40)));
            }
            Ok(())
        }
        9 => {
            send(&success.as_bytes()[..fastrand::usize(..success.len())])?;
            // Until the client closes.
            stream.read(&mut [0]).and_then(|_| end())
        }
        // It sends unexpected bytes.
        10 => {
            send(&success.as_bytes()[..16])?;
            send(&std::array::from_fn::<u8, 300, _>(|_| fastrand::u8(..)))?;
            end()
        }
        11 => {
            // Below TLS.
            (&mut &*socket).write_all(&std::array::from_fn::<u8, 300, _>(|_| fastrand::u8(..)))?;
            end()
        }
        // The second one comes at once: later it could be taken for the response to the next request.
        12 => send(success.repeat(2).as_bytes()),
        13 => {
            send(b"HTTP/1.1 100 Continue\r\nx: y\r\n\r\nHTTP/1.1 103 Early\r\n\r\n")?;
            send(success.as_bytes())
        }
        14 => {
            send(b"HTTP/1.1 200 OK\r\nx: ")?;
            send(&vec![b'x'; 100_000])?;
            end()
        }
        // It refuses.
        15 => send(b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"),
        16 => send(b"HTTP/1.1 429 Slow Down\r\ncontent-length: 400\r\n\r\n{").and_then(|()| end()),
        _ => {
            let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let body = body(request);
            send(format!("{start}{:x}\r\n{body}\r\n", body.len()).as_bytes())?;
            if fastrand::bool() {
                send(b"0\r\n\r\n")
            } else {
                end()
            }
        }
    }
}
