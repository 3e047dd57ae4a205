//! The maximum number of memory allocations for each step of a call.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::future::Future;
use std::hash::{DefaultHasher, Hash};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use factify_core::versions::GetVersionRecord;
use factify_core::{
    Action, BaseUrl, BearerToken, Client, Exchange, HttpTransport, InviteId, Limits, Now,
    Operation, OrganizationId, RequestBody, RetryPolicy, Timestamp, TransportError, blocking,
};
use http::{Request, Response};

const ORG: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
const INV: InviteId = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");

/// Three texts: the address, and the name and the address of the sender.
const INVITE: &str = concat!(
    r#"{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"org_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""email":"a@example.com","status":"revoked","sender":{"id":"user_01h2xcejqtf2nbrexx3vqjhp41","#,
    r#""name":"A","email":"a@example.com"},"created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-22T01:30:15Z"}"#
);

fn invite() -> Bytes {
    format!("{{\"invite\":{INVITE}}}").into()
}

fn page() -> Bytes {
    let items = [INVITE; 100].join(",");
    format!(
        "{{\"items\":[{items}],\"pagination\":{{\"has_more\":true,\"next_page_token\":\"t\"}}}}"
    )
    .into()
}

/// Responds at once without allocating.
struct Instant(Bytes);

impl blocking::HttpTransport for Instant {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        Ok(Response::new(self.0.clone()))
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

#[async_trait::async_trait]
impl HttpTransport for Instant {
    async fn send(
        &self,
        _: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        Ok(Response::new(self.0.clone()))
    }

    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing waits"),
    }
}

/// The number of allocations of `work`. Its result is dropped after the count.
fn count<T>(work: impl FnOnce() -> T) -> u64 {
    let mut made = None;
    let info = allocation_counter::measure(|| made = Some(work()));
    drop(made);
    info.count_total
}

/// The record of a spreadsheet needs less than a fifth of the memory of the same JSON as a `Value`, and less than a
/// third of the allocations.
#[test]
fn a_record_needs_little_memory() {
    let cells = r#"{"string_value":"Scranton"},{"number_value":1200.5},{"bool_value":true},{}"#;
    let rows = vec![format!(r#"{{"cells":[{cells}]}}"#); 5_000].join(",");
    let table = format!(r#"{{"columns":[{{"name":"branch"}}],"rows":[{rows}]}}"#);
    let body = format!(r#"{{"spreadsheet":{{"record":{{"sheets":[{{"tables":[{table}]}}]}}}}}}"#);
    let ours = allocation_counter::measure(|| {
        GetVersionRecord::decode_body(body.as_bytes()).unwrap();
    });
    let value = allocation_counter::measure(|| {
        serde_json::from_str::<serde_json::Value>(&body).unwrap();
    });
    let (least, peak) = (value.bytes_max, ours.bytes_max);
    assert!(5 * peak < least, "{peak} bytes, as a value {least}");
    let (least, count) = (value.count_total, ours.count_total);
    assert!(3 * count < least, "{count} allocations, as a value {least}");
}

#[test]
fn an_id_never_allocates() {
    let mut buffer = String::with_capacity(InviteId::LEN);
    let mut hasher = DefaultHasher::new();
    let json = format!("\"{INV}\"");
    let asked = count(|| {
        let id = InviteId::parse(INV.as_str()).unwrap();
        let copy = id;
        copy.hash(&mut hasher);
        write!(buffer, "{id}").unwrap();
        let read: InviteId = serde_json::from_str(&json).unwrap();
        let wrong = InviteId::parse("user_01h2xcejqtf2nbrexx3vqjhp41").unwrap_err();
        (
            id == copy,
            id < read,
            id.uuid_bytes(),
            id.created_at(),
            wrong,
        )
    });
    assert_eq!((asked, buffer.as_str()), (0, INV.as_str()));
}

#[test]
fn each_step_stays_within_its_allocations() {
    let (base, key) = (
        BaseUrl::production(),
        BearerToken::new("ffy_test_example").unwrap(),
    );
    let revoke = RevokeOrganizationInvite::new(ORG, INV);
    let mut list = ListOrganizationInvites::new(ORG);
    list.page_token = Some("t".into());
    list.created_after = Some(Timestamp::UNIX_EPOCH);
    let limits = Limits::new(Duration::from_secs(30), 8 << 20);
    let (policy, now) = (RetryPolicy::standard(), Now::default());
    let exchange = |response: Response<Bytes>| {
        let info = &RevokeOrganizationInvite::INFO;
        let mut exchange = Exchange::new(info, policy, limits, limits.timeout, now, None);
        assert!(matches!(exchange.start(now), Action::Send(_)));
        exchange.attempted(now, Ok(response))
    };
    let client = blocking::Client::new(Instant(invite()), key.clone());
    let async_client = Client::new(Instant(invite()), key.clone());
    let (invite, page, response) = (invite(), page(), Response::new(invite()));

    // The step, its allocations, and the maximum.
    for (step, found, most) in [
        // The URL, one to share it between attempts, two for the headers.
        (
            "encode a revocation",
            count(|| revoke.encode(&base, &key)),
            4,
        ),
        // The same, and a text for each time.
        ("encode a list", count(|| list.encode(&base, &key)), 7),
        (
            "an exchange of one attempt",
            count(|| exchange(response)),
            0,
        ),
        // The texts.
        (
            "decode an invite",
            count(|| RevokeOrganizationInvite::decode_body(&invite)),
            3,
        ),
        // The texts, the token, and six for the list, which doubles.
        (
            "decode a page of 100 invites",
            count(|| ListOrganizationInvites::decode_body(&page)),
            300 + 1 + 6,
        ),
        // The above, and two for the headers of a possible retry.
        (
            "a blocking call but for its transport",
            count(|| client.organization(ORG).invites().revoke(INV).send()),
            4 + 3 + 2,
        ),
        // The above, and the transport's future.
        (
            "an async call but for its transport",
            count(|| ready(async_client.organization(ORG).invites().revoke(INV).send())),
            4 + 3 + 2 + 1,
        ),
    ] {
        assert!(
            found <= most,
            "{step}: {found} allocations, at most {most} are allowed"
        );
    }
    let busy = count(|| revoke.encode(&base, &key));
    assert!(busy > 0, "the allocations are counted");
}
