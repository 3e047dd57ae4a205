//! What h2 traces of a call. Alone in its process, since it listens to all that is traced.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

#[path = "http2/server.rs"]
mod server;

use std::sync::Mutex;

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
async fn it_traces_frames_and_not_what_is_in_them() {
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let subscriber = subscriber.with_writer(|| Log).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let authority = server::tls::Authority::new();
    let (address, _) = server::serve(&authority, |_, respond| server::success(respond)).await;
    let client = server::client(&authority, address);
    let (organization, invite) = server::ids();
    let invites = client.organization(organization).invites();
    invites.revoke(invite).send().await.unwrap();
    let log = LOG.lock().unwrap();
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("send frame") && !log.contains("CANARY"));
}
