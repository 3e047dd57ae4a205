//! Uploads or downloads once and prints the peak memory in KB:
//! `transfer hyper|ureq up|down LENGTH URL`, with the URL of a sandbox, or
//! `transfer hyper|ureq create|save LENGTH`, with a document.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::sink;

use factify_benches::by_hand::KEY;
use factify_benches::cost;
use factify_benches::responses::document_id;
use factify_benches::server::Server;
use factify_benches::upload::{self, UploadFile};
use factify_core::{BearerToken, ClientConfig, PresignedUrl, RequestBody, Upload};

/// Calls `$client` in one of the ways. Both clients differ only in how they wait.
macro_rules! transfer {
    ($client:expr, $direction:ident, $length:ident, $url:ident, $path:ident $(, $await:tt)?) => {{
        let client = $client;
        match $direction {
            "up" => {
                let call = client.call(UploadFile(RequestBody::file($path).unwrap()));
                call.send()$(.$await)?.unwrap()
            }
            "down" => {
                let presigned = format!("{}/_sandbox/downloads/{}", $url, $length);
                let presigned = PresignedUrl::parse(&presigned).unwrap();
                let mut download = client.download(presigned).send()$(.$await)?.unwrap();
                download.to_writer(sink())$(.$await)?.unwrap().to_string()
            }
            "create" => {
                let create = client.documents().create(Upload::file($path).unwrap(), "Report");
                // The server responds with the length of the form.
                create.send()$(.$await)?.unwrap().title
            }
            _ => {
                let document = client.document(document_id($length));
                document.download().to_writer(sink())$(.$await)?.unwrap().to_string()
            }
        }
    }};
}

fn main() {
    let server = Server::start();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (transport, direction, length, url) = match arguments.as_slice() {
        [transport, direction, length] => (transport, direction.as_str(), length, &server.url),
        [transport, direction, length, url] => (transport, direction.as_str(), length, url),
        _ => {
            println!("usage: transfer hyper|ureq up|down LENGTH URL, or create|save LENGTH");
            std::process::exit(2);
        }
    };
    let length: u64 = length.parse().unwrap();
    let config = ClientConfig::new(BearerToken::new(KEY).unwrap()).base_url(url.parse().unwrap());
    let path = std::env::temp_dir().join(format!("transfer-{}", std::process::id()));
    let path = path.to_str().unwrap();
    upload::file(path, length).unwrap();
    let transferred = if transport == "ureq" {
        transfer!(
            factify_ureq::client(config).unwrap(),
            direction,
            length,
            url,
            path
        )
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let client = factify_hyper::client(config).unwrap();
            transfer!(client, direction, length, url, path, await)
        })
    };
    std::fs::remove_file(path).unwrap();
    println!("{} {transferred}", cost::peak_memory());
}
