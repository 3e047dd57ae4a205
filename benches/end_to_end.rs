//! Whole calls over loopback: the SDK compared with hand-written hyper and ureq code.

#![allow(clippy::unwrap_used)]

use std::future::Future;

use factify_benches::by_hand::{self, KEY};
use factify_benches::responses::{INVITE, ORGANIZATION};
use factify_benches::server::{PAGES, Server};
use factify_benches::side_by_side::SideBySide;
use factify_core::{BaseUrl, BearerToken, Client, ClientConfig, InviteId, OrganizationId};
use factify_hyper::HyperTransport;
use tokio::runtime::Runtime;

const ORG: OrganizationId = OrganizationId::literal(ORGANIZATION);
const INV: InviteId = InviteId::literal(INVITE);

/// How many calls are in flight at once.
const IN_FLIGHT: u32 = 64;

fn main() {
    let server = Server::start();
    let bench = SideBySide::from_args();
    calls(&bench, &server);
    compressed(&bench, &server);
    blocking_calls(&bench, &server);
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn calls(bench: &SideBySide, server: &Server) {
    let runtime = runtime();
    let ours = factify_hyper::client(config(&server.url)).unwrap();
    let theirs = by_hand::Hyper::new(&server.url);
    bench.compare(
        "async, one revocation at a time",
        4_000,
        |times| runtime.block_on(revoke(ours.clone(), times)),
        |times| runtime.block_on(revoke_by_hand(theirs.clone(), times)),
    );
    bench.compare(
        "async, 64 in flight",
        25_600,
        |times| runtime.block_on(at_once(times, |times| revoke(ours.clone(), times))),
        |times| {
            runtime.block_on(at_once(times, |times| {
                revoke_by_hand(theirs.clone(), times)
            }));
        },
    );
    bench.compare(
        "async, a page of 100 invites",
        u32::try_from(PAGES).unwrap(),
        |times| runtime.block_on(read_pages(&ours, times)),
        |times| {
            runtime.block_on(async {
                let mut token = Some(first_page(times));
                let mut invites = 0;
                while token.is_some() {
                    let page = theirs.list(ORGANIZATION, token.as_deref()).await.unwrap();
                    invites += page.items.len();
                    token = page.pagination.next_page_token;
                }
                assert_eq!(invites, times as usize * 100);
            });
        },
    );
}

fn compressed(bench: &SideBySide, server: &Server) {
    let runtime = runtime();
    for (name, url, times) in [
        ("gzip, a page over loopback", &server.url, 200),
        ("gzip, a page at 10 Mbit/s with 20 ms", &server.slow_url, 10),
    ] {
        let gzip = factify_hyper::client(config(url).gzip(true)).unwrap();
        let plain = factify_hyper::client(config(url)).unwrap();
        bench.compare(
            name,
            times,
            |times| runtime.block_on(read_pages(&gzip, times)),
            |times| runtime.block_on(read_pages(&plain, times)),
        );
    }
}

fn blocking_calls(bench: &SideBySide, server: &Server) {
    let ours = factify_ureq::client(config(&server.url)).unwrap();
    let theirs = by_hand::Ureq::new(&server.url);
    let revoke = || {
        let invites = ours.organization(ORG).invites();
        invites.revoke(INV).send().unwrap();
    };
    let revoke_by_hand = || drop(theirs.revoke(ORGANIZATION, INVITE).unwrap());
    bench.compare(
        "blocking, one revocation at a time",
        4_000,
        |times| (0..times).for_each(|_| revoke()),
        |times| (0..times).for_each(|_| revoke_by_hand()),
    );
    bench.compare(
        "blocking, 64 threads",
        12_800,
        |times| on_threads(times, revoke),
        |times| on_threads(times, revoke_by_hand),
    );
    bench.compare(
        "blocking, a page of 100 invites",
        u32::try_from(PAGES).unwrap(),
        |times| {
            let list = ours.organization(ORG).invites().list();
            let list = list.page_size(100).page_token(first_page(times));
            let invites = list.items().map(Result::unwrap).count();
            assert_eq!(invites, times as usize * 100);
        },
        |times| {
            let mut token = Some(first_page(times));
            let mut invites = 0;
            while token.is_some() {
                let page = theirs.list(ORGANIZATION, token.as_deref()).unwrap();
                invites += page.items.len();
                token = page.pagination.next_page_token;
            }
            assert_eq!(invites, times as usize * 100);
        },
    );
}

fn config(url: &str) -> ClientConfig {
    let url: BaseUrl = url.parse().unwrap();
    ClientConfig::new(BearerToken::new(KEY).unwrap()).base_url(url)
}

async fn revoke(client: Client<HyperTransport>, times: u32) {
    for _ in 0..times {
        let invites = client.organization(ORG).invites();
        invites.revoke(INV).send().await.unwrap();
    }
}

async fn revoke_by_hand(client: by_hand::Hyper, times: u32) {
    for _ in 0..times {
        client.revoke(ORGANIZATION, INVITE).await.unwrap();
    }
}

async fn read_pages(client: &Client<HyperTransport>, pages: u32) {
    let list = client.organization(ORG).invites().list();
    let list = list.page_size(100).page_token(first_page(pages));
    let (mut items, mut invites) = (list.items(), 0);
    while items.try_next().await.unwrap().is_some() {
        invites += 1;
    }
    assert_eq!(invites, pages * 100);
}

/// The token of the first of the last `left` pages.
fn first_page(left: u32) -> String {
    format!("page-{}", PAGES - left as usize + 1)
}

/// Makes `times` calls, divided equally between the tasks in flight.
async fn at_once<F>(times: u32, share: impl Fn(u32) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let task = |_| tokio::spawn(share(times.div_ceil(IN_FLIGHT)));
    let tasks: Vec<_> = (0..IN_FLIGHT).map(task).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

fn on_threads(times: u32, call: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..IN_FLIGHT {
            scope.spawn(|| {
                for _ in 0..times.div_ceil(IN_FLIGHT) {
                    call();
                }
            });
        }
    });
}
