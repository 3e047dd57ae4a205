//! Prints requests of every operation as lines of JSON, to check them against the API document. The
//! argument is the number of requests for each operation. The values are random, within the types and
//! their limits.

use std::error::Error;

use arbitrary::{Arbitrary, Unstructured};
use factify_core::{BaseUrl, BearerToken, Operation};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

macro_rules! print_each {
    ($($Operation:ty),+) => {
        fn print_all(count: usize, runner: &mut TestRunner) -> Result<(), Box<dyn Error>> {
            $(print::<$Operation>(count, runner)?;)+
            Ok(())
        }
    };
}

factify_core::for_each_operation!(print_each);

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args()
        .nth(1)
        .map_or(Ok(20), |text| text.parse())?;
    print_all(count, &mut TestRunner::deterministic())
}

#[allow(clippy::print_stdout)] // This is what the program is for.
fn print<O>(count: usize, runner: &mut TestRunner) -> Result<(), Box<dyn Error>>
where
    O: Operation + for<'a> Arbitrary<'a>,
{
    let (base, token) = (BaseUrl::production(), BearerToken::new("ffy_test_example")?);
    let mut printed = 0;
    while printed < count {
        let bytes = vec(any::<u8>(), 0..4_000).new_tree(runner);
        let bytes = bytes.map_err(|reason| reason.to_string())?.current();
        let operation = O::arbitrary(&mut Unstructured::new(&bytes))?;
        // Skips invalid combinations, for example filters that exclude each other.
        let Ok(request) = operation.encode(&base, &token) else {
            continue;
        };
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| Ok((name.to_string(), value.to_str()?.into())));
        let headers: serde_json::Map<_, _> = headers.collect::<Result<_, Box<dyn Error>>>()?;
        let (head, body) = request.into_parts();
        let line = serde_json::json!({
            "operation": O::INFO.id,
            "method": head.method.as_str(),
            "url": head.uri.to_string(),
            "headers": headers,
            "body": String::from_utf8_lossy(&body.into_bytes()?),
        });
        println!("{line}");
        printed += 1;
    }
    Ok(())
}
