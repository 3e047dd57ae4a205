use std::collections::BTreeSet;

use factify_core::Upload;

use super::{CONTENT, LENGTH};
use crate::sandbox;
use crate::transport::{TestTransport, direct};

/// The uploads at once.
const UPLOADS: usize = 64;

/// Each with its own file, through one client.
pub fn uploads_at_once_create_a_document_each<T: TestTransport>() {
    let (sandbox, _server, config) = sandbox::start();
    let client = direct::<T>(config);
    let ids: BTreeSet<_> = std::thread::scope(|scope| {
        let uploads: Vec<_> = (0..UPLOADS)
            .map(|number| {
                let client = &client;
                scope.spawn(move || {
                    let mut content = CONTENT.clone();
                    content[..8].copy_from_slice(&number.to_le_bytes());
                    let file = Upload::bytes("report.pdf", content);
                    let title = format!("Report {number}");
                    let document = client.documents().create(file, title).send().unwrap();
                    (document.id, number)
                })
            })
            .collect();
        uploads
            .into_iter()
            .map(|upload| upload.join().unwrap())
            .collect()
    });
    let documents = sandbox.documents();
    assert_eq!((ids.len(), documents.len()), (UPLOADS, UPLOADS));
    for (id, number) in ids {
        let document = documents.iter().find(|document| document.id == id).unwrap();
        assert_eq!(document.title, format!("Report {number}"));
        let mut content = Vec::with_capacity(LENGTH);
        client
            .document(id)
            .download()
            .to_writer(&mut content)
            .unwrap();
        assert!(
            content[..8] == number.to_le_bytes() && content[8..] == CONTENT[8..],
            "{number}"
        );
    }
}
