//! Documents and their versions, through the public client.

use std::time::Duration;

use factify_core::blocking::Client;
use factify_core::bytes::Bytes;
use factify_core::documents::{
    AccessLevel, Document, DocumentOwnership, DocumentSort, DocumentTrashState, ListDocuments,
    ProcessingOutcome, ProcessingStatus, SourceFormat,
};
use factify_core::{Error, ErrorKind, Outcome, Upload};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxTransport};
use http::{Method, Request, StatusCode};

type SandboxClient = Client<SandboxTransport>;

const PDF: &str = "%PDF-1.7 a report";

fn pdf(name: &str) -> Upload {
    Upload::bytes(name, PDF)
}

fn created(client: &SandboxClient, title: &str) -> Document {
    let create = client.documents().create(pdf("report.pdf"), title);
    create.send().unwrap()
}

#[test]
fn an_upload_is_processed_and_can_be_downloaded_again() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let uploaded = created(&client, "Report");
    assert_eq!(uploaded.processing_status, ProcessingStatus::Processing);
    assert_eq!(uploaded.source_format, Some(SourceFormat::Pdf));
    assert_eq!(uploaded.access_level, AccessLevel::Organization);

    let document = client.document(uploaded.id);
    let ready = document.wait_until_processed().send().unwrap();
    assert_eq!(ready.processing_status, ProcessingStatus::Ready);
    assert_eq!(document.get().send().unwrap(), ready);
    let exported = document.export().send().unwrap();
    let mut bytes = Vec::new();
    let mut download = client.download(exported.url).send().unwrap();
    download.to_writer(&mut bytes).unwrap();
    assert_eq!(bytes, PDF.as_bytes());
    assert_eq!(download.headers()["content-type"], "application/pdf");
}

#[test]
fn a_file_that_cannot_be_read_fails() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let file = Upload::bytes("data.bin", "?");
    let document = client.documents().create(file, "Data").send().unwrap();
    let document = client.document(document.id);
    let busy = document.process().send().unwrap();
    assert_eq!(busy.status, Some(ProcessingOutcome::AlreadyProcessing));
    let error = document.wait_until_processed().send().unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome(), error.is_retryable()),
        (ErrorKind::Processing, Outcome::NotApplied, false)
    );
    let report = error.report().to_string();
    assert!(
        report
            .starts_with("documents.wait_until_processed: the API could not read the file of doc_"),
        "{report}"
    );
    let started = document.process().asynchronous(true).send().unwrap();
    assert_eq!(started.status, Some(ProcessingOutcome::Started));
    let again = document.process().send().unwrap();
    assert_eq!(again.status, Some(ProcessingOutcome::AlreadyProcessing));
}

#[test]
fn an_upload_whose_response_is_lost_is_not_repeated_and_can_be_found() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    created(&client, "Report of last year");
    sandbox.advance(Duration::from_secs(60));
    let started = sandbox.now();
    for (fault, outcome, found) in [
        (Fault::DropAfter, Outcome::Unknown, 1),
        (Fault::DropBefore, Outcome::Unknown, 1),
        (Fault::Refuse, Outcome::NotApplied, 2),
    ] {
        sandbox.inject(FaultPlan::schedule([Some(fault)]));
        let upload = client
            .documents()
            .create(pdf("report.pdf"), "Report")
            .send();
        match upload {
            Ok(_) => assert_eq!(outcome, Outcome::NotApplied, "it was sent again"),
            Err(error) => {
                assert_eq!((error.outcome(), error.attempts()), (outcome, 1));
                let report = error.report().to_string();
                assert!(
                    report.contains("Look for it with `documents().find_upload`"),
                    "{report}"
                );
            }
        }
        let documents = client.documents().find_upload("Report", started).items();
        assert_eq!(documents.count(), found);
    }
}

/// Larger than any response of the API, and cut off in the middle.
#[test]
fn a_download_that_breaks_off_is_resumed() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let content: Vec<u8> = (0..20_u32 << 18).flat_map(u32::to_be_bytes).collect();
    let file = Upload::bytes("large.pdf", content.clone());
    let document = client.documents().create(file, "Large").send().unwrap();
    let document = client.document(document.id);
    for faults in [
        vec![],
        vec![None, Some(Fault::Truncate)],
        vec![None, Some(Fault::Truncate), Some(Fault::Truncate)],
        vec![None, Some(Fault::DropAfter), Some(Fault::Truncate)],
    ] {
        sandbox.inject(FaultPlan::schedule(faults.clone()));
        let mut bytes = Vec::new();
        document.download().to_writer(&mut bytes).unwrap();
        assert!(bytes == content, "{faults:?}");
    }
}

/// The deadline, what happens to the requests, the error with its status, and when the wait ends, all in milliseconds. The
/// document is processed after two seconds.
#[test]
fn a_wait_ends_with_the_document_or_at_its_deadline() {
    const UNAVAILABLE: Fault = Fault::Unavailable { processed: false };
    let page = Fault::Html {
        status: StatusCode::FORBIDDEN,
        processed: false,
    };
    let first = |count| FaultPlan::schedule(vec![Some(UNAVAILABLE); count]);
    let none = FaultPlan::default;
    let limited = |seconds| {
        let retry_after = Some(seconds);
        FaultPlan::schedule(vec![Some(Fault::RateLimited { retry_after })])
    };
    let refused = |status| Err((ErrorKind::Api, Some(status)));
    let late = Err((ErrorKind::Timeout, None));
    for (deadline, faults, expected, ends) in [
        (300_000, none(), Ok(()), 2_000..=4_000),
        (2_300, none(), Ok(()), 2_000..=2_300),
        (1_900, none(), late, 1_600..=1_900),
        (10, none(), late, 1..=10),
        (0, none(), late, 0..=0),
        (300_000, first(4), Ok(()), 2_000..=6_000),
        (10_000, first(9), Ok(()), 2_000..=10_000),
        (
            10_000,
            FaultPlan::always(UNAVAILABLE),
            refused(503),
            9_000..=10_000,
        ),
        (10_000, limited(4), Ok(()), 4_000..=10_000),
        (10_000, limited(60), refused(429), 0..=0),
        (
            10_000,
            FaultPlan::always(Fault::Hang),
            late,
            10_000..=10_000,
        ),
        (10_000, FaultPlan::always(page), refused(403), 0..=0),
    ] {
        let name = format!("{deadline} ms, {faults:?}");
        let sandbox = Sandbox::new(1);
        let client = sandbox.blocking_client(Persona::Member);
        let document = created(&client, "Report");
        let started = sandbox.now();
        sandbox.inject(faults);
        let wait = client.document(document.id).wait_until_processed();
        let result = wait.deadline(Duration::from_millis(deadline)).send();
        let found = result.as_ref().map(|document| {
            assert_eq!(
                document.processing_status,
                ProcessingStatus::Ready,
                "{name}"
            );
        });
        let found = found.map_err(|error| {
            assert_eq!(
                error.operation(),
                "documents.wait_until_processed",
                "{name}"
            );
            (error.kind(), error.status().map(|status| status.as_u16()))
        });
        assert_eq!(found, expected, "{name}: {result:?}");
        let took = sandbox.now().unix_millis() - started.unix_millis();
        assert!(ends.contains(&took), "{name}: {took} ms, {result:?}");
    }
}

/// Three documents of the owner and one of the admin. Returns the titles that a list has, in its order.
fn titles(change: fn(&mut ListDocuments, &Sandbox)) -> Vec<String> {
    let sandbox = Sandbox::new(1);
    let owner = sandbox.blocking_client(Persona::Owner);
    let admin = sandbox.blocking_client(Persona::Admin);
    created(&owner, "Budget");
    sandbox.advance(Duration::from_secs(60));
    let notes = Upload::bytes("notes.md", "# Notes");
    let create = owner.documents().create(notes, "Agenda");
    create.description("of the BOARD").send().unwrap();
    sandbox.advance(Duration::from_secs(60));
    let old = created(&owner, "Old");
    owner.document(old.id).trash().send().unwrap();
    let create = admin.documents().create(pdf("c.pdf"), "Contract");
    create.access_level(AccessLevel::Private).send().unwrap();
    let mut list = ListDocuments::new();
    change(&mut list, &sandbox);
    let items = owner.call(list).items();
    items.map(|document| document.unwrap().title).collect()
}

#[test]
fn each_filter_of_the_list() {
    type Row = (fn(&mut ListDocuments, &Sandbox), &'static [&'static str]);
    let rows: &[Row] = &[
        (|_, _| {}, &["Agenda", "Budget"]),
        (|list, _| list.page_size = Some(1), &["Agenda", "Budget"]),
        (
            |list, _| list.sort = Some(DocumentSort::CreatedAt),
            &["Budget", "Agenda"],
        ),
        (
            |list, _| list.sort = Some(DocumentSort::Name),
            &["Agenda", "Budget"],
        ),
        (
            |list, _| list.sort = Some(DocumentSort::NameDescending),
            &["Budget", "Agenda"],
        ),
        (
            |list, _| list.sort = Some("new".into()),
            &["Agenda", "Budget"],
        ),
        (|list, _| list.query = Some("board".into()), &["Agenda"]),
        (|list, _| list.query = Some("BUDG".into()), &["Budget"]),
        (
            |list, _| list.title_contains = Some("age".into()),
            &["Agenda"],
        ),
        (
            |list, _| list.description_contains = Some("of".into()),
            &["Agenda"],
        ),
        (
            |list, _| list.source_format = vec![SourceFormat::Markdown],
            &["Agenda"],
        ),
        (
            |list, _| list.source_format = vec![SourceFormat::Pdf, SourceFormat::Csv],
            &["Budget"],
        ),
        (
            |list, _| list.trash_state = vec![DocumentTrashState::Trashed],
            &["Old"],
        ),
        (
            |list, _| list.ownership = vec![DocumentOwnership::Owned],
            &["Agenda", "Budget"],
        ),
        (
            |list, _| list.ownership = vec![DocumentOwnership::NotOwned],
            &[],
        ),
        (
            |list, _| list.organization_scope = Some(true),
            &["Contract", "Agenda", "Budget"],
        ),
        (
            |list, _| list.access_level = vec![AccessLevel::Organization],
            &["Agenda", "Budget"],
        ),
        (|list, _| list.access_level = vec![AccessLevel::Public], &[]),
        (
            |list, _| list.processing_status = vec![ProcessingStatus::Ready],
            &["Agenda", "Budget"],
        ),
        (
            |list, _| list.processing_status = vec![ProcessingStatus::Processing],
            &[],
        ),
        (
            |list, sandbox| list.created_by_id = vec![sandbox.user_id(Persona::Owner).into()],
            &["Agenda", "Budget"],
        ),
        (
            |list, sandbox| list.created_by_id = vec![sandbox.user_id(Persona::Admin).into()],
            &[],
        ),
        (
            |list, sandbox| list.created_after = sandbox.now().checked_sub(Duration::from_secs(90)),
            &["Agenda"],
        ),
        (
            |list, sandbox| {
                list.created_before = sandbox.now().checked_sub(Duration::from_secs(90));
            },
            &["Budget"],
        ),
    ];
    for (row, (change, expected)) in rows.iter().enumerate() {
        assert_eq!(titles(*change), *expected, "row {row}");
    }
}

#[test]
fn the_trash_ends_the_access_of_others() {
    let sandbox = Sandbox::new(1);
    let [owner, member] = [Persona::Owner, Persona::Member].map(|it| sandbox.blocking_client(it));
    let document = created(&owner, "Report");
    let (as_owner, as_member) = (owner.document(document.id), member.document(document.id));
    assert!(as_member.get().send().is_ok());
    for _ in 0..2 {
        as_owner.trash().send().unwrap();
        assert!(as_member.get().send().unwrap_err().is_not_found());
        assert!(as_owner.get().send().unwrap().trashed_at.is_some());
    }
    for _ in 0..2 {
        as_owner.untrash().send().unwrap();
        assert!(as_owner.get().send().unwrap().trashed_at.is_none());
    }
    // Restoring the document does not restore it.
    assert!(as_member.get().send().unwrap_err().is_not_found());
}

#[test]
fn a_document_counts_for_the_quota_of_the_organization() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let quota = || client.documents().get_quota().send().unwrap();
    assert_eq!((quota().limit, quota().used), (0, 0));
    sandbox.set_document_quota(sandbox.organization_id(), 1);
    let document = created(&client, "Report");
    client.document(document.id).trash().send().unwrap();
    assert_eq!((quota().limit, quota().used, quota().available), (1, 1, 0));
    let create = client.documents().create(pdf("b.pdf"), "More");
    let error = create.send().unwrap_err();
    assert!(
        error.is_quota_exceeded() && error.attempts() == 1,
        "{error}"
    );
}

#[test]
fn versions_replace_the_file() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let document = created(&client, "Report");
    let versions = client.document(document.id).versions();
    let second = Upload::bytes("b.csv", "a,b\n1,2\n");
    let second = versions.create(second).title("Second").send().unwrap();
    let listed: Vec<_> = versions.list().items().map(Result::unwrap).collect();
    assert_eq!((listed.len(), &listed[0]), (2, &second));
    let current = client.document(document.id).get().send().unwrap();
    assert_eq!(current.current_version.unwrap().id, second.id);
    assert_eq!(current.source_format, Some(SourceFormat::Csv));
    let version = client.version(second.id);
    let changed = version
        .update()
        .title("")
        .description("Numbers")
        .send()
        .unwrap();
    assert_eq!(changed.title.as_deref(), Some(""));
    assert_eq!(version.get().send().unwrap(), changed);
    // The first file is still there.
    let export = client.document(document.id).export();
    let exported = export.version_id(listed[1].id).send().unwrap();
    let mut bytes = Vec::new();
    let mut download = client.download(exported.url).send().unwrap();
    download.to_writer(&mut bytes).unwrap();
    assert_eq!(bytes, PDF.as_bytes());
}

#[test]
fn documents_with_the_same_content_are_duplicates() {
    let sandbox = Sandbox::new(1);
    let [owner, member] = [Persona::Owner, Persona::Member].map(|it| sandbox.blocking_client(it));
    let (first, second) = (created(&owner, "One"), created(&member, "Two"));
    let hidden = owner.documents().create(pdf("c.pdf"), "Three");
    hidden.access_level(AccessLevel::Private).send().unwrap();
    let found = |client: &SandboxClient, document: &Document| {
        let found = client
            .document(document.id)
            .list_duplicates()
            .send()
            .unwrap();
        found
            .into_iter()
            .map(|it| it.title.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&member, &first), ["Two"]);
    assert_eq!(found(&owner, &second), ["One", "Three"]);
}

#[test]
fn another_member_becomes_the_owner() {
    let sandbox = Sandbox::new(1);
    let [owner, member] = [Persona::Owner, Persona::Member].map(|it| sandbox.blocking_client(it));
    let document = created(&owner, "Report");
    let transfer = |to| {
        owner
            .document(document.id)
            .transfer_ownership(sandbox.user_id(to))
            .send()
    };
    let refused = |to| {
        let error: Error = transfer(to).unwrap_err();
        assert!(error.is_failed_precondition(), "{error}");
    };
    refused(Persona::Outsider);
    refused(Persona::Owner);
    transfer(Persona::Member).unwrap();
    refused(Persona::Member);
    let theirs = member
        .documents()
        .list()
        .ownership(DocumentOwnership::Owned);
    assert_eq!(theirs.items().count(), 1);
}

/// Requests to the URL of a file, with these headers: the status, and the content.
#[test]
fn a_presigned_url_is_checked() {
    let sandbox = Sandbox::new(1);
    let client = sandbox.blocking_client(Persona::Member);
    let document = created(&client, "Report");
    let exported = client.document(document.id).export().send().unwrap();
    let request = exported.url.request();
    let get = |headers: &[(&'static str, &str)], left_out: &str, target: &str| {
        let uri = request.uri().to_string().replace("signature=", target);
        let mut get = Request::builder().method(Method::GET).uri(uri);
        for (name, value) in request.headers() {
            if name != left_out {
                get = get.header(name, value);
            }
        }
        for (name, value) in headers {
            get = get.header(*name, *value);
        }
        sandbox.handle(&get.body(Bytes::new()).unwrap())
    };
    let whole = get(&[], "", "signature=");
    let etag = whole.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(
        (whole.status(), &whole.body()[..]),
        (StatusCode::OK, PDF.as_bytes())
    );
    for (headers, left_out, target, status, range) in [
        (
            &[("authorization", "Bearer x")][..],
            "",
            "signature=",
            400,
            None,
        ),
        (&[], "x-sandbox-download", "signature=", 403, None),
        (&[], "", "signature=0", 403, None),
        (
            &[("range", "bytes=1-3")],
            "",
            "signature=",
            206,
            Some("bytes 1-3/17"),
        ),
        (
            &[("range", "bytes=17-")],
            "",
            "signature=",
            416,
            Some("bytes */17"),
        ),
        (&[("if-match", &*etag)], "", "signature=", 200, None),
        (&[("if-match", "\"other\"")], "", "signature=", 412, None),
    ] {
        let response = get(headers, left_out, target);
        assert_eq!(response.status().as_u16(), status, "{headers:?} {left_out}");
        let found = response.headers().get("content-range");
        assert_eq!(found.map(|it| it.to_str().unwrap()), range);
    }
    sandbox.advance(Duration::from_secs(15 * 60));
    assert_eq!(get(&[], "", "signature=").status(), StatusCode::FORBIDDEN);
}
