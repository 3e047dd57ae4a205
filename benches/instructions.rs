//! Counts the instructions of code without a network. The counts do not depend on the load of the machine.
//! If a count grows by more than a tenth, fix the code or accept the new count.

#![allow(missing_docs, clippy::unwrap_used, clippy::needless_pass_by_value)]

use std::hint::black_box;

use bytes::Bytes;
use factify_benches::by_hand::KEY;
use factify_benches::responses::{self, INVITE, ORGANIZATION};
use factify_core::invites::{
    ListOrganizationInvites, OrganizationInvite, RevokeOrganizationInvite,
};
use factify_core::{
    Action, BaseUrl, BearerToken, Exchange, InviteId, Limits, Now, Operation, OrganizationId, Page,
    Pager, Pagination, RequestBody, RetryPolicy, Timestamp,
};
use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use http::{Request, Response};
use std::time::Duration;

/// A limit of instructions for one function.
fn limit(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::default();
    callgrind.hard_limits([(EventKind::Ir, instructions)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

fn revocation() -> (RevokeOrganizationInvite, BaseUrl, BearerToken) {
    let organization = OrganizationId::literal(ORGANIZATION);
    (
        RevokeOrganizationInvite::new(organization, InviteId::literal(INVITE)),
        BaseUrl::production(),
        BearerToken::new(KEY).unwrap(),
    )
}

fn page() -> Bytes {
    responses::page(1, 2)
}

fn response() -> (Exchange, Response<Bytes>) {
    let limits = Limits::new(Duration::from_secs(30), 8 << 20);
    let exchange = Exchange::new(
        &RevokeOrganizationInvite::INFO,
        RetryPolicy::standard(),
        limits,
        Duration::from_secs(120),
        Now::default(),
        Some(1),
    );
    (exchange, Response::new(responses::invite()))
}

fn next_page() -> (Pager, Pagination) {
    let mut pagination = Pagination::new();
    pagination.next_page_token = Some("page-2".into());
    (Pager::new(None), pagination)
}

#[library_benchmark(config = limit(110))]
fn parse_id() -> InviteId {
    InviteId::parse(black_box(INVITE)).unwrap()
}

#[library_benchmark(config = limit(440))]
fn parse_timestamp() -> Timestamp {
    Timestamp::parse(black_box("2026-01-15T01:30:15.010Z")).unwrap()
}

#[library_benchmark(setup = revocation, config = limit(4_400))]
fn encode_request(
    (revoke, base, key): (RevokeOrganizationInvite, BaseUrl, BearerToken),
) -> Request<RequestBody> {
    black_box(revoke).encode(&base, &key).unwrap()
}

#[library_benchmark(setup = response, config = limit(420))]
fn exchange_of_one_attempt((mut exchange, response): (Exchange, Response<Bytes>)) -> Action {
    let _ = black_box(exchange.start(Now::default()));
    exchange.attempted(Now::default(), Ok(black_box(response)))
}

#[library_benchmark(setup = responses::invite, config = limit(12_100))]
fn decode_invite(body: Bytes) -> OrganizationInvite {
    RevokeOrganizationInvite::decode_body(black_box(&body)).unwrap()
}

#[library_benchmark(setup = page, config = limit(1_160_000))]
fn decode_page(body: Bytes) -> Page<OrganizationInvite> {
    ListOrganizationInvites::decode_body(black_box(&body)).unwrap()
}

#[library_benchmark(setup = next_page, config = limit(490))]
fn pager_step((mut pager, pagination): (Pager, Pagination)) -> Pager {
    pager.arrived(black_box(&pagination)).unwrap();
    pager
}

library_benchmark_group!(
    name = pure,
    benchmarks = [
        parse_id,
        parse_timestamp,
        encode_request,
        exchange_of_one_attempt,
        decode_invite,
        decode_page,
        pager_step
    ]
);

main!(library_benchmark_groups = pure);
