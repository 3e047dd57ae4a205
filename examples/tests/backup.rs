//! The examples that back up documents: killed at any time, they leave no half file, and the next run goes on.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[allow(dead_code)]
#[path = "../back_up_blocking.rs"]
mod blocking;
mod interrupt;
#[allow(dead_code)]
#[path = "../back_up.rs"]
mod with_tokio;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use factify::documents::{AccessLevel, Document, ListDocuments};
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer};
use factify::{ClientConfig, DocumentId, Operation, RetryPolicy, Upload, VersionId};
use factify_examples::Failure;
use factify_examples::backup::{Backup, SavedFile};

use interrupt::{Directory, End, Kill};

const INTERRUPTIONS: usize = 50;

type BackUp = fn(ClientConfig, &Path) -> Result<String, Failure>;

fn with_tokio(config: ClientConfig, directory: &Path) -> Result<String, Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(with_tokio::back_up(config, directory))
}

const DRIVERS: [(&str, BackUp); 2] = [("async", with_tokio), ("blocking", blocking::back_up)];

/// Documents, and all contents that they have had.
struct Documents {
    sandbox: Sandbox,
    server: SandboxServer,
    contents: BTreeMap<VersionId, Vec<u8>>,
}

impl Documents {
    fn new() -> Self {
        let sandbox = Sandbox::builder().no_rate_limit().running_clock().build();
        Self {
            server: SandboxServer::start(sandbox.clone()).unwrap(),
            sandbox,
            contents: BTreeMap::new(),
        }
    }

    fn config(&self) -> ClientConfig {
        self.server.config(Persona::Admin)
    }

    fn all(&self) -> Vec<Document> {
        self.sandbox.documents()
    }

    fn create(&mut self, owner: Persona, access: AccessLevel, content: &[u8]) -> DocumentId {
        let client = self.sandbox.blocking_client(owner);
        let file = Upload::bytes("report.pdf", content.to_vec());
        let create = client.documents().create(file, "Report");
        let document = create.access_level(access).send().unwrap();
        self.contents.insert(current(&document), content.to_vec());
        document.id
    }

    fn replace(&mut self, document: DocumentId, content: &[u8]) {
        let client = self.sandbox.blocking_client(Persona::Admin);
        let file = Upload::bytes("report.pdf", content.to_vec());
        let versions = client.document(document).versions();
        let version = versions.create(file).send().unwrap();
        self.contents.insert(version.id, content.to_vec());
    }

    /// The files in a backup. Each has the content of its version, and is in the manifest if it is `finished`.
    fn saved(&self, directory: &Path, finished: bool) -> BTreeMap<VersionId, SavedFile> {
        let mut saved = BTreeMap::new();
        for line in manifest(directory) {
            assert_eq!(
                fs::read(directory.join(&line.file)).unwrap(),
                self.contents[&line.version_id],
                "{line:?}"
            );
            assert_eq!(line.bytes, self.contents[&line.version_id].len() as u64);
            saved.insert(line.version_id, line);
        }
        for entry in fs::read_dir(directory).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            match *name.split('.').collect::<Vec<_>>() {
                ["manifest", "jsonl"] | ["doc_notes", "txt"] | ["letter", "part"] => {}
                [.., "part"] if !finished => {}
                [_, version, _] => {
                    let version: VersionId = version.parse().unwrap();
                    let content = fs::read(directory.join(&name)).unwrap();
                    assert_eq!(content, self.contents[&version], "{name}");
                    assert!(!finished || saved.contains_key(&version), "{name}");
                }
                _ => panic!("{name}"),
            }
        }
        saved
    }
}

fn current(document: &Document) -> VersionId {
    document.current_version.as_ref().unwrap().id.id().unwrap()
}

/// The complete lines of the manifest.
fn manifest(directory: &Path) -> Vec<SavedFile> {
    let text = fs::read_to_string(directory.join("manifest.jsonl")).unwrap_or_default();
    let end = text.rfind('\n').map_or(0, |end| end + 1);
    let lines = text[..end].lines();
    lines.map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
#[ignore = "the process that the other tests kill"]
fn child() {
    if let Some((driver, directory)) = interrupt::child() {
        let (_, back_up) = DRIVERS.iter().find(|(name, _)| *name == driver).unwrap();
        back_up(ClientConfig::from_env().unwrap(), &directory).unwrap();
    }
}

fn interrupted_at_random(driver: &str) {
    let mut random = interrupt::random();
    let mut documents = Documents::new();
    let parent = Directory::new(&format!("interrupted-{driver}"));
    let directory = parent.0.join("backup");
    let (url, key) = (
        documents.server.base_url(),
        documents.sandbox.key(Persona::Admin),
    );
    let mut interruptions = 0;
    while interruptions < INTERRUPTIONS {
        let length = random.usize(..200 << 10);
        let content: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
            .take(length)
            .collect();
        let all = documents.all();
        match random.choice(&all).filter(|_| all.len() >= 8) {
            Some(document) => documents.replace(document.id, &content),
            None => drop(documents.create(Persona::Admin, AccessLevel::Organization, &content)),
        }
        let saved = documents.saved(&directory, false);
        let all = documents.all();
        let missing = all.iter().map(current).filter(|it| !saved.contains_key(it));
        let missing: usize = missing
            .map(|it| 4_096 + documents.contents[&it].len())
            .sum();
        let kill = Kill::at_random(&mut random, 12_000 + missing as u64);
        match interrupt::run(driver, &url, &key, &directory, kill) {
            End::Killed => interruptions += 1,
            End::Exited { success } => assert!(success),
        }
        documents.saved(&directory, false);
    }
    let end = interrupt::run(driver, &url, &key, &directory, Kill::NEVER);
    assert_eq!(end, End::Exited { success: true });
    let saved = documents.saved(&directory, true);
    for document in documents.all() {
        assert!(saved.contains_key(&current(&document)), "{}", document.id);
    }
}

#[test]
fn a_backup_that_is_killed_50_times_ends_complete_async() {
    interrupted_at_random("async");
}

#[test]
fn a_backup_that_is_killed_50_times_ends_complete_blocking() {
    interrupted_at_random("blocking");
}

/// What happened after a backup of two documents with the same title.
type Happened = fn(&mut Documents, &Path, &[Document]);

/// The summary of the next run: an error, if it counts one.
const CASES: &[(&str, Happened, &str)] = &[
    ("nothing", |_, _, _| {}, "0 saved, 2 saved before, 0 failed"),
    (
        "a new version",
        |documents, _, old| documents.replace(old[0].id, b"%PDF-2"),
        "1 saved, 1 saved before, 0 failed",
    ),
    (
        "a document in the trash: what is saved of it stays",
        |documents, _, old| {
            let client = documents.sandbox.blocking_client(Persona::Admin);
            client.document(old[0].id).trash().send().unwrap();
        },
        "0 saved, 1 saved before, 0 failed",
    ),
    (
        "a document that the key cannot download: others are saved",
        |documents, _, _| {
            documents.create(Persona::Owner, AccessLevel::Private, b"%PDF-2");
            documents.create(Persona::Owner, AccessLevel::Organization, b"%PDF-3");
        },
        "1 saved, 2 saved before, 1 failed",
    ),
    (
        "an item of the list that cannot be read: others are saved",
        |documents, _, _| {
            let fault = FaultPlan::always(Fault::UnreadableItem(0));
            documents.sandbox.inject(fault.only(&ListDocuments::INFO));
            documents.create(Persona::Owner, AccessLevel::Organization, b"%PDF-2");
        },
        "1 saved, 1 saved before, 1 failed",
    ),
    (
        "a list that breaks off",
        |documents, _, _| {
            let fault = FaultPlan::always(Fault::DropBefore);
            documents.sandbox.inject(fault.only(&ListDocuments::INFO));
        },
        "0 saved, 0 saved before, 1 failed",
    ),
    (
        "a damaged file",
        |_, directory, old| fs::write(file(directory, &old[0]), "%PDF-2").unwrap(),
        "1 saved, 1 saved before, 0 failed",
    ),
    (
        "a lost file",
        |_, directory, old| fs::remove_file(file(directory, &old[0])).unwrap(),
        "1 saved, 1 saved before, 0 failed",
    ),
    (
        "a damaged file of a document in the trash",
        |documents, directory, old| {
            let client = documents.sandbox.blocking_client(Persona::Admin);
            client.document(old[0].id).trash().send().unwrap();
            fs::write(file(directory, &old[0]), "%PDF-2").unwrap();
        },
        "0 saved, 1 saved before, 1 failed",
    ),
    (
        "a manifest whose last line is cut",
        |_, directory, _| {
            let manifest = directory.join("manifest.jsonl");
            let text = fs::read_to_string(&manifest).unwrap();
            fs::write(&manifest, &text[..text.len() - 1]).unwrap();
        },
        "0 saved, 2 saved before, 0 failed",
    ),
    (
        "a manifest whose last line is cut, and its document in the trash: the file stays",
        |documents, directory, old| {
            let path = directory.join("manifest.jsonl");
            let text = fs::read_to_string(&path).unwrap();
            let last = manifest(directory).pop().unwrap();
            fs::write(&path, &text[..text.len() - 1]).unwrap();
            let client = documents.sandbox.blocking_client(Persona::Admin);
            assert!(old.iter().any(|document| document.id == last.document_id));
            client.document(last.document_id).trash().send().unwrap();
        },
        "0 saved, 1 saved before, 0 failed",
    ),
    (
        "an empty manifest, and files of others",
        |_, directory, _| {
            fs::write(directory.join("manifest.jsonl"), "").unwrap();
            for name in ["doc_notes.txt", "letter.part"] {
                fs::write(directory.join(name), "mine").unwrap();
            }
        },
        "0 saved, 2 saved before, 0 failed",
    ),
];

fn file(directory: &Path, document: &Document) -> PathBuf {
    let lines = manifest(directory);
    let line = lines.iter().find(|line| line.document_id == document.id);
    directory.join(&line.unwrap().file)
}

#[test]
fn the_next_run_saves_what_is_new_or_damaged() {
    for (name, back_up) in DRIVERS {
        for (happened, change, expected) in CASES {
            let mut documents = Documents::new();
            for content in [b"%PDF-0", b"%PDF-1"] {
                documents.create(Persona::Admin, AccessLevel::Organization, content);
            }
            let parent = Directory::new(&format!("cases-{name}"));
            let directory = parent.0.join("backup");
            let config = documents.config().retry(RetryPolicy::never());
            back_up(config.clone(), &directory).unwrap();
            let old = documents.all();
            change(&mut documents, &directory, &old);

            let result = back_up(config, &directory);
            let is_ok = expected.ends_with(" 0 failed");
            assert_eq!(result.is_ok(), is_ok, "{happened}");
            let summary = result.unwrap_or_else(|failure| failure.to_string());
            assert_eq!(summary, *expected, "{happened}");
            if is_ok {
                documents.saved(&directory, true);
            }
        }
    }
}

#[test]
fn the_manifest_has_the_new_title_of_a_document() {
    for (name, back_up) in DRIVERS {
        let mut documents = Documents::new();
        let id = documents.create(Persona::Admin, AccessLevel::Organization, b"%PDF-0");
        let parent = Directory::new(&format!("title-{name}"));
        let directory = parent.0.join("backup");
        back_up(documents.config(), &directory).unwrap();
        let client = documents.sandbox.blocking_client(Persona::Admin);
        client.document(id).update().title("New").send().unwrap();
        for _ in 0..2 {
            back_up(documents.config(), &directory).unwrap();
        }
        let lines = manifest(&directory).into_iter();
        let titles: Vec<_> = lines.map(|line| line.title).collect();
        assert_eq!(titles, ["Report", "New"]);
    }
}

#[test]
fn another_directory_or_a_backup_in_use_is_refused() {
    for (name, back_up) in DRIVERS {
        let documents = Documents::new();
        let parent = Directory::new(&format!("refused-{name}"));
        fs::write(parent.0.join("letter.txt"), "Hi").unwrap();
        let error = back_up(documents.config(), &parent.0).unwrap_err();
        assert!(error.to_string().ends_with("is neither empty nor a backup"));

        let directory = parent.0.join("backup");
        let _used = Backup::open(&directory).unwrap();
        let error = back_up(documents.config(), &directory).unwrap_err();
        assert!(error.to_string().ends_with("another process uses it"));
    }
}
