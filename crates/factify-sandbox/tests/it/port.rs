//! What a server must do for HTTP itself: the head, the body and the requests outside of the API.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use bytes::Bytes;
use factify_sandbox::{Persona, Sandbox, SandboxServer};
use http::{HeaderName, HeaderValue, Request, Response};

use super::refusals::summary;

/// Sends these bytes, and reads the response until the server closes the connection. A request that is
/// cut off ends with `CUT`.
pub(crate) fn ask(server: &SandboxServer, request: &[u8]) -> Response<Bytes> {
    let url = server.base_url().to_string();
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    if let Some(begun) = request.strip_suffix(CUT.as_bytes()) {
        stream.write_all(begun).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
    } else {
        stream.write_all(request).unwrap();
    }
    let mut received = Vec::new();
    stream.read_to_end(&mut received).unwrap();
    let end = received.windows(4).position(|part| part == b"\r\n\r\n");
    let end = end.expect("the head of a response");
    let head = std::str::from_utf8(&received[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut response = Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        response = response.header(
            name.parse::<HeaderName>().unwrap(),
            value.parse::<HeaderValue>().unwrap(),
        );
    }
    let body = Bytes::copy_from_slice(&received[end + 4..]);
    response.body(body).unwrap()
}

const CUT: &str = "CUT";

/// The bytes of a request, after which the server closes the connection.
pub(crate) fn written(request: &Request<Bytes>) -> Vec<u8> {
    let (method, uri, length) = (request.method(), request.uri(), request.body().len());
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()));
    let headers: String = headers.collect();
    let head = format!(
        "{method} {uri} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), request.body()].concat()
}

/// A request, in which a line ends with `|`, and the response. `KEY` is a header with the key of an
/// admin, `JSON` the content type, and `MOST` a body of the maximum length.
const TABLE: &str = r"
    GET LIST HTTP/1.1|Host: a|KEY||                           200
    GET LIST HTTP/1.1|Host:|KEY||                             200
    GET LIST HTTP/1.0|KEY||                                   200
    GET http://a.example/LIST HTTP/1.1|Host: a.example|KEY||  200
    GET LIST HTTP/1.1|KEY||                                   400 invalid_argument invalid_field_value host
    GET LIST HTTP/1.1|Host: a|Host: a|KEY||                   400 invalid_argument invalid_field_value host
    GET LIST HTTP/1.0|Host: a|Host: b|KEY||                   400 invalid_argument invalid_field_value host
    GET LIST HTTP/1.1|Host: a b|KEY||                         400 invalid_argument invalid_field_value host
    GET LIST HTTP/1.1|Host: a@b|KEY||                         400 invalid_argument invalid_field_value host
    POST LIST HTTP/1.1|||                                     400 invalid_argument invalid_field_value host

    POST LIST HTTP/1.1|Host: a|KEY|JSON|Content-Length: 9||{}CUT          400 invalid_argument invalid_field_value body
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Transfer-Encoding: chunked||2|{}|CUT  400 invalid_argument invalid_field_value body
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Transfer-Encoding: chunked||z|{}|  400 invalid_argument invalid_field_value body
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Transfer-Encoding: chunked||2|{}|0||  400 invalid_argument missing_required_field email
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Content-Length: 4194304||MOST  400 invalid_argument missing_required_field email
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Content-Length: 4194305||MOST.  413 invalid_argument invalid_field_value body
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Content-Length: 8388608||MOSTMOST  413 invalid_argument invalid_field_value body
    POST LIST HTTP/1.1|Host: a|KEY|JSON|Transfer-Encoding: chunked||800000|MOSTMOST|0||  413 invalid_argument invalid_field_value body

    GET /_sandbox/%6Futbox HTTP/1.1|Host: localhost||                 200
    GET /_sandbox/outbox?to=a HTTP/1.1|Host: localhost||              400 invalid_argument invalid_field_value to
    DELETE /_sandbox/outbox HTTP/1.1|Host: localhost||                405 unimplemented unimplemented - GET
    GET /_sandbox/advance HTTP/1.1|Host: localhost||                  405 unimplemented unimplemented - POST
    POST /_sandbox/advance HTTP/1.1|Host: localhost|Content-Length: 2||{}  415 invalid_argument invalid_field_value -
    POST /_sandbox/advance HTTP/1.1|Host: localhost|JSON|Content-Length: 2||{}  400 invalid_argument invalid_field_value body
    GET /_sandbox/uploads HTTP/1.1|Host: localhost||                  405 unimplemented unimplemented - POST
    PUT /_sandbox/downloads/5 HTTP/1.1|Host: localhost||              405 unimplemented unimplemented - GET
    POST /_sandbox/uploads?to=a HTTP/1.1|Host: localhost|Content-Length: 1||x  400 invalid_argument invalid_field_value to
    GET /_sandbox/downloads/5?signature=a HTTP/1.1|Host: localhost|KEY||  400 invalid_argument invalid_field_value authorization
    GET /_sandbox/downloads/x HTTP/1.1|Host: localhost||              404 not_found resource_not_found -
    GET /_sandbox/nowhere HTTP/1.1|Host: localhost||                  404 not_found resource_not_found -
    GET /_sandbox/outbox HTTP/1.1|Host: a||                   403 permission_denied insufficient_permissions -
    GET /_sandbox/outbox HTTP/1.1||                           400 invalid_argument invalid_field_value host
    POST /_sandbox/uploads HTTP/1.1|Content-Length: 1||x      400 invalid_argument invalid_field_value host
";

#[test]
fn each_request_gets_the_response_that_http_requires() {
    let sandbox = Sandbox::new(3);
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let list = format!(
        "/v1beta/organizations/{}/invites",
        sandbox.organization_id()
    );
    let key = format!("Authorization: Bearer {}", sandbox.key(Persona::Admin));
    let most = format!("{{}}{}", " ".repeat((4 << 20) - 2));
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let (request, expected) = line.trim().split_once("  ").unwrap();
        let expected = expected.trim();
        let request = request
            .replace("/LIST", "LIST")
            .replace("LIST", &list)
            .replace("KEY", &key)
            .replace("JSON", "Content-Type: application/json")
            .replace('|', "\r\n")
            // The server closes the connection after its response.
            .replacen("\r\n", "\r\nConnection: close\r\n", 1)
            .replace("MOST", &most);
        let response = ask(&server, request.as_bytes());
        assert_eq!(summary(&response), expected, "{line}");
        assert_eq!(response.headers()["content-type"], "application/json");
    }
    assert!(sandbox.invites().is_empty() && sandbox.outbox().is_empty());
}
