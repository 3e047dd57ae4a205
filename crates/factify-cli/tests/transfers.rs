//! Uploads and downloads: what is checked before, what is certain after, and how to go on.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::Path;

use factify_core::documents::{CreateDocument, Document, ExportDocument};
use factify_core::{Operation, Upload};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use support::{Done, Place, Running};
use tempfile::TempDir;

const REPORT: &str = "# Report\n\nSales rise.\n";
const SALES: &str = "branch,reams\nScranton,12\n";

/// How many transfers are in flight.
const IN_FLIGHT: usize = 3;

/// The clock runs, because the command compares its own time with that of documents.
fn place() -> Place {
    Place::new(Sandbox::builder().seed(1).running_clock().build())
}

/// A directory with files.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(directory.path().join(name), content).unwrap();
    }
    directory
}

fn start(place: &Place, directory: &TempDir, arguments: &[&str]) -> Running {
    Running::start(place.command(arguments).current_dir(directory.path()))
}

fn run(place: &Place, directory: &TempDir, arguments: &[&str]) -> Done {
    start(place, directory, arguments).end()
}

fn upload(place: &Place, directory: &TempDir, arguments: &[&str]) -> Done {
    run(
        place,
        directory,
        &[&["documents", "upload"], arguments].concat(),
    )
}

fn download(place: &Place, directory: &TempDir, arguments: &[&str]) -> Done {
    run(
        place,
        directory,
        &[&["documents", "download"], arguments].concat(),
    )
}

/// A document that was uploaded before.
fn document(place: &Place, name: &str, title: &str, content: &str) -> Document {
    let client = place.sandbox.blocking_client(Persona::Admin);
    let file = Upload::bytes(name, content.to_owned());
    client.documents().create(file, title).send().unwrap()
}

fn titles(place: &Place) -> Vec<String> {
    let documents = place.sandbox.documents();
    let mut titles: Vec<_> = documents
        .into_iter()
        .map(|document| document.title)
        .collect();
    titles.sort();
    titles
}

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Faults for the requests that upload a document.
fn inject(place: &Place, faults: impl IntoIterator<Item = Option<Fault>>) {
    let plan = FaultPlan::schedule(faults).only(&CreateDocument::INFO);
    place.sandbox.inject(plan);
}

#[test]
fn all_files_are_checked_before_one_is_sent() {
    let place = place();
    let files = directory(&[
        ("good.md", REPORT),
        ("empty.md", ""),
        ("run.exe", "MZ"),
        (".md", "x"),
    ]);
    fs::create_dir(files.path().join("folder")).unwrap();
    let long = format!("{}.md", "x".repeat(300));
    let title = "x".repeat(256);
    for (arguments, expected) in [
        (&["good.md", "missing.pdf"][..], "missing.pdf: No such file"),
        (&["good.md", "empty.md"], "empty.md: it is empty"),
        (
            &["good.md", "folder"],
            "folder: it is a folder: name its files, such as folder/*.pdf",
        ),
        (
            &["good.md", "run.exe"],
            "run.exe: the API reads pdf, docx, xlsx, csv and md",
        ),
        (
            &["good.md", "/dev/null"],
            "/dev/null: it is not a regular file",
        ),
        (
            &["good.md", "./good.md"],
            "./good.md: it is the same file as good.md",
        ),
        (&["good.md", "good.md"], "good.md: it is named twice"),
        (&["good.md", &long], "File name too long"),
        (&["good.md", "--title", ""], "good.md: title"),
        (&["good.md", "--title", &title], "good.md: title"),
        (
            &["good.md", ".md", "--title", "x"],
            "--title needs a single file",
        ),
        (&["-"], "-: name it with --file-name"),
        (
            &["-", "--file-name", "../a.md"],
            "is not the name of a file",
        ),
        (&["-", "--file-name", "a.exe"], "-: the API reads pdf"),
        (&["-", "--file-name", "a.md"], "-: it is empty"),
        (&["good.md", "--file-name", "a.md"], "--file-name needs -"),
        (&["-", "--files-from", "-"], "both a file and the list"),
        (&["--files-from", "-"], "names no file"),
        (&["--files-from", "missing"], "--files-from cannot be read"),
        (
            &["good.md", "--journal", "good.md"],
            "line 1 cannot be read",
        ),
        (&["good.md", "--journal", "folder"], "the journal folder"),
        (&["good.md", "--within", "5m"], "--wait"),
        (&["good.md", "--access-level", "secret"], "secret"),
    ] {
        let done = upload(&place, &files, arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}: {done:?}");
        assert!(done.stderr.contains(expected), "{arguments:?}: {done:?}");
        assert!(done.stderr.ends_with("Nothing was sent.\n"), "{done:?}");
        assert_eq!(done.stdout, "", "{arguments:?}");
    }
    assert_eq!(titles(&place), [""; 0]);
}

#[test]
fn files_become_documents_with_their_names_as_titles() {
    let place = place();
    let files = directory(&[
        ("report.md", REPORT),
        ("sales.csv", SALES),
        ("Ünïcode 年.md", "x"),
    ]);
    let list = "report.md\r\n\nÜnïcode 年.md\n";
    let mut command = place.command(&[
        "documents",
        "upload",
        "sales.csv",
        "--files-from",
        "-",
        "-o",
        "jsonl",
        "--description",
        "d",
        "--access-level",
        "private",
    ]);
    let done = Running::start_with_input(command.current_dir(files.path()), list).end();
    assert_eq!(
        (done.code, done.stderr.as_str()),
        (Some(0), "3 uploaded.\n")
    );
    assert_eq!(titles(&place), ["report", "sales", "Ünïcode 年"]);
    for document in place.sandbox.documents() {
        assert_eq!(document.access_level.as_str(), "private");
        assert_eq!(document.description.as_deref(), Some("d"));
        assert!(done.stdout.contains(document.id.as_str()), "{done:?}");
    }
}

#[test]
fn standard_input_is_uploaded_and_the_same_bytes_come_back() {
    let place = place();
    let arguments = [
        "documents",
        "upload",
        "-",
        "--file-name",
        "sales.csv",
        "-o",
        "ids",
    ];
    // A first attempt that the server refuses is repeated with the same bytes.
    inject(
        &place,
        [Some(Fault::RateLimited {
            retry_after: Some(0),
        })],
    );
    let done = place.run_with_input(&arguments, SALES);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(titles(&place), ["sales"]);
    let id = done.stdout.trim_end();
    let back = place.run(&["documents", "download", id, "--to", "-"]);
    assert_eq!(
        (back.code, back.stdout.as_str(), back.stderr.as_str()),
        (Some(0), SALES, "")
    );
}

#[test]
fn a_lost_response_is_looked_for() {
    // The title is also that of an older document, and of one with other content.
    let same_title = |place: &Place| drop(document(place, "a.md", "report", "other"));
    let nothing = |_: &Place| {};
    let unknown = "`factify documents list --title-contains TITLE`";
    for (fault, before, code, said, documents) in [
        (
            Fault::DropAfter,
            &nothing as &dyn Fn(&Place),
            0,
            "1 uploaded.",
            1,
        ),
        (Fault::DropAfter, &same_title, 0, "1 uploaded.", 2),
        (Fault::Truncate, &nothing, 0, "1 uploaded.", 1),
        (Fault::Undocumented, &nothing, 0, "1 uploaded.", 1),
        (Fault::DropBefore, &nothing, 4, unknown, 0),
        (Fault::DropBefore, &same_title, 4, unknown, 1),
    ] {
        let place = place();
        before(&place);
        let files = directory(&[("report.md", REPORT)]);
        inject(&place, [Some(fault.clone())]);
        let done = upload(&place, &files, &["report.md"]);
        assert_eq!(done.code, Some(code), "{fault:?}: {done:?}");
        assert!(done.stderr.contains(said), "{fault:?}: {done:?}");
        assert_eq!(place.sandbox.documents().len(), documents, "{fault:?}");
        assert_eq!(
            done.stdout.contains("doc_"),
            code == 0,
            "{fault:?}: {done:?}"
        );
    }
}

#[test]
fn some_files_fail_and_the_others_are_uploaded() {
    let place = place();
    let files = directory(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    inject(&place, [Some(Fault::DropBefore)]);
    let done = upload(&place, &files, &["a.md", "b.md", "c.md"]);
    assert_eq!(done.code, Some(6), "{done:?}");
    assert!(done.stderr.contains("2 uploaded, 1 unknown."), "{done:?}");
    assert_eq!(place.sandbox.documents().len(), 2);
}

#[test]
fn an_upload_that_is_not_processed_is_still_reported() {
    let place = place();
    let files = directory(&[("a.txt", "a")]);
    let done = upload(
        &place,
        &files,
        &["a.txt", "--any-format", "--wait", "-o", "ids"],
    );
    assert_eq!(done.code, Some(6), "{done:?}");
    let id = place.sandbox.documents()[0].id;
    assert_eq!(done.stdout, format!("{id}\n"));
    let said = format!("a.txt was uploaded as {id}, but is not processed");
    assert!(done.stderr.contains(&said), "{done:?}");
    assert!(
        done.stderr.ends_with("1 uploaded but not processed.\n"),
        "{done:?}"
    );
}

#[test]
fn a_journal_prevents_a_second_upload() {
    let place = place();
    let files = directory(&[("a.md", "a"), ("b.md", "b")]);
    let arguments = ["a.md", "b.md", "--journal", "journal"];
    inject(
        &place,
        vec![Some(Fault::Unavailable { processed: false }); 8],
    );
    let refused = upload(
        &place,
        &files,
        &["a.md", "--journal", "journal", "--retries", "0"],
    );
    assert_ne!(refused.code, Some(0), "{refused:?}");
    inject(&place, []);
    forget_the_time(files.path());
    let first = upload(&place, &files, &arguments);
    assert!(first.stderr.ends_with("2 uploaded.\n"), "{first:?}");
    let again = upload(&place, &files, &arguments);
    assert_eq!(
        (again.code, again.stderr.as_str()),
        (Some(0), "2 already uploaded.\n")
    );
    let ids = |done: &Done| {
        let words = done
            .stdout
            .split_whitespace()
            .filter(|word| word.starts_with("doc_"));
        let mut ids: Vec<_> = words.map(str::to_owned).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&first), ids(&again));

    fs::write(files.path().join("b.md"), "changed").unwrap();
    let changed = upload(&place, &files, &arguments);
    assert_eq!(changed.code, Some(6), "{changed:?}");
    assert!(
        changed
            .stderr
            .contains("it has changed since it was uploaded as doc_"),
        "{changed:?}"
    );
    assert!(
        changed.stderr.contains("factify versions upload doc_"),
        "{changed:?}"
    );
    assert_eq!(titles(&place), ["a", "b"]);
}

#[test]
fn a_journal_does_not_guess_which_document_is_its_own() {
    let place = place();
    let files = directory(&[("a.md", "a")]);
    let arguments = ["a.md", "--journal", "journal"];
    inject(&place, [Some(Fault::DropBefore)]);
    assert_eq!(upload(&place, &files, &arguments).code, Some(4));
    forget_the_time(files.path());
    document(&place, "a.md", "a", "other");
    let uncertain = upload(&place, &files, &arguments);
    assert_eq!(uncertain.code, Some(4), "{uncertain:?}");
    let id = place.sandbox.documents()[0].id;
    let said = format!("compare it with {id}, which has its title but other content");
    assert!(uncertain.stderr.contains(&said), "{uncertain:?}");
    assert_eq!(place.sandbox.documents().len(), 1);
}

#[test]
fn many_files_that_exist_do_not_stop_the_others() {
    let place = place();
    let files = directory(&[]);
    let ids = (0..18).map(|number| {
        fs::write(files.path().join(format!("{number}.md")), "kept").unwrap();
        document(&place, "a.md", &number.to_string(), "new")
            .id
            .to_string()
    });
    let mut arguments: Vec<_> = ids.collect();
    arguments.push(document(&place, "a.md", "last", "new").id.to_string());
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = download(&place, &files, &arguments);
    assert_eq!(done.code, Some(6), "{done:?}");
    assert_eq!(
        done.stderr.matches("exists: give --force").count(),
        18,
        "{done:?}"
    );
    assert!(
        done.stderr.contains("1 downloaded, 18 not done."),
        "{done:?}"
    );
    assert_eq!(
        fs::read_to_string(files.path().join("last.md")).unwrap(),
        "new"
    );
}

/// Makes all uploads of a journal so old that their requests are not under way any longer.
fn forget_the_time(directory: &Path) {
    let path = directory.join("journal");
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        if line.get("last").is_some() {
            line["last"] = "2026-01-15T09:00:00Z".into();
        }
        format!("{line}\n")
    });
    fs::write(&path, lines.collect::<String>()).unwrap();
}

#[test]
fn an_interrupted_upload_goes_on_and_uploads_no_file_twice() {
    let files: Vec<_> = (0..9).map(|number| format!("{number}.md")).collect();
    let directory = directory(&[]);
    for file in &files {
        fs::write(directory.path().join(file), format!("content of {file}")).unwrap();
    }
    let mut arguments = vec![
        "documents",
        "upload",
        "--journal",
        "journal",
        "--timeout",
        "10m",
    ];
    arguments.extend(files.iter().map(String::as_str));
    let (place, relay) = place().held_back(|_| false);

    let running = start(&place, &directory, &arguments);
    relay.until_held(IN_FLIGHT);
    running.signal("INT");
    running.until_said("3 calls in flight will be finished", 1);
    running.signal("INT");
    let abandoned = running.end();
    assert_eq!(abandoned.code, Some(130), "{abandoned:?}");
    assert_eq!(
        abandoned.stderr.matches("\nunknown: ").count(),
        IN_FLIGHT,
        "{abandoned:?}"
    );
    assert_eq!(
        abandoned.stderr.matches("\nnot done: ").count(),
        6,
        "{abandoned:?}"
    );
    assert!(
        abandoned
            .stderr
            .contains("3 unknown, 6 not done. Run this again"),
        "{abandoned:?}"
    );
    assert_eq!(
        place.sandbox.documents().len(),
        IN_FLIGHT,
        "they were created"
    );

    relay.pass_all();
    let again = start(&place, &directory, &arguments).end();
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(
        again.stderr.ends_with("3 already uploaded, 6 uploaded.\n"),
        "{again:?}"
    );
    let expected: Vec<_> = (0..9).map(|number| number.to_string()).collect();
    assert_eq!(titles(&place), expected, "each exactly once");
}

#[test]
fn one_interruption_finishes_the_uploads_in_flight() {
    let files = directory(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c"), ("d.md", "d")]);
    let (place, relay) = place().held_back(|_| false);
    let arguments = [
        "documents",
        "upload",
        "a.md",
        "b.md",
        "c.md",
        "d.md",
        "--timeout",
        "10m",
    ];
    let running = start(&place, &files, &arguments);
    relay.until_held(IN_FLIGHT);
    running.signal("INT");
    running.until_said("will be finished", 1);
    relay.pass_all();
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert!(ended.stderr.contains("not done: d.md\n"), "{ended:?}");
    assert!(
        ended.stderr.contains("3 uploaded, 1 not done."),
        "{ended:?}"
    );
    assert_eq!(titles(&place), ["a", "b", "c"]);
}

#[test]
fn downloads_never_leave_the_directory_or_replace_a_file() {
    let place = place();
    let title = "../../etc/cron.d/-evil\u{202e}";
    let evil = document(&place, "a.md", title, "evil");
    let (one, other) = (
        document(&place, "a.md", "Report", "one"),
        document(&place, "a.md", "report", "other"),
    );
    let ids = [evil.id, one.id, other.id].map(|id| id.to_string());
    let ids = ids.each_ref().map(String::as_str);
    let files = directory(&[]);
    fs::create_dir(files.path().join("to")).unwrap();
    let done = download(&place, &files, &[&ids[..], &["--to", "to"]].concat());
    assert_eq!(
        (done.code, done.stderr.as_str()),
        (Some(0), "3 downloaded.\n")
    );
    assert_eq!(names(files.path()), ["to"]);
    let to = files.path().join("to");
    let found = names(&to);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.contains(&"_.._.._etc_cron.d_-evil_.md".to_owned()),
        "{found:?}"
    );
    let mut contents: Vec<_> = found
        .iter()
        .map(|name| fs::read_to_string(to.join(name)).unwrap())
        .collect();
    contents.sort();
    assert_eq!(contents, ["evil", "one", "other"]);

    for (options, code, said, content) in [
        (&[][..], 1, "exists: give --force to replace it", "kept"),
        (&["--force"], 0, "1 downloaded.", "one"),
    ] {
        for target in [&[][..], &["--to", "Report.md"]] {
            // Named by the user, it is checked before anything is sent.
            let code = if target.is_empty() || code == 0 {
                code
            } else {
                2
            };
            fs::write(files.path().join("Report.md"), "kept").unwrap();
            let done = download(&place, &files, &[&[ids[1]][..], options, target].concat());
            assert_eq!(done.code, Some(code), "{options:?}: {done:?}");
            assert!(done.stderr.contains(said), "{options:?}: {done:?}");
            let found = fs::read_to_string(files.path().join("Report.md")).unwrap();
            assert_eq!(found, content, "{options:?}");
        }
    }
    assert_eq!(names(files.path()), ["Report.md", "to"], "no part is left");
}

#[test]
fn a_repeated_download_skips_only_what_was_downloaded() {
    let place = place();
    let old = document(&place, "a.md", "Report", "old").id.to_string();
    let files = directory(&[]);
    let again = |ids: &[&str]| download(&place, &files, &[ids, &["--skip-existing"]].concat());
    assert_eq!(again(&[&old]).stderr, "1 downloaded.\n");
    // A newer document has the same title, and comes first in the list.
    let new = document(&place, "a.md", "Report", "new").id.to_string();
    let done = again(&[&new, &old]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains("1 downloaded"), "{done:?}");
    assert!(done.stderr.contains("1 already there"), "{done:?}");
    let mut contents: Vec<_> = names(files.path())
        .iter()
        .map(|name| fs::read_to_string(files.path().join(name)).unwrap())
        .collect();
    contents.sort();
    assert_eq!(contents, ["new", "old"]);
    // A name that you choose means this document.
    let named = download(
        &place,
        &files,
        &[&old, "--skip-existing", "--to", "mine.md"],
    );
    assert_eq!(named.stderr, "1 downloaded.\n");
    let named = download(
        &place,
        &files,
        &[&old, "--skip-existing", "--to", "mine.md"],
    );
    assert_eq!(named.stderr, "1 already there.\n");
}

#[test]
fn bad_targets_are_refused_before_anything_is_sent() {
    let place = place();
    let id = document(&place, "a.md", "a", "a").id.to_string();
    let other = document(&place, "b.md", "b", "b").id.to_string();
    let organization = place.sandbox.organization_id().to_string();
    let files = directory(&[("file", "")]);
    for (arguments, expected) in [
        (
            &[&*id, "--to", "missing/"][..],
            "missing/ (from --to) is not an existing directory",
        ),
        (
            &[&id, "--to", "missing/a.md"],
            "missing (from --to) is not an existing directory",
        ),
        (
            &[&id, &other, "--to", "missing"],
            "missing (from --to) is not an existing directory",
        ),
        (&[&id, &other, "--to", "-"], "only a single document"),
        (
            &[&id, &other, "--version", "ver_01h2xcejqtf2nbrexx3vqjhp41"],
            "--version needs a single document",
        ),
        (&[&id, "--to", "file"], "file exists: give --force"),
        (
            &[&organization, &id],
            "that is an organization id; a document id starts with doc_",
        ),
        (&["ver_01h2xcejqtf2nbrexx3vqjhp41"], "that is a version id"),
        (&["-"], ""),
    ] {
        let done = download(&place, &files, arguments);
        if arguments == ["-"] {
            assert_eq!(
                (done.code, done.stderr.as_str()),
                (Some(0), "There was nothing to do.\n")
            );
            continue;
        }
        assert_eq!(done.code, Some(2), "{arguments:?}: {done:?}");
        assert!(done.stderr.contains(expected), "{arguments:?}: {done:?}");
        assert!(done.stderr.ends_with("Nothing was sent.\n"), "{done:?}");
    }
    assert_eq!(names(files.path()), ["file"]);
}

#[test]
fn an_abandoned_download_leaves_no_part() {
    let place = place();
    let content = "x".repeat(1 << 20);
    let ids =
        ["a", "b", "c", "d"].map(|title| document(&place, "a.md", title, &content).id.to_string());
    let files = directory(&[]);
    // The files do not arrive; all other responses do.
    let (place, relay) = place.held_back(|head| !is_file(head));
    let mut arguments = vec!["documents", "download", "--timeout", "10m"];
    arguments.extend(ids.iter().map(String::as_str));
    let running = start(&place, &files, &arguments);
    relay.until_held(IN_FLIGHT);
    running.signal("INT");
    running.until_said("will be finished", 1);
    assert_eq!(names(files.path()).len(), IN_FLIGHT, "the parts");
    running.signal("INT");
    let ended = running.end();
    assert_eq!(ended.code, Some(130), "{ended:?}");
    // Nothing was changed, so nothing is unknown.
    assert_eq!(
        ended.stderr.matches("not done: doc_").count(),
        4,
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("unknown"), "{ended:?}");
    assert_eq!(names(files.path()), [""; 0]);
}

/// Whether it is the head of a response with a file. The API's responses are JSON.
fn is_file(head: &[u8]) -> bool {
    !String::from_utf8_lossy(head)
        .to_lowercase()
        .contains("application/json")
}

#[test]
fn a_failed_download_leaves_no_file() {
    let place = place();
    let id = document(&place, "a.md", "a", "a").id.to_string();
    let files = directory(&[]);
    let plan = FaultPlan::always(Fault::DropBefore).only(&ExportDocument::INFO);
    place.sandbox.inject(plan);
    let done = download(&place, &files, &[&id, "--retries", "0"]);
    assert_eq!(done.code, Some(3), "{done:?}");
    assert_eq!(names(files.path()), [""; 0]);
    let done = download(&place, &files, &[&id, "--retries", "0", "--to", "-"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(3), ""), "{done:?}");
}

#[test]
fn a_terminal_shows_each_transfer_and_keeps_the_messages_whole() {
    let place = place();
    let names = ["one.md", "two.md", "three.md", "four.md"];
    let files = directory(&names.map(|name| (name, REPORT)));
    let paths = names.map(|name| files.path().join(name).to_str().unwrap().to_owned());
    let mut arguments = vec!["documents", "upload"];
    arguments.extend(paths.iter().map(String::as_str));
    inject(
        &place,
        vec![Some(Fault::Delay(std::time::Duration::from_secs(1))); 4],
    );
    let done = place.run_at_terminal(&arguments);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains("Uploading"), "{done:?}");
    assert!(done.stderr.contains("/4, "), "{done:?}");
    assert!(
        done.stderr.contains('%') || done.stderr.contains("B/s"),
        "{done:?}"
    );
    assert!(done.stderr.ends_with("4 uploaded.\r\n"), "{done:?}");

    let quiet = place.run(&arguments);
    assert_eq!(
        (quiet.code, quiet.stderr.as_str()),
        (Some(0), "4 uploaded.\n")
    );
}

#[test]
fn a_document_is_waited_for_until_it_can_be_read() {
    let place = place();
    let ready = document(&place, "a.md", "a", REPORT).id.to_string();
    let failed = document(&place, "a.txt", "b", REPORT).id.to_string();
    let missing = "doc_01h2xcejqtf2nbrexx3vqjhp41";
    for (arguments, code, said) in [
        (&[&*ready][..], 0, "1 ready."),
        (&[&ready, &ready], 0, "1 ready."),
        (&[&failed], 3, "the API could not read the file"),
        (&[&ready, &failed], 6, "1 ready, 1 not done."),
        (&[missing], 3, "not_found"),
    ] {
        let done = place.run(&[&["documents", "wait"], arguments].concat());
        assert_eq!(done.code, Some(code), "{arguments:?}: {done:?}");
        assert!(done.stderr.contains(said), "{arguments:?}: {done:?}");
    }
    let late = document(&place, "a.md", "c", REPORT).id.to_string();
    let done = place.run(&["documents", "wait", &late, "--within", "100ms"]);
    assert_eq!(done.code, Some(3), "{done:?}");
    assert!(done.stderr.contains("still being processed"), "{done:?}");
    assert!(
        done.stderr.contains("Run this again to wait longer."),
        "{done:?}"
    );
}

#[test]
fn a_url_is_printed_for_people_programs_and_curl() {
    let place = place();
    let id = document(&place, "a.md", "a", REPORT).id.to_string();
    let export =
        |options: &[&str]| place.run(&[&["documents", "export-url", &id], options].concat());
    let json: serde_json::Value = serde_json::from_str(&export(&["-o", "json"]).stdout).unwrap();
    let url = json["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1"), "{json}");
    assert_eq!(
        json["headers"],
        serde_json::json!({ "x-sandbox-download": "1" })
    );
    assert!(
        json["expires_at"].as_str().unwrap().ends_with('Z'),
        "{json}"
    );
    let curl = export(&["--curl"]).stdout;
    let (first, rest) = curl.split_once('\n').unwrap();
    assert!(first.starts_with("url = \"http://127.0.0.1"), "{curl}");
    assert_eq!(rest, "header = \"x-sandbox-download: 1\"\n");
    let table = export(&["-v"]);
    assert!(table.stdout.contains("signature="), "{table:?}");
    assert!(
        !table.stderr.contains("signature="),
        "only standard output: {table:?}"
    );
}

#[test]
fn a_new_version_is_uploaded_and_read() {
    let place = place();
    let id = document(&place, "a.csv", "a", "x\n1\n").id.to_string();
    let files = directory(&[
        ("sales.csv", "branch,note\nScranton,\"two\nlines\"\n"),
        ("report.md", REPORT),
    ]);
    for (file, text, outline) in [
        (
            "sales.csv",
            "branch\tnote\nScranton\ttwo lines\n",
            "1 row: branch, note\n",
        ),
        (
            "report.md",
            "Report\n\nSales rise.\n",
            "heading 1  Report\nparagraph  Sales rise.\n",
        ),
    ] {
        let done = run(
            &place,
            &files,
            &["versions", "upload", &id, file, "-o", "ids"],
        );
        assert_eq!(
            (done.code, done.stderr.as_str()),
            (Some(0), "1 uploaded.\n")
        );
        let version = done.stdout.trim_end();
        assert_eq!(place.run(&["documents", "wait", &id]).code, Some(0));
        let read = |arguments: &[&str]| place.run(&[&["versions"], arguments, &[version]].concat());
        assert_eq!(read(&["text"]).stdout, text);
        assert!(
            read(&["record"]).stdout.ends_with(outline),
            "{:?}",
            read(&["record"])
        );
        let json = read(&["record", "-o", "json"]).stdout;
        let record: factify_core::records::Record = serde_json::from_str(&json).unwrap();
        assert!(record.content.is_some(), "{json}");
    }
    let refused = place.run(&[
        "versions",
        "text",
        "ver_01h2xcejqtf2nbrexx3vqjhp41",
        "-o",
        "json",
    ]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
}
