//! Downloads into files and writers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::task::{Context, Waker};

use factify_core::{BearerToken, Error, ErrorKind, Outcome};

use super::chunks::Awaited;
use super::store::Event::{self, Change, Cut, Refuse};
use super::store::{CHUNK, CONTENT, DOCUMENT, LENGTH, Store};
use crate::scratch::Directory;

fn to_file(store: &Store, path: &Path) -> Result<u64, Error> {
    store.client().document(DOCUMENT).download().to_file(path)
}

#[test]
fn a_file_gets_its_name_when_it_is_complete() {
    let directory = Directory::new();
    // As long as a name may be.
    for name in ["report.pdf", &"n".repeat(255)] {
        let path = directory.0.join(name);
        let save = |events: &[Event]| to_file(&Store::new(events), &path);
        let error = save(&[Cut(CHUNK), Change]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        assert_eq!(directory.names(), [""; 0]);
        fs::write(&path, "old").unwrap();
        save(&[Refuse(404)]).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(save(&[Cut(CHUNK)]).unwrap(), LENGTH as u64);
        assert!(fs::read(&path).unwrap() == *CONTENT);
        assert_eq!(directory.names(), [name]);
        fs::remove_file(path).unwrap();
    }
}

/// The second download begins and ends while the first one, of another file, is under way.
#[test]
fn two_downloads_to_one_path_do_not_mix() {
    let directory = Directory::new();
    let path = directory.0.join("report.pdf");
    let (store, other_path) = (Store::new(&[Change]), path.clone());
    let client = store.client();
    let call = client.document(DOCUMENT).download();
    let call = call.on_progress(move |progress| {
        if progress.bytes == CHUNK as u64 {
            to_file(&Store::new(&[]), &other_path).unwrap();
        }
        assert!(fs::read(&other_path).unwrap() == *CONTENT);
    });
    call.to_file(&path).unwrap();
    let mut changed = CONTENT.clone();
    changed[7] ^= 1;
    assert!(fs::read(&path).unwrap() == changed);
    assert_eq!(directory.names(), ["report.pdf"]);
}

/// The future is dropped after each of its polls.
#[test]
fn a_dropped_download_removes_its_part() {
    let directory = Directory::new();
    let path = directory.0.join("report.pdf");
    let mut context = Context::from_waker(Waker::noop());
    let mut had_parts = 0;
    for polls in 0.. {
        let store = Box::leak(Box::new(Store::new(&[Cut(60 * CHUNK)])));
        let token = BearerToken::new("ffy_test_x").unwrap();
        let client = factify_core::Client::new(Awaited(store), token);
        let mut future = Box::pin(client.document(DOCUMENT).download().to_file(&path));
        let is_done = (0..polls).any(|_| future.as_mut().poll(&mut context).is_ready());
        if is_done {
            break;
        }
        had_parts += directory.names().len();
        drop(future);
        assert_eq!(directory.names(), [""; 0], "{polls}");
    }
    assert!(had_parts > 60, "{had_parts}");
    assert_eq!(directory.names(), ["report.pdf"]);
}

/// A writer that has no room after a number of bytes, or cannot flush.
struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = bytes.len().min(self.0);
        self.0 -= written;
        match written {
            0 => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(written),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_writer_that_fails_ends_the_download() {
    for room in [0, 1, CHUNK, LENGTH] {
        let store = Store::new(&[]);
        let result = store
            .client()
            .document(DOCUMENT)
            .download()
            .to_writer(Full(room));
        let error = result.unwrap_err();
        assert_eq!(
            (
                error.kind(),
                error.outcome(),
                error.attempts(),
                error.operation()
            ),
            (
                ErrorKind::Write,
                Outcome::NotApplied,
                2,
                "documents.download"
            )
        );
        let report = error.report().to_string();
        assert!(
            report.ends_with("\nFree some space, then download again."),
            "{report}"
        );
        assert_eq!(store.ranges().len(), 1, "it is not downloaded again");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let directory = Directory::new();
    for (path, requests) in [("", 0), ("missing/report.pdf", 0), ("report.pdf/", 0)] {
        let (store, path) = (Store::new(&[]), directory.0.join(path));
        let error = to_file(&store, &path).unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome(), error.operation()),
            (ErrorKind::Write, Outcome::NotApplied, "documents.download"),
            "{path:?}"
        );
        let report = error.report().to_string();
        let expected = format!(
            "documents.download: the download could not be written to {}",
            path.display()
        );
        assert!(report.starts_with(&expected), "{report}");
        assert!(
            report.ends_with("\nCheck where you write to, then download again."),
            "{report}"
        );
        assert_eq!(store.exports(), requests, "{path:?}");
    }
    assert_eq!(directory.names(), [""; 0]);
}

/// Where a file system without room is mounted.
const FULL: &str = "FACTIFY_TEST_FULL";

#[test]
#[ignore = "run by the next test, where there is a file system without room"]
fn a_download_to_a_full_file_system() {
    let directory = PathBuf::from(std::env::var_os(FULL).unwrap());
    let path = directory.join("report.pdf");
    fs::write(&path, "old").unwrap();
    let error = to_file(&Store::new(&[]), &path).unwrap_err();
    let report = error.report().to_string();
    assert!(
        report.contains("because No space left on device"),
        "{report}"
    );
    assert!(
        report.ends_with("\nFree some space, then download again."),
        "{report}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(
        fs::read_dir(directory).unwrap().count(),
        1,
        "the part is gone"
    );
}

/// A small file system in memory, which only this process and its children see.
#[test]
#[cfg(target_os = "linux")]
#[allow(clippy::print_stdout)]
fn a_full_file_system_leaves_the_old_file() {
    let directory = Directory::new();
    let in_namespace = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
        let mount = "mount -t tmpfs -o size=512k tmpfs \"$FACTIFY_TEST_FULL\"";
        command.arg(format!("{mount} && {script}"));
        command.arg(std::env::current_exe().unwrap());
        command.env(FULL, &directory.0).output()
    };
    if !in_namespace("true").is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: no file system can be mounted here");
        return;
    }
    let name = "saves::files::a_download_to_a_full_file_system";
    let output = in_namespace(&format!("exec \"$0\" --exact {name} --ignored")).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

/// The system's own error of a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_full_device_ends_the_download() {
    let (store, device) = (
        Store::new(&[]),
        fs::File::options().write(true).open("/dev/full"),
    );
    let result = store
        .client()
        .document(DOCUMENT)
        .download()
        .to_writer(device.unwrap());
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Write);
    let report = error.report().to_string();
    assert!(
        report.contains("because No space left on device"),
        "{report}"
    );
}
