use std::fs;
use std::path::Path;

use factify_core::{ErrorCode, ErrorKind, Outcome, Timestamp, Upload};
use factify_sandbox::Sandbox;

use super::line::Step::{self, Close, Do, Respond, Response, Up, UpExcept, UpSlowly, Wait};
use super::line::{Line, Scripts};
use super::{BOUNDARY, CONTENT, LENGTH, each_of, is_about_time, limited};
use crate::scratch::Directory;
use crate::transport::{TestTransport, direct};

const SUBJECT: &str = "POST /v1beta/documents";

/// The length of the file; the minimum bytes per second; what each attempt meets; the kind, the outcome and the code of the error; the attempts; and how many documents
/// there are afterwards.
struct Case {
    name: &'static str,
    length: usize,
    least_rate: u64,
    scripts: &'static [&'static [Step]],
    expected: Option<(ErrorKind, Outcome, Option<ErrorCode>)>,
    /// A part of the report of the error.
    reason: &'static str,
    attempts: u32,
    documents: usize,
}

const HALF: usize = LENGTH / 2;

/// More than the system buffers of a connection.
const LARGE: usize = 16 << 20;

const TOO_LARGE: &str = concat!(
    "HTTP/1.1 413 X\r\ncontent-type: application/json\r\ncontent-length: 62\r\nconnection: close\r\n\r\n",
    r#"{"code":"invalid_argument","message":"The file is too large."}"#
);

const UNAUTHENTICATED: &str = concat!(
    "HTTP/1.1 401 X\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n",
    r#"{"code":"unauthenticated","message":"The key was revoked."} "#
);

const LIMITED: &str = concat!(
    "HTTP/1.1 429 X\r\ncontent-type: application/json\r\ncontent-length: 59\r\nretry-after: 0\r\nconnection: close\r\n\r\n",
    r#"{"code":"resource_exhausted","message":"Too many requests"}"#
);

const UNAVAILABLE: &str = "HTTP/1.1 503 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

const BASE: Case = Case {
    name: "whole",
    length: LENGTH,
    least_rate: 8 << 10,
    scripts: &[],
    expected: None,
    reason: "",
    attempts: 1,
    documents: 1,
};

/// A part of what follows the file in the form.
const END: usize = 20;

const CASES: &[Case] = &[
    BASE,
    Case {
        name: "a slow but steady line",
        scripts: &[&[UpSlowly(LENGTH / 40, 100)]],
        ..BASE
    },
    Case {
        name: "a server that stops reading",
        length: LARGE,
        scripts: &[&[Up(HALF), Wait]],
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: "no byte moved for 3s",
        documents: 0,
        ..BASE
    },
    Case {
        name: "a server that never reads",
        length: LARGE,
        scripts: &[&[Wait]],
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: "no byte moved for 3s",
        documents: 0,
        ..BASE
    },
    Case {
        name: "a response that does not arrive",
        // So long a buffer of the system may take.
        least_rate: 512 << 10,
        scripts: &[&[Response(str::to_owned), Wait]],
        expected: Some((ErrorKind::Timeout, Outcome::Unknown, None)),
        reason: "Look for it with `documents().find_upload`",
        ..BASE
    },
    Case {
        name: "a response that is cut off",
        scripts: &[&[Step::Down(9), Close]],
        expected: Some((ErrorKind::Interrupted, Outcome::Unknown, None)),
        reason: "Look for it with `documents().find_upload`",
        ..BASE
    },
    Case {
        name: "503 after the whole file",
        scripts: &[&[Response(str::to_owned), Respond(UNAVAILABLE)]],
        expected: Some((ErrorKind::Api, Outcome::Unknown, None)),
        reason: "Look for it with `documents().find_upload`",
        ..BASE
    },
    Case {
        name: "413 before the file was read",
        length: LARGE,
        scripts: &[&[Respond(TOO_LARGE)]],
        expected: Some((
            ErrorKind::Api,
            Outcome::NotApplied,
            Some(ErrorCode::InvalidArgument),
        )),
        reason: "The file is too large.",
        documents: 0,
        ..BASE
    },
    Case {
        name: "401 in the middle of the file",
        length: LARGE,
        scripts: &[&[Up(HALF), Respond(UNAUTHENTICATED)]],
        expected: Some((
            ErrorKind::Api,
            Outcome::NotApplied,
            Some(ErrorCode::Unauthenticated),
        )),
        reason: "The key was revoked.",
        documents: 0,
        ..BASE
    },
    Case {
        name: "429 in the middle of the file",
        scripts: &[&[Up(HALF), Respond(LIMITED)]],
        attempts: 2,
        ..BASE
    },
    Case {
        name: "a file that changes while it is sent",
        length: LARGE,
        scripts: &[&[Up(HALF), Do(change)]],
        expected: Some((ErrorKind::RequestBody, Outcome::Unknown, None)),
        reason: "Look for it with `documents().find_upload`",
        documents: 0,
        ..BASE
    },
    Case {
        name: "a file that changes between two attempts",
        scripts: &[&[UpExcept(END), Do(change), Respond(LIMITED)]],
        expected: Some((ErrorKind::RequestBody, Outcome::NotApplied, None)),
        reason: "the file has changed since the call was made",
        attempts: 2,
        documents: 0,
        ..BASE
    },
    Case {
        name: "a file that is removed between two attempts",
        scripts: &[&[UpExcept(END), Do(remove), Respond(LIMITED)]],
        expected: Some((ErrorKind::RequestBody, Outcome::NotApplied, None)),
        reason: "No such file or directory",
        attempts: 2,
        documents: 0,
        ..BASE
    },
    Case {
        name: "a file that is replaced between two attempts",
        scripts: &[&[UpExcept(END), Do(replace), Respond(LIMITED)]],
        expected: Some((ErrorKind::RequestBody, Outcome::NotApplied, None)),
        reason: "the file has changed since the call was made",
        attempts: 2,
        documents: 0,
        ..BASE
    },
];

fn change(_: &Sandbox, path: &Path) {
    fs::write(path, "changed").unwrap();
}

fn remove(_: &Sandbox, path: &Path) {
    fs::remove_file(path).unwrap();
}

/// With a file of the same length.
fn replace(_: &Sandbox, path: &Path) {
    let other = path.with_extension("other");
    fs::write(&other, vec![0; LENGTH]).unwrap();
    fs::rename(other, path).unwrap();
}

/// The outcome is true, and there is at most one document.
pub fn each_upload_of_a_document_ends_as_its_line_decides<T: TestTransport>() {
    each_of(CASES, one_case::<T>);
}

#[allow(clippy::print_stdout)] // The rows of the table, with --nocapture.
fn one_case<T: TestTransport>(case: &Case) {
    let name = case.name;
    let directory = Directory::new();
    let path = directory.0.join("report.pdf");
    fs::write(&path, &*CONTENT).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(case.length as u64).unwrap();
    let scripts: Scripts = case.scripts.iter().map(|script| script.to_vec()).collect();
    let line = Line::start(SUBJECT, path.clone(), scripts.clone());
    // The line does not read all of a large file, and some clients first send it.
    let is_about_time = is_about_time(&scripts) || case.length == LARGE;
    let config = limited(line.config.clone(), case.least_rate, is_about_time);
    let client = direct::<T>(config);
    let upload = Upload::file(&path).unwrap();
    let result = client.documents().create(upload, "Report").send_with_meta();
    let attempts = match &result {
        Ok(response) => response.attempts,
        Err(error) => error.attempts(),
    };
    let found = result.as_ref().err().map(|error| {
        let code = error.api().and_then(|api| api.code().cloned());
        (error.kind(), error.outcome(), code)
    });
    assert_eq!(
        (found, attempts),
        (case.expected.clone(), case.attempts),
        "{name}: {result:?}"
    );
    match &result {
        Ok(_) => println!("{name:48} a success"),
        Err(error) => {
            let report = error.report().to_string();
            assert!(report.contains(case.reason), "{name}: {report}");
            println!("{name:48} {error}");
        }
    }
    assert_eq!(line.documents(), case.documents, "{name}: {result:?}");
}

/// Each cut of the upload of a file of 1 MiB: before the file is complete, and after the last byte of the form. What
/// was created can be found, and nothing is created twice.
pub fn an_upload_that_is_cut_at_any_boundary_creates_no_second_document<T: TestTransport>() {
    let directory = Directory::new();
    let path = directory.0.join("report.pdf");
    fs::write(&path, &*CONTENT).unwrap();
    let cuts = (0..=LENGTH).step_by(BOUNDARY).chain([usize::MAX]);
    for cut in cuts {
        let script = match cut {
            usize::MAX => vec![Response(str::to_owned), Close],
            cut => vec![Up(cut), Close],
        };
        let line = Line::start(SUBJECT, path.clone(), vec![script]);
        let client = direct::<T>(line.config.clone());
        let documents = client.documents();
        let upload = Upload::file(&path).unwrap();
        let error = documents.create(upload, "Report").send().unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome(), error.attempts()),
            (ErrorKind::Interrupted, Outcome::Unknown, 1),
            "{cut}: {error:?}"
        );
        let created = usize::from(cut == usize::MAX);
        assert_eq!(line.documents(), created, "{cut}");
        let found = documents
            .find_upload("Report", Timestamp::UNIX_EPOCH)
            .items();
        assert_eq!(found.count(), created, "{cut}");
    }
}
