//! Sends requests of any operation and prints what the client read from each response, as a line of JSON, to
//! compare it with what other clients read. Each line of the input is a method, a target and a body, with
//! tabs between them.

#![allow(clippy::print_stdout)] // This is what the program is for.

use std::error::Error;
use std::io::{BufRead, stdin};

use factify_core::blocking::Client;
use factify_core::bytes::Bytes;
use factify_core::http::Request;
use factify_core::{ClientConfig, ServeOperation};
use factify_ureq::UreqTransport;

macro_rules! operations {
    ($($Operation:ty),+) => {
        fn read(client: &Client<UreqTransport>, request: &Request<Bytes>) -> Result<Bytes, Box<dyn Error>> {
            $(if let Some(read) = read_as::<$Operation>(client, request)? {
                return Ok(read);
            })+
            Err("no operation has this method and path".into())
        }
    };
}

factify_core::for_each_operation!(operations);

fn main() -> Result<(), Box<dyn Error>> {
    let client = factify_ureq::client(ClientConfig::from_env()?)?;
    for line in stdin().lock().lines() {
        let line = line?;
        let mut parts = line.split('\t');
        let (method, target) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let body = parts.next().unwrap_or_default().to_owned();
        let mut request = Request::builder().method(method).uri(target);
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let read = read(&client, &request.body(body.into())?)?;
        println!("{}", String::from_utf8(read.to_vec())?);
    }
    Ok(())
}

/// What the client read, if the request is of this operation.
fn read_as<O: ServeOperation>(
    client: &Client<UreqTransport>,
    request: &Request<Bytes>,
) -> Result<Option<Bytes>, Box<dyn Error>> {
    let Some(path) = O::INFO.match_path(request.uri().path()) else {
        return Ok(None);
    };
    // `quota` in the place of an ID is another path.
    if O::INFO.method != *request.method() || O::check_path(&path).is_err() {
        return Ok(None);
    }
    let operation = O::from_request(&path, request).map_err(|invalid| format!("{invalid:?}"))?;
    let output = client.call(operation).send()?;
    Ok(Some(O::encode_output(&output)?))
}
