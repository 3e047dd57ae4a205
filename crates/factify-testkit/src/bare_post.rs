//! Requests without a body.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use factify_core::blocking::Client;
use factify_core::http::Method;
use factify_core::{ClientConfig, DecodeError, DocumentId, Operation, OperationInfo, PathBuilder};

use crate::fixtures::config;
use crate::transport::{TestTransport, url};

/// Without a length, some servers refuse it with 411.
pub fn a_post_without_a_body_announces_a_length_of_zero<T: TestTransport>() {
    let (config, server) = serve();
    let transport = T::build(T::builder()).unwrap();
    let client = Client::new(transport, config);
    let page = GenerateEntryPage(DocumentId::literal("doc_01h2xcejqtf2nbrexx3vqjhp41"));
    assert_eq!(client.call(page).send().unwrap(), "ok");
    drop(client);
    check(&server.join().unwrap(), &["content-length: 0"]);
}

/// A length in a GET would announce a body.
pub fn a_get_announces_no_body<T: TestTransport>() {
    let (config, server) = serve();
    let transport = T::build(T::builder()).unwrap();
    let client = Client::new(transport, config);
    assert_eq!(client.call(GetQuota).send().unwrap(), "ok");
    drop(client);
    check(&server.join().unwrap(), &[]);
}

struct GetQuota;

impl Operation for GetQuota {
    type Output = String;

    const INFO: OperationInfo =
        OperationInfo::new("getDocumentQuota", Method::GET, "/v1beta/documents/quota");

    fn path(&self, _: &mut PathBuilder) {}

    fn decode_body(body: &[u8]) -> Result<String, DecodeError> {
        Ok(String::from_utf8_lossy(body).into_owned())
    }
}

struct GenerateEntryPage(DocumentId);

impl Operation for GenerateEntryPage {
    type Output = String;

    const INFO: OperationInfo = OperationInfo::new(
        "generateDocumentEntryPage",
        Method::POST,
        "/v1beta/documents/{document_id}/entry_page",
    );

    fn path(&self, path: &mut PathBuilder) {
        path.id(&self.0);
    }

    fn decode_body(body: &[u8]) -> Result<String, DecodeError> {
        Ok(String::from_utf8_lossy(body).into_owned())
    }
}

/// A server that responds to one request and returns the request's text.
fn serve() -> (ClientConfig, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(&url("http", listener.local_addr().unwrap()));
    let server = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let (mut request, mut part) = (Vec::new(), [0; 1024]);
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut part).unwrap();
            assert_ne!(read, 0, "the head was cut off");
            request.extend_from_slice(&part[..read]);
        }
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        stream.write_all(response).unwrap();
        // The request includes everything after the head.
        stream.read_to_end(&mut request).unwrap();
        String::from_utf8(request).unwrap().to_lowercase()
    });
    (config, server)
}

fn check(received: &str, expected: &[&str]) {
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    let lengths = head
        .lines()
        .filter(|line| line.starts_with("content-length:"));
    assert_eq!(lengths.collect::<Vec<_>>(), expected, "{received}");
    assert!(
        !head.contains("transfer-encoding") && body.is_empty(),
        "{received}"
    );
}
