//! The round trip of every operation: `from_request` reads what `encode` writes, and `decode` reads
//! what `encode_output` writes.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::iter::repeat_with;

use arbitrary::{Arbitrary, Unstructured};
use bytes::Bytes;
use factify_core::{BaseUrl, BearerToken, Error, ErrorKind, Operation, Rejection, ServeOperation};
use http::Response;
use serde_json::{Map, Value};

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
    let read = O::decode_body(&body).unwrap();
    if O::INFO.id == "getDocumentTimeline" {
        // Its pages do not say how to go back.
        output = read;
    } else {
        assert_eq!(read, output);
    }
    let rejection = operation.verify(&output).err();
    let decoded = operation.decode(Response::new(body));
    let kind = decoded.as_ref().map_err(Error::kind);
    match rejection {
        None => assert_eq!(kind, Ok(&output)),
        Some(Rejection::Differs(_)) => assert_eq!(kind, Err(ErrorKind::Mismatch)),
        Some(Rejection::Refused(_)) => assert_eq!(kind, Err(ErrorKind::Refused)),
        Some(_) => assert_eq!(kind, Err(ErrorKind::Decode)),
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
    let mut random = fastrand::Rng::with_seed(1);
    let valid = (0..4 * LEAST).filter(|_| {
        let length = random.usize(..4_000);
        round_trips::<O>(&bytes(&mut random, length))
    });
    let valid = valid.take(LEAST).count();
    assert_eq!(valid, LEAST, "{}", O::INFO.id);
}

fn bytes(random: &mut fastrand::Rng, length: usize) -> Vec<u8> {
    repeat_with(|| random.u8(..)).take(length).collect()
}

/// Operations whose response has no field that corresponds to a parameter. Review each entry.
const NAMES_NOTHING: [&str; 24] = [
    "checkAccessRequestStatus",
    "createDocument",
    "createOrganization",
    "deleteAPIKeyQuota",
    "detachDocumentPolicy",
    "exportDocument",
    "generateDocumentEntryPage",
    "getDocumentQuota",
    "getDocumentTimeline",
    "getMe",
    "getOrganizationPublicProfile",
    "getUserPreferences",
    "getVersionRecord",
    "listAPIKeyQuotas",
    "listDocumentDuplicates",
    "listDocuments",
    "listOrganizationMembers",
    "listOrganizations",
    "removeOrganizationMember",
    "revokeDocumentAccess",
    "trashDocument",
    "untrashDocument",
    "updateDocumentAccess",
    "uploadOrganizationLogo",
];

/// The parameters of a request that identify something: its IDs and its address.
fn names<O: Operation>(operation: &O) -> Option<Vec<(String, String)>> {
    let sent = request(operation)?;
    let (path, found) = (O::INFO.path.split('/'), sent.uri().path().split('/'));
    let placeholders = path.zip(found).filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name.to_owned(), value.to_owned()))
    });
    let body: Map<String, Value> = serde_json::from_slice(sent.body()).unwrap_or_default();
    let of_body = body.into_iter().filter_map(|(name, value)| {
        let is_name = name.ends_with("_id") || name == "email";
        Some((name, value.as_str()?.to_owned())).filter(|_| is_name)
    });
    let query = sent.uri().query().unwrap_or_default().as_bytes();
    let of_query = form_urlencoded::parse(query).into_owned();
    let of_query = of_query.filter(|(name, _)| name == "organization_id");
    Some(placeholders.chain(of_body).chain(of_query).collect())
}

/// The object that a response is about: its envelope's, or the last one of a list.
fn subject(body: &mut Value) -> Option<&mut Map<String, Value>> {
    let fields = body.as_object_mut()?;
    if fields.contains_key("items") {
        return fields["items"].as_array_mut()?.last_mut()?.as_object_mut();
    }
    let is_envelope = |value: &Value| value.get("id").is_some();
    match fields.len() {
        _ if fields.contains_key("id") => Some(fields),
        1 => fields.values_mut().next()?.as_object_mut(),
        _ if fields.values().any(is_envelope) => {
            let mut values = fields.values_mut();
            values.find(|value| is_envelope(value))?.as_object_mut()
        }
        _ => Some(fields),
    }
}

/// The field of the subject that should have the value of a parameter: the one of the same name, its own
/// ID, or the ID of an object in it that has the name of the parameter without `_id`.
fn named<'s>(
    subject: &'s mut Map<String, Value>,
    name: &str,
    value: &str,
) -> Option<(String, &'s mut Value)> {
    let kind = |id: &str| id.split_once('_').map(|(kind, _)| kind.to_owned());
    let own = subject.get("id").and_then(|id| kind(id.as_str()?));
    let thing = name.strip_suffix("_id").unwrap_or_default();
    let path = if subject.contains_key(name) {
        name.to_owned()
    } else if name.ends_with("_id") && own.is_some() && own == kind(value) {
        "id".to_owned()
    } else {
        format!("{thing}/id")
    };
    let mut found = path.split('/').map(str::to_owned);
    let field = subject.get_mut(&found.next()?)?;
    let field = match found.next() {
        Some(inner) => field.get_mut(&inner)?,
        None => field,
    };
    Some((path.replace('/', "."), field))
}

macro_rules! every_response {
    ($($Operation:ty),+) => {
        /// Every field of a response that corresponds to a parameter is compared: a difference is an error.
        #[test]
        fn a_response_that_does_not_match_is_an_error() {
            $(is_about_the_request::<$Operation>();)+
        }
    };
}

factify_core::for_each_operation!(every_response);

fn is_about_the_request<O>()
where
    O: ServeOperation<Output: for<'a> Arbitrary<'a>> + for<'a> Arbitrary<'a>,
{
    let mut random = fastrand::Rng::with_seed(1);
    let mut compared = BTreeSet::new();
    for _ in 0..LEAST {
        let bytes = bytes(&mut random, 4_000);
        let mut bytes = Unstructured::new(&bytes);
        let (operation, other) = (O::arbitrary(&mut bytes), O::arbitrary(&mut bytes));
        let (operation, other) = (operation.unwrap(), other.unwrap());
        let mut output = O::Output::arbitrary(&mut bytes).unwrap();
        let (Some(own), Some(others)) = (names(&operation), names(&other)) else {
            continue;
        };
        operation.agree(&mut output);
        let body = O::encode_output(&output).unwrap();
        assert!(operation.decode(Response::new(body.clone())).is_ok());
        for ((name, value), (_, instead)) in own.iter().zip(&others) {
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            let Some(subject) = subject(&mut body) else {
                continue;
            };
            // The items of this list are other documents.
            let is_other = O::INFO.id == "listDocumentDuplicates";
            let found = named(subject, name, value);
            let Some((field, found)) = found.filter(|_| value != instead && !is_other) else {
                continue;
            };
            *found = instead.clone().into();
            let decoded = operation.decode(Response::new(body.to_string().into()));
            let error = decoded.err().unwrap_or_else(|| {
                panic!(
                    "{}: a response with another {field} is accepted",
                    O::INFO.id
                )
            });
            assert_eq!(error.kind(), ErrorKind::Mismatch, "{error}");
            assert!(error.to_string().contains(&field), "{error}");
            compared.insert(field);
        }
    }
    let expected = NAMES_NOTHING.contains(&O::INFO.id);
    assert_eq!(compared.is_empty(), expected, "{}", O::INFO.id);
}
