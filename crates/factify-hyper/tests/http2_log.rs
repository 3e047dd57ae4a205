//! The trace log of h2. The test runs alone in its process, because it reads all traces.

#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use factify_core::Client;
use factify_hyper::{HyperTransport, Proxy, Roots};
use factify_testkit::Authority;
use factify_testkit::fixtures::{ids, three_attempts};
use factify_testkit::http2::{serve, success};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn h2_traces_frames_but_not_their_content() {
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let subscriber = subscriber.with_writer(|| Log).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let authority = Authority::new();
    let (address, _) = serve(&authority, |_, respond| success(respond)).await;
    let roots = Roots::Custom(vec![authority.certificate()]);
    let transport = HyperTransport::builder().proxy(Proxy::Direct).roots(roots);
    let config = three_attempts(&format!("https://{address}"));
    let client = Client::new(transport.build().unwrap(), config);
    let (organization, invite) = ids();
    let invites = client.organization(organization).invites();
    invites.revoke(invite).send().await.unwrap();
    let log = LOG.lock().unwrap();
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("send frame") && !log.contains("CANARY"));
}
