//! Bytes that belong to no request, on connections that a transport may keep.

mod peer;
mod responses;
mod server;
mod table;

use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{Error, ErrorKind, Limits, Outcome, RequestBody, Roots, TransportError};
use http::Request;

use crate::Authority;
use crate::fixtures::{ids, one_attempt};
use crate::transport::{Setup, TestTransport};
use responses::{fixed, invite, until_the_end};
use server::{After, Script, Server};
use table::{CAP, ENDINGS, Ending, Failure, LEFTOVERS, UNTIL_THE_END};

/// The time limit of an attempt. No row needs that much.
const LONG: Duration = Duration::from_secs(60);

/// How many rows run at the same time.
const AT_ONCE: usize = 16;

/// A server, and the error of the first call, if it does not succeed.
struct Row {
    name: String,
    script: Script,
    error: Failure,
    /// Whether the connection must be used again.
    is_kept: bool,
}

impl Row {
    fn new(ending: &Ending, after: After, name: &str) -> Self {
        Self {
            name: format!("{}: {name}", ending.name),
            is_kept: ending.is_kept && matches!(after, After::Continues),
            script: Script::new(ending.respond, after),
            error: ending.error,
        }
    }

    /// The rows for a response that ends like this.
    fn after(ending: &Ending) -> impl Iterator<Item = Self> {
        let left = |it| Self::new(ending, After::Leaves(it), it.name);
        let nothing = Self::new(ending, After::Continues, "nothing left");
        LEFTOVERS.iter().map(left).chain([nothing])
    }

    fn all(is_tls: bool) -> Vec<Self> {
        let after = ENDINGS.iter().flat_map(Self::after);
        after.chain(Self::until_the_end(is_tls)).collect()
    }

    /// The rows for a body that ends with the connection.
    fn until_the_end(is_tls: bool) -> impl Iterator<Item = Self> {
        let respond = |email: &str| until_the_end(&invite(email));
        UNTIL_THE_END.iter().map(move |(name, close, errors)| Self {
            name: format!("a body without a length: {name}"),
            script: Script::new(respond, After::Closes(*close)),
            error: errors[usize::from(is_tls)],
            is_kept: false,
        })
    }
}

/// The server also sends other bytes, at different times. Each call gets its own response, the next calls
/// succeed, and each request is sent once.
pub fn no_call_gets_a_response_to_another_call<T: TestTransport>() {
    check_calls::<T>(None);
}

/// The same over TLS, in one record or several.
pub fn no_call_over_tls_gets_a_response_to_another_call<T: TestTransport>() {
    check_calls::<T>(Some(&Authority::new()));
}

fn check_calls<T: TestTransport>(authority: Option<&Authority>) {
    check::<T>(
        authority,
        &Row::all(authority.is_some()),
        |transport, server, row| {
            let client = client(transport, &server.url);
            let send = |email: &str| {
                let found = call(&client, email);
                found.map_err(|error| (Some((error.kind(), error.outcome())), error.to_string()))
            };
            three_calls(server, row, send)
        },
    );
}

/// The connection of a download is in use until its body ends.
pub fn no_download_gets_a_response_to_another_request<T: TestTransport>() {
    for authority in [None, Some(&Authority::new())] {
        let rows = Row::after(&ENDINGS[0]);
        let rows: Vec<_> = rows
            .chain(Row::until_the_end(authority.is_some()))
            .collect();
        check::<T>(authority, &rows, |transport, server, row| {
            let send = |email: &str| {
                let found = download(&transport, &server.url, email);
                found.map_err(|error| (row.error, error.to_string()))
            };
            three_calls(server, row, send)
        });
    }
}

/// Runs each row with its own server and transport, on each kind of runtime.
fn check<T: TestTransport>(
    authority: Option<&Authority>,
    rows: &[Row],
    run: impl Fn(T::Transport, &Server, &Row) -> Result<(), String> + Sync,
) {
    let mut wrong = Vec::new();
    for (threads, build) in builds::<T>() {
        for rows in rows.chunks(AT_ONCE) {
            std::thread::scope(|scope| {
                let run = &run;
                let runs = rows.iter().map(|row| {
                    let found = scope.spawn(move || {
                        let Some(transport) = build(authority) else {
                            return Ok(());
                        };
                        run(transport, &Server::start(&row.script, authority), row)
                    });
                    (row, found)
                });
                let runs: Vec<_> = runs.collect();
                for (row, found) in runs {
                    if let Err(found) = found.join().unwrap() {
                        wrong.push(format!("{threads}: {}: {found}", row.name));
                    }
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{} rows: {wrong:#?}", wrong.len());
}

/// Makes three calls with `send`. The first one gets its own response, and the others succeed.
fn three_calls(
    server: &Server,
    row: &Row,
    send: impl Fn(&str) -> Result<String, (Failure, String)>,
) -> Result<(), String> {
    let emails = ["1@example.com", "2@example.com", "3@example.com"];
    for (index, email) in emails.into_iter().enumerate() {
        let found = send(email);
        let is_expected = match &found {
            Ok(own) => own == email && (index > 0 || row.error.is_none()),
            Err((error, _)) => index == 0 && row.error.is_some() && *error == row.error,
        };
        if !is_expected {
            return Err(format!("{email}: {found:?}"));
        }
        if index == 0 {
            server.first_call_is_over();
            // Gives the bytes of the server time to arrive.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let requests = server.requests.lock().unwrap();
    if *requests != emails {
        return Err(format!("the server got {requests:?}"));
    }
    let connections = *server.connections.lock().unwrap();
    if row.is_kept && connections > 2 {
        return Err(format!("{connections} connections"));
    }
    Ok(())
}

/// A server that responds before it has the request. The response comes with the end of the TLS
/// handshake, so the client has it in time.
pub fn a_response_before_the_request_is_refused<T: TestTransport>() {
    let authority = &Authority::new();
    for early in [
        fixed("200 OK", &invite("another@example.com")),
        table::refusal(),
        b"HTTP/1.1 2".to_vec(),
    ] {
        for (threads, build) in builds::<T>() {
            let Some(transport) = build(Some(authority)) else {
                continue;
            };
            let respond = |email: &str| fixed("200 OK", &invite(email));
            let mut script = Script::new(respond, After::Continues);
            script.early.clone_from(&early);
            let server = Server::start(&script, Some(authority));
            let client = client(transport, &server.url);
            let error = call(&client, "1@example.com").unwrap_err();
            let found = (error.kind(), error.outcome());
            let expected = (ErrorKind::Connect, Outcome::NotApplied);
            assert_eq!(found, expected, "{threads}: {error:?}");
            assert_eq!(call(&client, "2@example.com").unwrap(), "2@example.com");
            assert_eq!(*server.requests.lock().unwrap(), ["2@example.com"]);
        }
    }
}

/// Large responses to many calls at the same time. The checks of the connections do not disturb them.
pub fn calls_at_the_same_time_get_their_own_responses<T: TestTransport>() {
    let authority = &Authority::new();
    for authority in [None, Some(authority)] {
        for (threads, build) in builds::<T>() {
            let Some(transport) = build(authority) else {
                continue;
            };
            let respond = |email: &str| fixed("200 OK", &invite(email));
            let server = Server::start(&Script::new(respond, After::Continues), authority);
            let client = client(transport, &server.url);
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let client = &client;
                    scope.spawn(move || {
                        for number in 0..50 {
                            let email = format!("{thread}-{number}@example.com");
                            assert_eq!(call(client, &email).unwrap(), email, "{threads}");
                        }
                    });
                }
            });
            assert_eq!(server.requests.lock().unwrap().len(), 200, "{threads}");
        }
    }
}

type Build<T> = fn(Option<&Authority>) -> Option<T>;

/// The ways to make a transport, with their names. Not every transport has all of them.
fn builds<T: TestTransport>() -> [(&'static str, Build<T::Transport>); 2] {
    [
        ("many threads", |it| T::build(builder::<T>(it)).ok()),
        ("one thread", |it| T::build_on_one_thread(builder::<T>(it))),
    ]
}

fn builder<T: TestTransport>(authority: Option<&Authority>) -> T::Builder {
    let roots = authority.map(|authority| Roots::Custom(vec![authority.certificate()]));
    let setup = Setup::direct().roots(roots.unwrap_or(Roots::WebPki));
    T::set(T::builder(), setup)
}

fn client<T: HttpTransport>(transport: T, url: &str) -> Client<T> {
    let config = one_attempt(url, LONG).max_response_bytes(CAP);
    Client::new(transport, config)
}

/// Invites this address. Returns the address in the response.
fn call(client: &Client<impl HttpTransport>, email: &str) -> Result<String, Error> {
    let invites = client.organization(ids().0).invites();
    let created = invites.create(email.parse().unwrap()).send();
    created.map(|invite| invite.email)
}

/// Sends this address. Returns the address in the response.
fn download(
    transport: &impl HttpTransport,
    url: &str,
    email: &str,
) -> Result<String, TransportError> {
    let body = serde_json::json!({ "email": email }).to_string();
    let request = Request::post(url).body(RequestBody::from(body)).unwrap();
    let response = transport.fetch(request, &Limits::new(LONG, CAP))?;
    let (mut body, mut bytes) = (response.into_body(), Vec::new());
    while let Some(chunk) = body.chunk() {
        bytes.extend_from_slice(&chunk?);
    }
    let invite: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let email = invite["invite"]["email"].as_str();
    Ok(email.unwrap_or("none").to_owned())
}
