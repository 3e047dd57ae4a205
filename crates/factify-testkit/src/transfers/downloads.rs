use std::time::Duration;

use factify_core::{ErrorKind, Outcome, RetryPolicy, Upload};
use factify_sandbox::Persona;

use super::line::Step::{
    self, Chunked, Close, Do, Down, DownSlowly, Request, Respond, Response, Wait,
};
use super::line::{Line, Scripts};
use super::{BOUNDARY, CONTENT, LENGTH, each_of, is_about_time, limited};
use crate::scratch::Directory;
use crate::transport::{TestTransport, direct};

const SUBJECT: &str = "GET /_sandbox/files/";

/// The length of the file; what each request for the file meets; the kind of the error, and the status if the store refused the request; the ranges of the requests; and how
/// many URLs were made.
struct Case {
    name: &'static str,
    length: usize,
    scripts: &'static [&'static [Step]],
    is_retried: bool,
    expected: Option<(ErrorKind, Option<u16>)>,
    /// A part of the report of the error.
    reason: &'static str,
    ranges: &'static [&'static str],
    exports: usize,
}

const HALF: usize = LENGTH / 2;
const CUT: &[Step] = &[Down(HALF), Close];
const REST: &str = "bytes=524288-";
const UNAVAILABLE: &str =
    "HTTP/1.1 503 X\r\ncontent-length: 0\r\nretry-after: 0\r\nconnection: close\r\n\r\n";

const NO_SUCH_RANGE: &str = "HTTP/1.1 416 X\r\ncontent-length: 0\r\ncontent-range: bytes */1000\r\nconnection: close\r\n\r\n";

const BASE: Case = Case {
    name: "whole",
    length: LENGTH,
    scripts: &[],
    is_retried: true,
    expected: None,
    reason: "",
    ranges: &["", REST],
    exports: 1,
};

const CHANGED: Option<(ErrorKind, Option<u16>)> = Some((ErrorKind::Mismatch, None));

const CASES: &[Case] = &[
    Case {
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a slow but steady line",
        scripts: &[&[DownSlowly(LENGTH / 40, 100)]],
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a line that stalls, with one attempt",
        scripts: &[&[Down(HALF), Wait]],
        is_retried: false,
        expected: Some((ErrorKind::Timeout, None)),
        reason: "the download stalled after 524288 bytes",
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a line that stalls, and a new connection",
        scripts: &[&[Down(HALF), Wait]],
        ..BASE
    },
    Case {
        name: "no response, and a new connection",
        scripts: &[&[Response(same), Wait]],
        ranges: &["", ""],
        ..BASE
    },
    Case {
        name: "a URL that expires",
        scripts: &[&[Down(HALF), Do(expire), Close]],
        ranges: &["", REST, REST],
        exports: 2,
        ..BASE
    },
    Case {
        name: "a URL that expires, and a new version",
        scripts: &[&[Down(HALF), Do(expire), Do(replace), Close]],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ranges: &["", REST, REST],
        exports: 2,
        ..BASE
    },
    Case {
        name: "another ETag",
        scripts: &[CUT, &[Response(other_etag)]],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ..BASE
    },
    Case {
        name: "a server that refuses the old ETag",
        scripts: &[CUT, &[Request(other_if_match)]],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ..BASE
    },
    Case {
        name: "a server that knows no ranges",
        scripts: &[CUT, &[Request(no_range)]],
        ..BASE
    },
    Case {
        name: "a range that begins earlier",
        scripts: &[CUT, &[Request(earlier)]],
        ..BASE
    },
    Case {
        name: "a range that begins later",
        scripts: &[CUT, &[Request(later)]],
        expected: CHANGED,
        reason: "the response is not the part of the file that was requested",
        ..BASE
    },
    Case {
        name: "a range that ends earlier",
        scripts: &[CUT, &[Request(shorter)]],
        ranges: &["", REST, "bytes=786432-"],
        ..BASE
    },
    Case {
        name: "a range of a file of another length",
        scripts: &[CUT, &[Response(other_total)]],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ..BASE
    },
    Case {
        name: "a body that is shorter than its length",
        scripts: &[&[Response(too_long), Down(LENGTH), Close]],
        expected: CHANGED,
        ranges: &["", "bytes=1048576-"],
        ..BASE
    },
    Case {
        name: "a range whose body is shorter than its length",
        scripts: &[CUT, &[Down(BOUNDARY), Close]],
        ranges: &["", REST, "bytes=589824-"],
        ..BASE
    },
    Case {
        name: "an empty file",
        length: 0,
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "an empty file without its length",
        length: 0,
        scripts: &[&[Chunked]],
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a response without its length",
        scripts: &[&[Chunked]],
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a response without its length that breaks off",
        scripts: &[&[Chunked, Down(HALF), Close]],
        ranges: &["", "bytes=524287-"],
        ..BASE
    },
    Case {
        name: "a response without its length that breaks off after its last byte",
        scripts: &[&[Chunked, Down(LENGTH), Close]],
        ranges: &["", "bytes=1048575-"],
        ..BASE
    },
    Case {
        name: "a response without its length, and a file that is now shorter",
        scripts: &[&[Chunked, Down(HALF), Close], &[Respond(NO_SUCH_RANGE)]],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ranges: &["", "bytes=524287-"],
        ..BASE
    },
    Case {
        name: "no ETag",
        scripts: &[
            &[Response(no_etag), Down(HALF), Close],
            &[Response(no_etag)],
        ],
        ranges: &["", ""],
        ..BASE
    },
    Case {
        name: "a weak ETag",
        scripts: &[
            &[Response(weak_etag), Down(HALF), Close],
            &[Response(weak_etag)],
        ],
        ranges: &["", ""],
        ..BASE
    },
    Case {
        name: "no ETag, and a new version",
        scripts: &[
            &[
                Response(no_etag),
                Down(HALF),
                Do(expire),
                Do(replace),
                Close,
            ],
            &[],
            &[Response(no_etag)],
        ],
        expected: CHANGED,
        reason: "the file has changed while it was downloaded",
        ranges: &["", "", ""],
        exports: 2,
        ..BASE
    },
    Case {
        name: "no ETag and no length",
        scripts: &[
            &[Response(no_etag), Chunked, Down(HALF), Close],
            &[Response(no_etag), Chunked],
        ],
        ranges: &["", ""],
        ..BASE
    },
    Case {
        name: "no ETag, no length, and a refused range that was not asked for",
        scripts: &[
            &[Response(no_etag), Chunked, Down(HALF), Close],
            &[Respond(NO_SUCH_RANGE)],
        ],
        expected: Some((ErrorKind::Api, Some(416))),
        ranges: &["", ""],
        ..BASE
    },
    Case {
        name: "no ETag, and a line that always breaks a little later",
        scripts: &[
            &[Response(no_etag), Down(BOUNDARY), Close],
            &[Response(no_etag), Down(2 * BOUNDARY), Close],
            &[Response(no_etag), Down(3 * BOUNDARY), Close],
            &[Response(no_etag), Down(4 * BOUNDARY), Close],
            &[Response(no_etag), Down(5 * BOUNDARY), Close],
            &[Response(no_etag), Down(6 * BOUNDARY), Close],
        ],
        expected: Some((ErrorKind::Interrupted, None)),
        reason: "the download broke off after 393216 bytes",
        ranges: &["", "", "", "", "", ""],
        ..BASE
    },
    Case {
        name: "an encoded file",
        scripts: &[&[Response(encoded)]],
        expected: CHANGED,
        reason: "the response is encoded",
        ranges: &[""],
        ..BASE
    },
    Case {
        name: "a store that fails for a moment",
        scripts: &[CUT, &[Respond(UNAVAILABLE)], &[Respond(UNAVAILABLE)]],
        ranges: &["", REST, REST, REST],
        ..BASE
    },
    Case {
        name: "a store that fails",
        scripts: &[
            CUT,
            &[Respond(UNAVAILABLE)],
            &[Respond(UNAVAILABLE)],
            &[Respond(UNAVAILABLE)],
            &[Respond(UNAVAILABLE)],
        ],
        expected: Some((ErrorKind::Api, Some(503))),
        ranges: &["", REST, REST, REST, REST],
        ..BASE
    },
    Case {
        name: "a line that breaks without a new byte",
        scripts: &[
            CUT,
            &[Down(0), Close],
            &[Down(0), Close],
            &[Down(0), Close],
            &[Down(0), Close],
        ],
        expected: Some((ErrorKind::Interrupted, None)),
        reason: "the download broke off after 524288 bytes",
        ranges: &["", REST, REST, REST],
        ..BASE
    },
];

fn same(head: &str) -> String {
    head.to_owned()
}

fn expire(sandbox: &factify_sandbox::Sandbox, _: &std::path::Path) {
    sandbox.advance(Duration::from_secs(60 * 60));
}

fn replace(sandbox: &factify_sandbox::Sandbox, _: &std::path::Path) {
    let client = sandbox.blocking_client(Persona::Admin);
    let document = client.document(sandbox.documents()[0].id);
    let file = Upload::bytes("report.pdf", vec![b'x'; LENGTH]);
    document.versions().create(file).send().unwrap();
}

fn other_etag(head: &str) -> String {
    head.replace("etag: \"", "etag: \"0")
}

fn no_etag(head: &str) -> String {
    head.replace("etag: ", "x-etag: ")
}

fn weak_etag(head: &str) -> String {
    head.replace("etag: ", "etag: W/")
}

fn encoded(head: &str) -> String {
    head.replace("content-type: ", "content-encoding: gzip\r\ncontent-type: ")
}

fn other_if_match(head: &str) -> String {
    head.replace("if-match: \"", "if-match: \"0")
}

fn no_range(head: &str) -> String {
    head.replace("range: ", "x-range: ")
}

fn earlier(head: &str) -> String {
    head.replace(REST, "bytes=500000-")
}

fn later(head: &str) -> String {
    head.replace(REST, "bytes=524289-")
}

fn shorter(head: &str) -> String {
    head.replace(REST, "bytes=524288-786431")
}

fn other_total(head: &str) -> String {
    head.replace("/1048576\r\n", "/1048577\r\n")
}

fn too_long(head: &str) -> String {
    head.replace("content-length: 1048576", "content-length: 1048577")
}

/// The file is complete, or there is none; and nothing else changes.
pub fn each_download_ends_as_its_line_decides<T: TestTransport>() {
    each_of(CASES, one_case::<T>);
}

#[allow(clippy::print_stdout)] // The rows of the table, with --nocapture.
fn one_case<T: TestTransport>(case: &Case) {
    let name = case.name;
    let directory = Directory::new();
    let path = directory.0.join("report.pdf");
    let scripts: Scripts = case.scripts.iter().map(|script| script.to_vec()).collect();
    let line = Line::start(SUBJECT, path.clone(), scripts.clone());
    let config = limited(line.config.clone(), 8 << 10, is_about_time(&scripts));
    let content = &CONTENT[..case.length];
    let document = line.add_document(content);
    let client = direct::<T>(config);
    let mut call = client.document(document).download();
    if !case.is_retried {
        call = call.retry(RetryPolicy::never());
    }
    let result = call.to_file(&path);
    let found = result.as_ref().err().map(|error| {
        let status = error.status().map(|status| status.as_u16());
        assert_eq!(error.outcome(), Outcome::NotApplied, "{name}");
        (error.kind(), status)
    });
    assert_eq!(found, case.expected, "{name}: {result:?}");
    match &result {
        Ok(length) => {
            assert_eq!(*length, content.len() as u64, "{name}");
            assert!(std::fs::read(&path).unwrap() == content, "{name}");
            assert_eq!(directory.names(), ["report.pdf"], "{name}");
            println!("{name:48} a success");
        }
        Err(error) => {
            let report = error.report().to_string();
            assert!(report.contains(case.reason), "{name}: {report}");
            assert_eq!(directory.names(), [""; 0], "{name}");
            println!("{name:48} {error}");
        }
    }
    assert_eq!(line.headers("range"), case.ranges, "{name}: {result:?}");
    assert_eq!(line.headers("authorization").concat(), "", "{name}");
    assert_eq!(
        (line.others(), line.documents()),
        (case.exports, 1),
        "{name}"
    );
}

/// Each cut of a file of 1 MiB. The next request asks for what is missing.
pub fn a_download_that_is_cut_at_any_boundary_is_resumed<T: TestTransport>() {
    for cut in (0..=LENGTH).step_by(BOUNDARY) {
        let directory = Directory::new();
        let path = directory.0.join("report.pdf");
        let scripts: Scripts = vec![vec![Down(cut), Close]];
        let line = Line::start(SUBJECT, path.clone(), scripts);
        let document = line.add_document(&CONTENT);
        let client = direct::<T>(line.config.clone());
        let call = client.document(document).download();
        assert_eq!(call.to_file(&path).unwrap(), LENGTH as u64, "{cut}");
        assert!(std::fs::read(&path).unwrap() == *CONTENT, "{cut}");
        let mut expected = vec![String::new()];
        match cut {
            0 => expected.push(String::new()),
            LENGTH => {}
            _ => expected.push(format!("bytes={cut}-")),
        }
        assert_eq!(line.headers("range"), expected, "{cut}");
        assert_eq!(directory.names(), ["report.pdf"], "{cut}");
    }
}
