//! The round trip of every operation: `from_request` reads what `encode` writes, and `decode` reads
//! what `encode_output` writes.

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use bytes::Bytes;
use factify_core::{BaseUrl, BearerToken, ErrorKind, Operation, ServeOperation};
use http::Response;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// The minimum number of valid generated values of each operation.
const LEAST: usize = 200;

fn request<O: Operation>(operation: &O) -> Option<http::Request<Bytes>> {
    let token = BearerToken::new("ffy_test_example").unwrap();
    match operation.encode(&BaseUrl::production(), &token) {
        Ok(request) => Some(request.map(|body| body.into_bytes().expect("in memory"))),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Invalid);
            None
        }
    }
}

/// Checks the round trip. Returns whether the operation is valid.
fn round_trips<O>(bytes: &[u8]) -> bool
where
    O: ServeOperation<Output: Debug + PartialEq + for<'a> Arbitrary<'a>>
        + Debug
        + PartialEq
        + for<'a> Arbitrary<'a>,
{
    let mut bytes = Unstructured::new(bytes);
    let operation = O::arbitrary(&mut bytes).unwrap();
    let mut output = O::Output::arbitrary(&mut bytes).unwrap();

    let body = O::encode_output(&output).unwrap();
    assert_eq!(O::decode_body(&body).unwrap(), output);
    let differs = operation.verify(&output).is_err();
    let decoded = operation.decode(Response::new(body));
    if differs {
        assert_eq!(decoded.unwrap_err().kind(), ErrorKind::Mismatch);
    } else {
        assert_eq!(decoded.unwrap(), output);
    }
    operation.agree(&mut output);
    let body = O::encode_output(&output).unwrap();
    assert_eq!(operation.decode(Response::new(body)).unwrap(), output);

    let Some(sent) = request(&operation) else {
        return false;
    };
    let path = O::INFO.match_path(sent.uri().path()).unwrap();
    O::check_path(&path).unwrap();
    let read = O::from_request(&path, &sent).unwrap();
    assert_eq!(read, operation);
    let again = request(&read).unwrap();
    assert_eq!(again.uri(), sent.uri());
    // Each form has a different boundary.
    assert_eq!(again.body().len(), sent.body().len());
    assert_eq!(O::from_request(&path, &again).unwrap(), operation);
    true
}

macro_rules! every_operation {
    ($($Operation:ty),+) => {
        #[test]
        fn every_operation_passes_the_round_trip() {
            $(every::<$Operation>();)+
        }
    };
}

factify_core::for_each_operation!(every_operation);

fn every<O>()
where
    O: ServeOperation<Output: Debug + PartialEq + for<'a> Arbitrary<'a>>
        + Debug
        + PartialEq
        + for<'a> Arbitrary<'a>,
{
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let bytes = vec(any::<u8>(), 0..4_000);
    let sent = (0..4 * LEAST)
        .filter(|_| round_trips::<O>(&bytes.new_tree(&mut runner).unwrap().current()))
        .count();
    assert!(sent >= LEAST, "{}: only {sent} were valid", O::INFO.id);
}
