//! The content of a version.

use factify_core::versions::GetVersionRecord;
use factify_core::{
    BearerToken, ClientConfig, Error, ErrorKind, Limits, Now, Operation, RequestBody,
    TransportError, VersionId, blocking,
};
use http::{Request, Response};

const VERSION: VersionId = VersionId::literal("ver_01h2xcejqtf2nbrexx3vqjhp41");

fn decode(body: &str) -> Result<factify_core::records::Record, Error> {
    let response = Response::new(body.to_owned().into());
    GetVersionRecord::new(VERSION).decode(response)
}

#[test]
fn an_error_says_where_a_record_is_wrong() {
    let block = |block: &str| format!(r#"{{"document":{{"record":{{"blocks":[{{}},{block}]}}}}}}"#);
    let deep = |levels: usize| {
        block(&(r#"{"section":{"blocks":["#.repeat(levels) + &"]}}".repeat(levels)))
    };
    let open = |levels: usize| {
        let value = "[".repeat(levels) + &"]".repeat(levels);
        block(&format!(r#"{{"attributes":{{"a":{value}}}}}"#))
    };
    for (body, problem) in [
        (
            block(r#"{"paragraph":{},"heading":{}}"#),
            "document.record.blocks[1]: both `paragraph` and `heading` are present",
        ),
        (
            block(r#"{"paragraph":{"text":"secret"},"paragraph":{}}"#),
            "document.record.blocks[1]: duplicate field `paragraph`",
        ),
        (
            block(r#"{"heading":{"level":"secret"}}"#),
            "document.record.blocks[1].heading.level: expected i32",
        ),
        (
            r#"{"spreadsheet":{"record":{"sheets":[{"tables":[{"rows":[{"cells":[{"number_value":"secret"}]}]}]}]}}}"#
                .to_owned(),
            ".rows[0].cells[0].number_value: expected a number",
        ),
        (
            r#"{"document":{},"spreadsheet":{}}"#.to_owned(),
            "both `document` and `spreadsheet` are present",
        ),
        (deep(33), ": nested more than 32 levels deep"),
        (open(200), ": the JSON is nested too deeply"),
    ] {
        let error = decode(&body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let report = error.report().to_string();
        assert!(report.contains(problem), "{report}");
        assert!(!report.contains("secret"), "{report}");
    }
    for body in [deep(32), open(100)] {
        assert!(decode(&body).is_ok());
    }
}

/// Shows the limits of each request, in an error.
struct ShowsLimit;

impl blocking::HttpTransport for ShowsLimit {
    fn send(
        &self,
        _: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<bytes::Bytes>, TransportError> {
        let kind = factify_core::TransportErrorKind::TooLarge;
        let limit = limits.max_response_bytes.to_string();
        Err(TransportError::not_sent(kind, limit))
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

#[test]
fn a_record_may_be_larger_than_other_responses_unless_a_limit_is_set() {
    let config = || ClientConfig::new(BearerToken::new("ffy_test_example").unwrap());
    for (config, of_version, of_record) in [
        (config(), 8 << 20, 64 << 20),
        (config().max_response_bytes(100), 100, 100),
        (config().max_response_bytes(1 << 30), 1 << 30, 1 << 30),
    ] {
        let client = blocking::Client::new(ShowsLimit, config);
        let version = client.version(VERSION);
        let errors = [
            (version.get().send().unwrap_err(), of_version),
            (version.record().send().unwrap_err(), of_record),
        ];
        for (error, limit) in errors {
            let limit = format!("larger than the limit of {limit} bytes");
            assert!(error.to_string().contains(&limit), "{error}");
        }
    }
}
