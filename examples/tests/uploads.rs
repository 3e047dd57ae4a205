//! The examples that upload a folder: killed at any time, or without a response, they upload no file twice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[allow(dead_code)]
#[path = "../upload_folder_blocking.rs"]
mod blocking;
mod interrupt;
#[allow(dead_code)]
#[path = "../upload_folder.rs"]
mod with_tokio;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use factify::documents::CreateDocument;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer};
use factify::{ClientConfig, Operation, RetryPolicy, Timestamp, Upload};
use factify_examples::uploads::{Begun, Content, SETTLED_AFTER};
use factify_examples::{FILES, Failure};

use interrupt::{Directory, End, Kill};

const INTERRUPTIONS: usize = 50;

type UploadFolder = fn(ClientConfig, &Path) -> Result<String, Failure>;

/// In these tests, no request is under way when a run begins.
const SETTLED: Duration = Duration::ZERO;

fn with_tokio(config: ClientConfig, folder: &Path) -> Result<String, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(with_tokio::upload_folder(config, folder, None, SETTLED))
}

fn blocking(config: ClientConfig, folder: &Path) -> Result<String, Failure> {
    blocking::upload_folder(config, folder, None, SETTLED)
}

const DRIVERS: [(&str, UploadFolder); 2] = [("async", with_tokio), ("blocking", blocking)];

/// A folder, and the sandbox where its files go.
struct Case {
    sandbox: Sandbox,
    server: SandboxServer,
    parent: Directory,
    upload_folder: UploadFolder,
}

impl Case {
    fn new(name: &str, upload_folder: UploadFolder) -> Self {
        let sandbox = Sandbox::builder().no_rate_limit().running_clock().build();
        let parent = Directory::new(name);
        fs::create_dir(parent.0.join("folder")).unwrap();
        Self {
            server: SandboxServer::start(sandbox.clone()).unwrap(),
            sandbox,
            parent,
            upload_folder,
        }
    }

    fn folder(&self) -> PathBuf {
        self.parent.0.join("folder")
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder().join(name), content).unwrap();
    }

    fn run(&self) -> Result<String, String> {
        let config = self.server.config(Persona::Admin);
        let config = config.retry(RetryPolicy::never());
        let result = (self.upload_folder)(config, &self.folder());
        result.map_err(|failure| failure.to_string())
    }

    /// Each file of the folder is one document.
    fn check(&self) {
        let client = self.sandbox.blocking_client(Persona::Admin);
        let documents = self.sandbox.documents().into_iter().map(|document| {
            let mut content = Vec::new();
            let download = client.document(document.id).download();
            download.to_writer(&mut content).unwrap();
            (document.title, content)
        });
        let mut documents: Vec<_> = documents.collect();
        documents.sort();
        assert_eq!(documents, files(&self.folder()));
    }
}

/// The names and contents in a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap())
    });
    let files: BTreeMap<_, _> = files.collect();
    files.into_iter().collect()
}

#[test]
#[ignore = "the process that the other tests kill"]
fn child() {
    if let Some((driver, folder)) = interrupt::child() {
        let (_, upload_folder) = DRIVERS.iter().find(|(name, _)| *name == driver).unwrap();
        upload_folder(ClientConfig::from_env().unwrap(), &folder).unwrap();
    }
}

fn interrupted_at_random(driver: &str, upload_folder: UploadFolder) {
    let mut random = interrupt::random();
    let case = Case::new(&format!("killed-{driver}"), upload_folder);
    let (url, key) = (case.server.base_url(), case.sandbox.key(Persona::Admin));
    let mut interruptions = 0;
    while interruptions < INTERRUPTIONS {
        let number = files(&case.folder()).len();
        let length = random.usize(..100 << 10);
        let content: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
            .take(length)
            .collect();
        case.write(&format!("{number}.pdf"), content);
        let uploaded = case.sandbox.documents().len();
        let missing = (number + 1 - uploaded) * (60 << 10);
        let kill = Kill::at_random(&mut random, missing as u64);
        match interrupt::run(driver, &url, &key, &case.folder(), kill) {
            End::Killed => interruptions += 1,
            End::Exited { success } => assert!(success),
        }
        let titles = case.sandbox.documents().into_iter().map(|it| it.title);
        let mut titles: Vec<_> = titles.collect();
        titles.sort();
        let count = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), count, "a file was uploaded twice: {kill:?}");
    }
    let end = interrupt::run(driver, &url, &key, &case.folder(), Kill::NEVER);
    assert_eq!(end, End::Exited { success: true });
    case.check();
}

#[test]
fn no_file_is_uploaded_twice_if_the_program_is_killed_async() {
    interrupted_at_random("async", with_tokio);
}

#[test]
fn no_file_is_uploaded_twice_if_the_program_is_killed_blocking() {
    interrupted_at_random("blocking", blocking);
}

/// Returns how many runs left out a file.
fn faults(name: &str, upload_folder: UploadFolder) -> usize {
    let mut failed = 0;
    for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Truncate] {
        // The first run lacks a response, and so does the second, which looks for the document.
        for (first, second) in (0..FILES.len()).flat_map(|it| (0..3).map(move |other| (it, other)))
        {
            let case = Case::new(&format!("faults-{name}"), upload_folder);
            for (file, content) in FILES {
                case.write(file, content);
            }
            for request in [first, second] {
                let mut plan = vec![None; request];
                plan.push(Some(fault.clone()));
                case.sandbox.inject(FaultPlan::schedule(plan));
                failed += usize::from(case.run().is_err());
            }
            case.sandbox.inject(FaultPlan::default());
            case.run().unwrap();
            case.check();
        }
    }
    failed
}

#[test]
fn no_file_is_uploaded_twice_if_a_response_is_lost() {
    for (name, upload_folder) in DRIVERS {
        assert!(faults(name, upload_folder) >= 3 * FILES.len());
    }
}

/// What happens to an upload, the content of another document with its title, and what the next run says: the summary,
/// and the number of documents.
const ROWS: [(Fault, Option<&str>, &str, usize); 5] = [
    (
        Fault::DropAfter,
        None,
        "0 uploaded, 1 uploaded before, 0 failed",
        1,
    ),
    (
        Fault::DropBefore,
        None,
        "1 uploaded, 0 uploaded before, 0 failed",
        1,
    ),
    (
        Fault::DropAfter,
        Some("# Two"),
        "0 uploaded, 1 uploaded before, 0 failed",
        2,
    ),
    (
        Fault::DropBefore,
        Some("# One"),
        "0 uploaded, 1 uploaded before, 0 failed",
        1,
    ),
    // It cannot decide.
    (
        Fault::DropBefore,
        Some("# Two"),
        "0 uploaded, 0 uploaded before, 1 failed",
        1,
    ),
];

#[test]
fn after_a_lost_response_a_document_with_the_title_and_the_content_counts() {
    for (name, upload_folder) in DRIVERS {
        for (fault, other, summary, documents) in ROWS {
            let case = Case::new(&format!("rows-{name}"), upload_folder);
            case.write("notes.md", "# One");
            let plan = FaultPlan::schedule([Some(fault.clone())]);
            case.sandbox.inject(plan.only(&CreateDocument::INFO));
            case.run().unwrap_err();
            if let Some(content) = other {
                let client = case.sandbox.blocking_client(Persona::Admin);
                let file = Upload::bytes("notes.md", content);
                client.documents().create(file, "notes.md").send().unwrap();
            }
            let expected = match summary.strip_suffix(" 0 failed") {
                Some(_) => Ok(summary.to_owned()),
                None => Err(summary.to_owned()),
            };
            assert_eq!(case.run(), expected, "{fault:?} {other:?}");
            assert_eq!(case.sandbox.documents().len(), documents);
        }
    }
}

#[test]
fn a_file_that_changed_after_its_upload_is_left_out() {
    for (name, upload_folder) in DRIVERS {
        let case = Case::new(&format!("changed-{name}"), upload_folder);
        for (file, content) in FILES {
            case.write(file, content);
        }
        case.run().unwrap();
        case.write(FILES[0].0, "# Changed");
        case.write("new.md", "# New");
        let summary = case.run().unwrap_err();
        assert_eq!(summary, "1 uploaded, 2 uploaded before, 1 failed");
        assert_eq!(case.sandbox.documents().len(), 4);
    }
}

#[test]
fn a_request_may_be_under_way_for_some_time_after_its_client_has_stopped() {
    let at = |seconds| Timestamp::from_unix(seconds, 0).unwrap();
    let content = Content {
        bytes: 0,
        sha256: String::new(),
    };
    let begun = Begun {
        content,
        first: at(10_000),
        last: at(20_000),
    };
    // The clock may also have been set back.
    for (now, seconds) in [
        (20_000, 120),
        (20_050, 70),
        (20_120, 0),
        (30_000, 0),
        (10, 120),
    ] {
        let wait = begun.wait(at(now), SETTLED_AFTER);
        assert_eq!(wait, Duration::from_secs(seconds), "{now}");
    }
    assert_eq!(begun.since(), at(10_000 - 3_600));
}

#[test]
fn files_that_are_no_documents_are_not_uploaded() {
    for (name, upload_folder) in DRIVERS {
        let case = Case::new(&format!("names-{name}"), upload_folder);
        case.write(".hidden", "");
        fs::create_dir(case.folder().join("folder")).unwrap();
        assert_eq!(
            case.run().unwrap(),
            "0 uploaded, 0 uploaded before, 0 failed"
        );
    }
}
