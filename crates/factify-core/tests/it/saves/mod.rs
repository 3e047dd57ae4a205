//! Downloads of documents that break off, expire or change.

mod chunks;
mod files;
mod store;

use std::io;
use std::time::Duration;

use factify_core::{Error, ErrorKind, Outcome, RetryPolicy};

use store::Event::{
    self, Change, Chunked, Cut, Encoded, IgnoreRange, Long, Normal, Part, Refuse, Short, Total,
    Unlabelled,
};
use store::{CHUNK, CONTENT, DOCUMENT, LENGTH, STRONG, Store};

/// The result, and the bytes that were written.
fn save(store: &Store) -> (Result<u64, Error>, Vec<u8>) {
    let mut written = Vec::new();
    let result = store
        .client()
        .document(DOCUMENT)
        .download()
        .to_writer(&mut written);
    (result, written)
}

#[test]
fn a_download_that_breaks_off_goes_on_where_it_stopped() {
    for cut in (0..=LENGTH).step_by(64 << 10) {
        for event in [Cut(cut), Short(cut)] {
            let store = Store::new(&[event]);
            let (result, written) = save(&store);
            assert_eq!(result.unwrap(), LENGTH as u64, "{event:?}");
            assert!(written == *CONTENT, "{event:?}");
            let mut expected = vec![String::new()];
            if cut == 0 {
                expected.push(String::new());
            } else if cut < LENGTH {
                expected.push(format!("bytes={cut}-"));
            }
            assert_eq!(
                (store.exports(), store.ranges()),
                (1, expected),
                "{event:?}"
            );
        }
    }
}

/// The kind of the error, and the status if the store responded with it.
type Expected = Result<(), (ErrorKind, u16)>;

const OTHER: Expected = Err((ErrorKind::Mismatch, 0));
const BROKEN: Expected = Err((ErrorKind::Interrupted, 0));

const fn refused(status: u16) -> Expected {
    Err((ErrorKind::Api, status))
}

/// How a download ends, after how many exports, and with which ranges after the first request. In each row the
/// bytes that were written are the start of the file, and after a success the whole file.
#[test]
fn each_download_ends_as_its_store_decides() {
    type Row = (
        &'static str,
        &'static [Event],
        Expected,
        u32,
        &'static [&'static str],
    );
    const HALF: usize = LENGTH / 2;
    let rows: &[Row] = &[
        ("whole", &[], Ok(()), 1, &[]),
        (
            "an expired URL",
            &[Cut(CHUNK), Refuse(403)],
            Ok(()),
            2,
            &["bytes=16384-", "bytes=16384-"],
        ),
        (
            "an expired URL, as some stores say it",
            &[Cut(CHUNK), Refuse(400)],
            Ok(()),
            2,
            &["bytes=16384-", "bytes=16384-"],
        ),
        (
            "an expired URL, 401",
            &[Cut(CHUNK), Refuse(401)],
            Ok(()),
            2,
            &["bytes=16384-", "bytes=16384-"],
        ),
        (
            "a URL that expires twice",
            &[Cut(CHUNK), Refuse(403), Cut(CHUNK), Refuse(403)],
            Ok(()),
            3,
            &[
                "bytes=16384-",
                "bytes=16384-",
                "bytes=32768-",
                "bytes=32768-",
            ],
        ),
        (
            "a URL that never works",
            &[Refuse(403)],
            refused(403),
            1,
            &[],
        ),
        (
            "a new URL that does not work",
            &[Cut(CHUNK), Refuse(403), Refuse(403)],
            refused(403),
            2,
            &["bytes=16384-", "bytes=16384-"],
        ),
        (
            "a new URL that does not work, without a byte before",
            &[Cut(0), Refuse(403), Refuse(403)],
            refused(403),
            2,
            &["", ""],
        ),
        ("nothing there", &[Refuse(404)], refused(404), 1, &[]),
        (
            "a store that fails for a moment",
            &[Cut(CHUNK), Refuse(503), Refuse(503)],
            Ok(()),
            1,
            &["bytes=16384-", "bytes=16384-", "bytes=16384-"],
        ),
        (
            "a store that fails",
            &[Refuse(503); 9],
            refused(503),
            1,
            &["", "", ""],
        ),
        (
            "a file that changes",
            &[Cut(CHUNK), Change],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a range that is ignored",
            &[Cut(3 * CHUNK + 1), IgnoreRange],
            Ok(()),
            1,
            &["bytes=49153-"],
        ),
        (
            "a range that begins earlier",
            &[Cut(CHUNK + 9), Part(CHUNK, LENGTH)],
            Ok(()),
            1,
            &["bytes=16393-"],
        ),
        (
            "a range that begins later",
            &[Cut(CHUNK), Part(CHUNK + 1, LENGTH)],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a part instead of the whole",
            &[Part(0, HALF)],
            Ok(()),
            1,
            &["bytes=524288-"],
        ),
        (
            "the end instead of the whole",
            &[Part(HALF, LENGTH)],
            OTHER,
            1,
            &[],
        ),
        (
            "a range that ends earlier",
            &[Cut(CHUNK), Part(CHUNK, HALF)],
            Ok(()),
            1,
            &["bytes=16384-", "bytes=524288-"],
        ),
        (
            "a range that is longer than it says",
            &[Cut(CHUNK), Long],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a range without a label",
            &[Cut(CHUNK), Unlabelled],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a range of a longer file",
            &[Cut(CHUNK), Total(LENGTH + 1)],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a range of a shorter file",
            &[Cut(CHUNK), Total(LENGTH - 1)],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "a length that is too long",
            &[Total(LENGTH + 1), Total(LENGTH + 1)],
            OTHER,
            1,
            &["bytes=1048576-"],
        ),
        ("an encoded file", &[Encoded("gzip")], OTHER, 1, &[]),
        (
            "an encoded rest",
            &[Cut(CHUNK), Encoded("identity, br")],
            OTHER,
            1,
            &["bytes=16384-"],
        ),
        (
            "an encoding that changes nothing",
            &[Encoded("Identity")],
            Ok(()),
            1,
            &[],
        ),
        ("an encoding without a name", &[Encoded("")], Ok(()), 1, &[]),
        ("no progress", &[Cut(0); 9], BROKEN, 1, &["", "", ""]),
        (
            "no progress in the middle",
            &[Cut(CHUNK), Cut(0), Cut(0), Cut(0), Cut(0), Cut(0)],
            BROKEN,
            1,
            &["bytes=16384-", "bytes=16384-", "bytes=16384-"],
        ),
        (
            "progress between many breaks",
            &[Cut(CHUNK); 64],
            Ok(()),
            1,
            &[],
        ),
    ];
    for (name, events, expected, exports, ranges) in rows {
        let store = Store::new(events);
        let (result, written) = save(&store);
        check(name, &result, &written, *expected);
        assert_eq!(store.exports(), *exports, "{name}: {result:?}");
        if events.len() < 64 {
            assert_eq!(store.ranges()[1..], **ranges, "{name}: {result:?}");
        }
    }
}

fn check(name: &str, result: &Result<u64, Error>, written: &[u8], expected: Expected) {
    let found = result.as_ref().map(|_| ()).map_err(|error| {
        assert_eq!(error.outcome(), Outcome::NotApplied, "{name}");
        assert_eq!(error.operation(), "documents.download", "{name}");
        let status = error.status().filter(|_| error.kind() == ErrorKind::Api);
        (error.kind(), status.map_or(0, |status| status.as_u16()))
    });
    assert_eq!(found, expected, "{name}: {result:?}");
    assert!(CONTENT.starts_with(written), "{name}: {}", written.len());
    if let Ok(bytes) = result {
        assert_eq!((*bytes, written.len()), (LENGTH as u64, LENGTH), "{name}");
    }
}

/// Without a mark that says that the file is the same, the download starts anew, and compares what it has.
#[test]
fn a_file_without_a_strong_mark_is_compared() {
    for etag in [None, Some("W/\"one\"")] {
        for announces in [true, false] {
            for (name, events, expected) in [
                ("the same file", [Cut(CHUNK + 1), Cut(CHUNK)], Ok(())),
                ("another file", [Cut(CHUNK + 1), Change], OTHER),
                // A change behind the bytes that arrived cannot be seen, and is none.
                ("cut at the start", [Cut(0), Normal], Ok(())),
            ] {
                let mut store = Store::new(&events);
                (store.etag, store.announces) = (etag, announces);
                let (result, written) = save(&store);
                check(name, &result, &written, expected);
                assert!(store.ranges().iter().all(String::is_empty), "{name}");
            }
        }
    }
}

/// The `ETag` of each store, what happens, how the download ends, and its ranges after the first request. Only the end
/// of the whole file, or its length, says that it is complete.
#[test]
fn a_file_of_unknown_length_is_never_half_a_file() {
    type Row = (
        &'static str,
        Option<&'static str>,
        &'static [Event],
        Expected,
        &'static [&'static str],
    );
    let rows: &[Row] = &[
        ("whole", None, &[Chunked(LENGTH, false)], Ok(()), &[]),
        (
            "cut",
            STRONG,
            &[Chunked(CHUNK, true)],
            Ok(()),
            &["bytes=16383-"],
        ),
        (
            "cut after the last byte",
            STRONG,
            &[Chunked(LENGTH, true)],
            Ok(()),
            &["bytes=1048575-"],
        ),
        (
            "cut before the first byte",
            STRONG,
            &[Chunked(0, true)],
            Ok(()),
            &[""],
        ),
        (
            "cut twice",
            STRONG,
            &[Chunked(CHUNK, true), Cut(CHUNK + 1)],
            Ok(()),
            &["bytes=16383-", "bytes=32768-"],
        ),
        (
            "no such range",
            STRONG,
            &[Chunked(100, true), Refuse(416)],
            OTHER,
            &["bytes=99-"],
        ),
        (
            "no such range, though none was asked for",
            None,
            &[Chunked(100, true), Refuse(416)],
            refused(416),
            &[""],
        ),
        (
            "no such range, without a byte before",
            STRONG,
            &[Refuse(416)],
            refused(416),
            &[],
        ),
        (
            "the whole again, which ends before its known length",
            STRONG,
            &[Cut(CHUNK), Chunked(2 * CHUNK, false)],
            Ok(()),
            &["bytes=16384-", "bytes=32768-"],
        ),
        (
            "the whole again, which ends before what has arrived",
            None,
            &[Chunked(4 * CHUNK, true), Chunked(2 * CHUNK, false)],
            Ok(()),
            &["", ""],
        ),
        (
            "a file that is shorter than what has arrived",
            None,
            &[Chunked(4 * CHUNK, true), Total(CHUNK)],
            OTHER,
            &[""],
        ),
    ];
    for (name, etag, events, expected, ranges) in rows {
        let mut store = Store::new(events);
        store.etag = *etag;
        let (result, written) = save(&store);
        check(name, &result, &written, *expected);
        assert_eq!(store.ranges()[1..], **ranges, "{name}: {result:?}");
    }
}

/// A range that does not say how long the file is has no end that means something, so the file is downloaded anew.
#[test]
fn a_range_without_the_length_of_the_file_does_not_end_it() {
    for cut in [1, CHUNK, LENGTH - 1, LENGTH] {
        for next in [Normal, Cut(CHUNK), Part(cut - 1, cut)] {
            let mut store = Store::new(&[Cut(cut), next]);
            (store.announces, store.announces_total) = (false, false);
            let (result, written) = save(&store);
            check("no total", &result, &written, Ok(()));
            let expected = ["", &format!("bytes={}-", cut - 1), ""];
            assert_eq!(store.ranges(), expected, "{cut}, {next:?}");
        }
    }
}

/// Each time more bytes arrive than before, but all of them again.
#[test]
fn a_download_begins_anew_only_a_few_times() {
    for etag in [None, STRONG] {
        let events: Vec<_> = (1..=20).map(|count| Chunked(count * CHUNK, true)).collect();
        let mut store = Store::new(&events);
        store.etag = etag;
        let (result, written) = save(&store);
        check("always anew", &result, &written, BROKEN);
        assert_eq!(store.ranges().len(), 6, "{etag:?}: {result:?}");
    }
}

#[test]
fn a_file_that_changes_is_an_error_that_says_so() {
    let (result, written) = save(&Store::new(&[Cut(CHUNK), Change]));
    let report = result.unwrap_err().report().to_string();
    assert!(
        report.starts_with("documents.download: the file has changed while it was downloaded"),
        "{report}"
    );
    assert_eq!(written.len(), CHUNK);
}

#[test]
fn an_error_says_how_many_bytes_of_the_file_have_arrived() {
    let (result, _) = save(&Store::new(&[
        Cut(CHUNK),
        Cut(CHUNK),
        Cut(0),
        Cut(0),
        Cut(0),
    ]));
    let error = result.unwrap_err();
    // The export, and five downloads.
    assert_eq!(
        error.to_string(),
        "documents.download: the download broke off after 32768 bytes (6 attempts, nothing was changed)"
    );
}

#[test]
fn the_options_apply_to_all_requests() {
    let second = Duration::from_secs(1);
    let slow = |events: &[Event]| Store {
        pause: second,
        ..Store::new(events)
    };
    // Without a deadline, a download may take as long as it moves.
    let store = slow(&[]);
    let client = store.client();
    let call = client.document(DOCUMENT).download().timeout(7 * second);
    call.to_writer(io::sink()).unwrap();
    assert_eq!(*store.time.lock().unwrap(), 64 * second);
    for limits in &*store.limits.lock().unwrap() {
        assert_eq!(limits.timeout, 7 * second);
    }
    // With one, the call ends there.
    for events in [&[Normal][..], &[Cut(CHUNK); 99], &[Refuse(503); 99]] {
        let store = slow(events);
        let client = store.client();
        let call = client.document(DOCUMENT).download();
        let policy = RetryPolicy::standard().max_attempts(99);
        let call = call.deadline(10 * second).retry(policy);
        let error = call.to_writer(io::sink()).unwrap_err();
        let took = *store.time.lock().unwrap();
        assert!(took <= 11 * second, "{events:?}: {took:?}");
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(error.is_timeout(), events == [Normal], "{error}");
        let limits = store.limits.lock().unwrap();
        let total = limits[1].transfer.unwrap().total;
        assert_eq!(total, 10 * second, "the transport ends it too");
    }
    // One attempt means one.
    let store = Store::new(&[Cut(CHUNK)]);
    let client = store.client();
    let call = client
        .document(DOCUMENT)
        .download()
        .retry(RetryPolicy::never());
    let error = call.to_writer(io::sink()).unwrap_err();
    assert_eq!(
        (error.kind(), store.ranges().len()),
        (ErrorKind::Interrupted, 1)
    );
}

#[test]
fn the_waits_grow_until_bytes_arrive() {
    let policy = RetryPolicy::standard().max_attempts(20);
    let store = Store::new(&[Cut(0); 19]);
    let client = store.client();
    let call = client.document(DOCUMENT).download().retry(policy);
    call.to_writer(io::sink()).unwrap();
    let times = store.times.lock().unwrap();
    for (number, pair) in times.windows(2).enumerate() {
        let bound = Duration::from_millis(250 << number.min(5));
        assert!(pair[1] <= pair[0] + bound, "{number}: {times:?}");
    }
    assert!(times[19] > Duration::from_secs(8), "{times:?}");
}
