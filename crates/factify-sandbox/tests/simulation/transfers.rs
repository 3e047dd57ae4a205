//! Downloads, waits and uploads whose response is lost.

use std::time::Duration;

use bytes::Bytes;
use factify_core::documents::{CreateDocument, GetDocument, ProcessingStatus};
use factify_core::{
    Client, DocumentId, Error, Operation, Outcome, ServeOperation, Timestamp, Upload, blocking,
};
use factify_sandbox::Sandbox;

use crate::call::{Call, Said, Sending};
use crate::network::Network;

/// The names of the calls.
pub const NAMES: [&str; 3] = [
    "documents.download",
    "documents.wait_until_processed",
    "documents.find_upload",
];

/// A call about a document, within a deadline for all of its requests.
pub fn draw(sandbox: &Sandbox, random: &mut fastrand::Rng, deadline: Duration) -> Box<dyn Call> {
    let document = sandbox.documents().swap_remove(random.usize(..3)).id;
    match random.u8(..4) {
        0 => Box::new(Wait(document, deadline)),
        1 => Box::new(FindUpload {
            title: format!("Plan {:08x}", random.u32(..)),
            since: sandbox.now(),
        }),
        _ => Box::new(Download(document, deadline)),
    }
}

#[derive(Debug)]
struct Download(DocumentId, Duration);

impl Call for Download {
    fn name(&self) -> &'static str {
        NAMES[0]
    }

    fn is_safe(&self) -> bool {
        true
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn repeats_requests(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async {
            let mut bytes = Vec::new();
            let call = client.document(self.0).download().deadline(self.1);
            saved(call.to_writer(&mut bytes).await, bytes)
        })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let mut bytes = Vec::new();
        let call = client.document(self.0).download().deadline(self.1);
        saved(call.to_writer(&mut bytes), bytes)
    }
}

fn saved(result: Result<u64, Error>, bytes: Vec<u8>) -> Said {
    match result {
        Ok(length) => {
            assert_eq!(length, bytes.len() as u64);
            Said::Saved(bytes)
        }
        Err(error) => Said::Failed(error),
    }
}

#[derive(Debug)]
struct Wait(DocumentId, Duration);

impl Call for Wait {
    fn name(&self) -> &'static str {
        NAMES[1]
    }

    fn is_safe(&self) -> bool {
        true
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn repeats_requests(&self) -> bool {
        true
    }

    fn output(&self, body: &Bytes) -> Option<Bytes> {
        let document = GetDocument::decode_body(body).ok()?;
        let is_ready = document.processing_status == ProcessingStatus::Ready;
        is_ready.then(|| GetDocument::encode_output(&document).unwrap())
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async {
            let call = client.document(self.0).wait_until_processed();
            crate::call::said::<GetDocument>(call.deadline(self.1).send().await)
        })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let call = client.document(self.0).wait_until_processed();
        crate::call::said::<GetDocument>(call.deadline(self.1).send())
    }
}

/// An upload, and the look for its document if it is not known whether there is one.
#[derive(Debug)]
struct FindUpload {
    title: String,
    since: Timestamp,
}

/// The end of an upload, and what was found afterwards.
#[derive(Debug)]
pub struct Uploaded {
    pub title: String,
    /// `None` after a success.
    pub outcome: Option<Outcome>,
    /// `None` without a look, or if it failed.
    pub found: Option<Vec<DocumentId>>,
}

impl FindUpload {
    fn upload(&self) -> CreateDocument {
        CreateDocument::new(Upload::bytes("plan.md", "# Plan"), self.title.clone())
    }

    fn end(&self, outcome: Option<Outcome>, found: Option<Vec<DocumentId>>) -> Said {
        let title = self.title.clone();
        Said::Uploaded(Uploaded {
            title,
            outcome,
            found,
        })
    }
}

impl Call for FindUpload {
    fn name(&self) -> &'static str {
        NAMES[2]
    }

    fn is_safe(&self) -> bool {
        false
    }

    fn is_idempotent(&self) -> bool {
        false
    }

    fn is_walk(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async {
            let Err(error) = client.call(self.upload()).send().await else {
                return self.end(None, None);
            };
            if error.outcome() == Outcome::NotApplied {
                return self.end(Some(Outcome::NotApplied), None);
            }
            let find = client
                .documents()
                .find_upload(self.title.clone(), self.since);
            let (mut items, mut found) = (find.items(), Vec::new());
            let found = loop {
                match items.try_next().await {
                    Ok(Some(document)) => found.push(document.id),
                    Ok(None) => break Some(found),
                    Err(_) => break None,
                }
            };
            self.end(Some(error.outcome()), found)
        })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let Err(error) = client.call(self.upload()).send() else {
            return self.end(None, None);
        };
        if error.outcome() == Outcome::NotApplied {
            return self.end(Some(Outcome::NotApplied), None);
        }
        let find = client
            .documents()
            .find_upload(self.title.clone(), self.since);
        let found: Result<Vec<_>, _> = find
            .items()
            .map(|found| Ok::<_, Error>(found?.id))
            .collect();
        self.end(Some(error.outcome()), found.ok())
    }
}
