//! Uploads or downloads once and prints the peak memory in KB:
//! `transfer hyper|ureq up|down LENGTH URL`, with the URL of a sandbox.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use factify_benches::by_hand::KEY;
use factify_benches::cost;
use factify_benches::upload::{self, UploadFile};
use factify_core::{BearerToken, ClientConfig, PresignedUrl, RequestBody};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [transport, direction, length, url] = arguments.as_slice() else {
        println!("usage: transfer hyper|ureq up|down LENGTH URL");
        std::process::exit(2);
    };
    let length: u64 = length.parse().unwrap();
    let config = ClientConfig::new(BearerToken::new(KEY).unwrap()).base_url(url.parse().unwrap());
    let presigned = PresignedUrl::parse(&format!("{url}/_sandbox/downloads/{length}")).unwrap();
    let path = std::env::temp_dir().join(format!("transfer-{}", std::process::id()));
    let path = path.to_str().unwrap();
    upload::file(path, length).unwrap();
    let body = RequestBody::file(path).unwrap();
    let transferred = match (transport.as_str(), direction.as_str()) {
        ("ureq", "up") => {
            let client = factify_ureq::client(config).unwrap();
            client.call(UploadFile(body)).send().unwrap()
        }
        ("ureq", _) => {
            let client = factify_ureq::client(config).unwrap();
            let mut download = client.download(presigned).send().unwrap();
            download.to_writer(std::io::sink()).unwrap().to_string()
        }
        (_, direction) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let client = factify_hyper::client(config).unwrap();
                if direction == "up" {
                    return client.call(UploadFile(body)).send().await.unwrap();
                }
                let mut download = client.download(presigned).send().await.unwrap();
                download
                    .to_writer(std::io::sink())
                    .await
                    .unwrap()
                    .to_string()
            })
        }
    };
    std::fs::remove_file(path).unwrap();
    println!("{} {transferred}", cost::peak_memory());
}
