//! Uploads and downloads of documents over loopback: the SDK compared with hand-written streaming on hyper and
//! ureq. `FACTIFY_TRANSFER_MIB=2048` makes them larger.

#![allow(clippy::unwrap_used)]

use factify_benches::by_hand::{self, KEY};
use factify_benches::responses::document_id;
use factify_benches::server::Server;
use factify_benches::side_by_side::SideBySide;
use factify_benches::upload;
use factify_core::{BearerToken, ClientConfig, Upload};

/// The length of one transfer in MiB.
const MIB: u64 = 64;

const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/transfer");

fn main() {
    let server = Server::start();
    let bench = SideBySide::from_args();
    let mib = std::env::var("FACTIFY_TRANSFER_MIB").map_or(MIB, |mib| mib.parse().unwrap());
    let length = mib << 20;
    let times = u32::try_from((512 / mib).max(1)).unwrap();
    upload::file(FILE, length).unwrap();
    let config = ClientConfig::new(BearerToken::new(KEY).unwrap());
    let config = config.base_url(server.url.parse().unwrap());
    let id = document_id(length);
    let name = |what: &str| format!("{what} of {mib} MiB");

    // One blocking thread for reads, as tokio uses for files.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let ours = factify_hyper::client(config.clone()).unwrap();
    let theirs = by_hand::Hyper::new(&server.url);
    let again = |times: u32| 0..times;
    bench.compare(
        &name("async, upload"),
        times,
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    let file = Upload::file(FILE).unwrap();
                    ours.documents()
                        .create(file, "Report")
                        .send()
                        .await
                        .unwrap();
                }
            });
        },
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    theirs.upload(FILE, length).await.unwrap();
                }
            });
        },
    );
    bench.compare(
        &name("async, download"),
        times,
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    let download = ours.document(id).download();
                    assert_eq!(download.to_writer(std::io::sink()).await.unwrap(), length);
                }
            });
        },
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    assert_eq!(theirs.download(length).await.unwrap(), length);
                }
            });
        },
    );

    let ours = factify_ureq::client(config).unwrap();
    let theirs = by_hand::Ureq::new(&server.url);
    bench.compare(
        &name("blocking, upload"),
        times,
        |times| {
            for _ in again(times) {
                let file = Upload::file(FILE).unwrap();
                ours.documents().create(file, "Report").send().unwrap();
            }
        },
        |times| {
            for _ in again(times) {
                theirs.upload(FILE, length).unwrap();
            }
        },
    );
    bench.compare(
        &name("blocking, download"),
        times,
        |times| {
            for _ in again(times) {
                let download = ours.document(id).download();
                assert_eq!(download.to_writer(std::io::sink()).unwrap(), length);
            }
        },
        |times| {
            for _ in again(times) {
                assert_eq!(theirs.download(length).unwrap(), length);
            }
        },
    );
}
