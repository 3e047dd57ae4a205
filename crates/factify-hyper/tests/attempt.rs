//! The errors of failed attempts.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use factify_core::{Delivery, HttpTransport, Limits, RequestBody, TransportError};
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use rustls::{ServerConnection, StreamOwned};

/// Serves one connection.
fn serve(serve: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || serve(listener.accept().unwrap().0));
    address
}

/// The error of a request.
async fn failed(transport: HyperTransport, url: &str) -> TransportError {
    let request = http::Request::get(url).body(RequestBody::empty()).unwrap();
    let limits = Limits::new(Duration::from_secs(60), 1 << 10);
    transport.send(request, &limits).await.unwrap_err()
}

/// The headers may say when to call again, even if the body was cut off.
#[tokio::test]
async fn the_headers_of_an_error_response_are_kept() {
    for (status, kept) in [
        ("200 OK", false),
        ("503 Busy", true),
        ("307 Elsewhere", true),
    ] {
        let head = format!("HTTP/1.1 {status}\r\nretry-after: 7\r\ncontent-length: 9\r\n\r\n{{");
        let address = serve(move |mut stream| {
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(head.as_bytes()).unwrap();
        });
        let transport = HyperTransport::builder().proxy(Proxy::Direct).build();
        let error = failed(transport.unwrap(), &format!("http://{address}/")).await;
        let code = error.status().unwrap().as_u16().to_string();
        assert!(status.starts_with(&code), "{error:?}");
        assert_eq!(
            error.headers().contains_key("retry-after"),
            kept,
            "{status}"
        );
    }
}

/// After the proxy has connected, the connection to the server broke.
#[tokio::test]
async fn only_a_connection_that_was_not_made_names_the_proxy() {
    let authority = Authority::new();
    for connects in [true, false] {
        let config = Arc::new(authority.config("example.com", 2100));
        let address = serve(move |mut stream| {
            let _ = stream.read(&mut [0; 4096]);
            let status = if connects { "200 OK" } else { "403 No" };
            write!(stream, "HTTP/1.1 {status}\r\n\r\n").unwrap();
            let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
            let _ = tls.read(&mut [0; 4096]);
        });
        let roots = Roots::Custom(vec![authority.certificate()]);
        let proxy = Proxy::Url(format!("http://{address}"));
        let transport = HyperTransport::builder().proxy(proxy).roots(roots).build();
        let error = failed(transport.unwrap(), "https://example.com/").await;
        let expected = if connects {
            Delivery::Sent
        } else {
            Delivery::NotSent
        };
        assert_eq!(error.delivery(), expected, "{error:?}");
        assert_eq!(error.to_string().contains("proxy"), !connects, "{error}");
    }
}
