//! Which control requests a server refuses, because they may come from a web site.

use factify_sandbox::{Sandbox, SandboxServer};
use http::StatusCode;

use super::port::ask;

/// A host, more headers, and whether a server at a loopback address, and one at all addresses, accept them.
/// `HERE` is the address of the server.
const TABLE: &str = r"
    HERE                  | - | yes yes
    localhost             | - | yes yes
    LOCALHOST:80          | - | yes yes
    127.0.0.1             | - | yes yes
    127.8.8.8:1           | - | yes yes
    [::1]                 | - | yes yes
    [::1]:80              | - | yes yes

    factify.example       | - | no no
    localhost.example     | - | no no
    127.0.0.1.example     | - | no no
    0x7f.1                | - | no no
    localhost.            | - | no no
    192.0.2.1:80          | - | no yes
    [2001:db8::1]         | - | no yes
    sandbox:8080          | - | no yes

    HERE | Origin: http://HERE                | yes yes
    HERE | Origin: https://HERE               | no no
    HERE | Origin: http://localhost           | no no
    HERE | Origin: http://127.0.0.1:1         | no no
    HERE | Origin: http://evil.example        | no no
    HERE | Origin: null                       | no no
    HERE | Origin: http://HERE;Origin: null   | no no
    evil.example | Origin: http://evil.example | no no
    HERE | Sec-Fetch-Site: same-origin        | yes yes
    HERE | Sec-Fetch-Site: none               | yes yes
    HERE | Sec-Fetch-Site: same-site          | no no
    HERE | Sec-Fetch-Site: cross-site         | no no
";

fn status(server: &SandboxServer, request: &str, host: &str, headers: &str) -> StatusCode {
    let url = server.base_url().to_string();
    let here = url.trim_start_matches("http://").trim_end_matches('/');
    let lines = headers.split(';').filter(|line| *line != "-");
    let lines = lines.flat_map(|line| [line, "\r\n"]).collect::<String>();
    let text =
        format!("{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n{{}}");
    let response = ask(server, text.replace("HERE", here).as_bytes());
    let headers = response.headers();
    let cors = headers
        .keys()
        .find(|name| name.as_str().starts_with("access-control"));
    assert_eq!(cors, None);
    if response.status() == StatusCode::FORBIDDEN {
        let body = std::str::from_utf8(response.body()).unwrap();
        assert!(body.contains("The control channel "), "{body}");
    }
    response.status()
}

#[test]
fn no_web_site_reaches_the_control_channel() {
    let sandbox = Sandbox::new(1);
    let local = SandboxServer::start(sandbox.clone()).unwrap();
    let open = SandboxServer::start_at(sandbox, ([0, 0, 0, 0], 0).into()).unwrap();
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let mut columns = line.split('|').map(str::trim);
        let (host, headers) = (columns.next().unwrap(), columns.next().unwrap());
        let (of_local, of_open) = columns.next().unwrap().split_once(' ').unwrap();
        for (server, accepts) in [(&local, of_local), (&open, of_open)] {
            for path in ["", "/", "/page.js", "/outbox", "/state", "/downloads/3"] {
                let status = status(server, &format!("GET /_sandbox{path}"), host, headers);
                let expected = if accepts == "yes" { 200 } else { 403 };
                assert_eq!(status, expected, "{line} {path}");
            }
        }
    }
}

#[test]
fn a_request_without_a_host_is_refused_and_one_for_another_target_too() {
    let server = SandboxServer::start(Sandbox::new(1)).unwrap();
    for request in [
        "GET /_sandbox/outbox HTTP/1.0\r\n\r\n",
        "GET /_sandbox/outbox HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
        "GET http://evil.example/_sandbox/outbox HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET http://localhost/_sandbox/outbox HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ] {
        let status = ask(&server, request.as_bytes()).status();
        assert_eq!(status, StatusCode::FORBIDDEN, "{request}");
    }
}

/// What a form or a script of a web site can send without asking the browser's permission.
#[test]
fn a_change_needs_the_content_type_of_json() {
    let server = SandboxServer::start(Sandbox::new(1)).unwrap();
    for kind in [
        "-",
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data",
    ] {
        for request in [
            "POST /_sandbox/advance",
            "POST /_sandbox/accept",
            "POST /_sandbox/users",
            "POST /_sandbox/keys",
            "POST /_sandbox/policies",
            "PUT /_sandbox/faults",
        ] {
            let headers = format!("{kind};Content-Length: 2");
            let status = status(&server, request, "localhost", &headers);
            assert_eq!(
                status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{request} {kind}"
            );
        }
    }
}

/// A logo or a file has a URL that an API key can be asked for under any name of the server.
#[test]
fn the_urls_of_the_api_have_no_guard() {
    let server = SandboxServer::start(Sandbox::new(1)).unwrap();
    for (path, expected) in [("logos/1", 404), ("files/ver_1", 403)] {
        let request = format!("GET /_sandbox/{path}");
        let text = format!("{request} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
        let response = ask(&server, text.as_bytes());
        let body = std::str::from_utf8(response.body()).unwrap();
        assert_eq!(response.status(), expected);
        assert!(!body.contains("control channel"), "{body}");
    }
}
