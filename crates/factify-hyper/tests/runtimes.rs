//! A client that several runtimes share.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use factify_core::{Client, HttpTransport, Limits, RequestBody, RetryPolicy};
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use factify_testkit::fixtures::{INVITE, ids, three_attempts};
use factify_testkit::http2;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Makes a call with one attempt on a runtime that runs for this call only.
fn call(runtime: &Runtime, client: &Client<HyperTransport>) {
    let (organization, invite) = ids();
    let call = client.organization(organization).invites().revoke(invite);
    runtime.block_on(call.send()).unwrap();
}

fn client(url: &str, roots: Roots) -> Client<HyperTransport> {
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let config = three_attempts(url).retry(RetryPolicy::never());
    Client::new(transport.build().unwrap(), config)
}

/// A server of HTTP/1.1. It counts its connections.
fn serve() -> (SocketAddr, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = Vec::new();
                let mut part = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut part) {
                    request.extend(part.iter().take(length));
                    if request.ends_with(b"{}") {
                        request.clear();
                        let length = INVITE.len();
                        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                        stream.write_all((head + INVITE).as_bytes()).unwrap();
                    }
                }
            });
        }
    });
    (address, connections)
}

#[test]
fn a_connection_is_used_only_by_the_runtime_that_made_it() {
    let (address, connections) = serve();
    let client = client(&format!("http://{address}"), Roots::WebPki);
    let runtimes = [runtime(), runtime(), runtime()];
    for _ in 0..3 {
        for runtime in &runtimes {
            call(runtime, &client);
        }
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[test]
fn a_connection_of_http2_is_used_only_by_the_runtime_that_made_it() {
    let authority = Authority::new();
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (address, _) = server.block_on(http2::serve(&authority, |_, respond| {
        http2::success(respond);
    }));
    let roots = Roots::Custom(vec![authority.certificate()]);
    let client = client(&format!("https://{address}"), roots);
    let runtimes = [runtime(), runtime()];
    for _ in 0..3 {
        for runtime in &runtimes {
            call(runtime, &client);
        }
    }
}

#[test]
fn the_connections_of_a_runtime_in_use_are_kept() {
    let (address, connections) = serve();
    let client = client(&format!("http://{address}"), Roots::WebPki);
    // The transport keeps the connections of 64 runtimes.
    let [used, others] = [1, 64].map(|count| (0..count).map(|_| runtime()).collect::<Vec<_>>());
    for other in &others {
        for runtime in used.iter().chain([other]) {
            call(runtime, &client);
        }
    }
    call(&used[0], &client);
    assert_eq!(connections.load(Ordering::SeqCst), 65);
}

#[test]
fn a_connection_belongs_to_the_runtime_that_runs_the_call() {
    let (address, connections) = serve();
    let transport = HyperTransport::builder().proxy(Proxy::Direct);
    let transport = transport.build().unwrap();
    let [made_on, runs_on] = [runtime(), runtime()];
    let limits = Limits::new(Duration::from_secs(60), 1 << 20);
    let send = || {
        let request = http::Request::post(format!("http://{address}"));
        let request = request.body(RequestBody::from("{}")).unwrap();
        transport.send(request, &limits)
    };
    let call = {
        let _entered = made_on.enter();
        send()
    };
    runs_on.block_on(call).unwrap();
    runs_on.block_on(async { send().await }).unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[test]
fn each_call_may_have_its_own_runtime() {
    let (address, _) = serve();
    let client = client(&format!("http://{address}"), Roots::WebPki);
    for _ in 0..200 {
        call(&runtime(), &client);
    }
}
