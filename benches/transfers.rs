//! Uploads and downloads over loopback: the SDK compared with hand-written streaming on hyper and ureq.

#![allow(clippy::unwrap_used)]

use factify_benches::by_hand::{self, KEY};
use factify_benches::server::Server;
use factify_benches::side_by_side::SideBySide;
use factify_benches::upload::{self, UploadFile};
use factify_core::{BearerToken, ClientConfig, PresignedUrl, RequestBody};

/// The length of one transfer in bytes.
const LENGTH: u64 = 64 << 20;

const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/transfer");

fn main() {
    let server = Server::start();
    let bench = SideBySide::from_args();
    upload::file(FILE, LENGTH).unwrap();
    let config = ClientConfig::new(BearerToken::new(KEY).unwrap());
    let config = config.base_url(server.url.parse().unwrap());
    let url = PresignedUrl::parse(&format!("{}/bytes/{LENGTH}", server.url)).unwrap();

    // One blocking thread for reads, as tokio uses for files.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.unwrap();
    let ours = factify_hyper::client(config.clone()).unwrap();
    let theirs = by_hand::Hyper::new(&server.url);
    let again = |times: u32| 0..times;
    bench.compare(
        "async: upload of 64 MiB",
        8,
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    let call = ours.call(UploadFile(RequestBody::file(FILE).unwrap()));
                    call.send().await.unwrap();
                }
            });
        },
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    theirs.upload(FILE, LENGTH).await.unwrap();
                }
            });
        },
    );
    bench.compare(
        "async: download of 64 MiB",
        8,
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    let mut download = ours.download(url.clone()).send().await.unwrap();
                    let length = download.to_writer(std::io::sink()).await.unwrap();
                    assert_eq!(length, LENGTH);
                }
            });
        },
        |times| {
            runtime.block_on(async {
                for _ in again(times) {
                    assert_eq!(theirs.download(LENGTH).await.unwrap(), LENGTH);
                }
            });
        },
    );

    let ours = factify_ureq::client(config).unwrap();
    let theirs = by_hand::Ureq::new(&server.url);
    bench.compare(
        "blocking: upload of 64 MiB",
        8,
        |times| {
            for _ in again(times) {
                let call = ours.call(UploadFile(RequestBody::file(FILE).unwrap()));
                call.send().unwrap();
            }
        },
        |times| {
            for _ in again(times) {
                theirs.upload(FILE, LENGTH).unwrap();
            }
        },
    );
    bench.compare(
        "blocking: download of 64 MiB",
        8,
        |times| {
            for _ in again(times) {
                let mut download = ours.download(url.clone()).send().unwrap();
                assert_eq!(download.to_writer(std::io::sink()).unwrap(), LENGTH);
            }
        },
        |times| {
            for _ in again(times) {
                assert_eq!(theirs.download(LENGTH).unwrap(), LENGTH);
            }
        },
    );
}
