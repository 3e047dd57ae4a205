//! An upload that is not an operation of the API, and its file.

use std::fs::File;
use std::io;

use factify_core::http::{HeaderValue, Method};
use factify_core::{Body, DecodeError, Operation, OperationInfo, PathBuilder, RequestBody};

/// Sends a body to any server.
#[derive(Debug)]
pub struct UploadFile(pub RequestBody);

impl Operation for UploadFile {
    type Output = String;

    const INFO: OperationInfo = OperationInfo::new("upload", Method::POST, "/_sandbox/uploads");

    fn path(&self, _: &mut PathBuilder) {}

    fn body(&self) -> Result<Body, serde_json::Error> {
        let binary = HeaderValue::from_static("application/octet-stream");
        Ok(Body::new(binary, self.0.clone()))
    }

    fn decode_body(body: &[u8]) -> Result<String, DecodeError> {
        Ok(String::from_utf8_lossy(body).into_owned())
    }
}

/// Makes a file of `length` zeros. On most file systems it is sparse and needs no disk space.
pub fn file(path: &str, length: u64) -> io::Result<()> {
    File::create(path)?.set_len(length)
}
