//! You can drop a call at any point: the pool stays usable and no task keeps running.

#![allow(clippy::unwrap_used)]

use std::task::Poll;
use std::time::Duration;

use factify_core::Client;
use factify_core::invites::OrganizationInviteStatus as Status;
use factify_hyper::HyperTransport;
use factify_sandbox::{Fault, FaultPlan, Sandbox, SandboxServer};

fn start() -> (Sandbox, SandboxServer, Client<HyperTransport>) {
    let (sandbox, server, config) = factify_testkit::sandbox::start();
    (sandbox, server, factify_hyper::client(config).unwrap())
}

fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// Polls a future up to `polls` times, lets other tasks run in between, and drops it. Returns whether
/// it completed.
async fn dropped_after<T>(polls: u32, future: impl Future<Output = T>) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..polls {
        let polled = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
        if polled.await.is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    false
}

#[tokio::test]
async fn a_call_dropped_at_any_point_leaves_nothing_behind() {
    let (sandbox, server, client) = start();
    let invites = client.organization(sandbox.organization_id()).invites();
    let (mut done, mut dropped) = (0, 0);
    for fault in [None, Some(Fault::Delay(Duration::from_millis(50)))] {
        for polls in 0..30 {
            let invite = invites
                .create("a@example.com".parse().unwrap())
                .send()
                .await
                .unwrap();
            sandbox.inject(FaultPlan::schedule([fault.clone()]));
            if dropped_after(polls, invites.revoke(invite.id).send()).await {
                done += 1;
            } else {
                dropped += 1;
            }
            sandbox.inject(FaultPlan::default());
            // The pool still works, and the call finds the real state.
            let ensured = invites.ensure_revoked(invite.id).send().await.unwrap();
            assert_eq!(ensured.state.status(), Status::Revoked);
        }
    }
    assert!(done > 5 && dropped > 3, "{done} done, {dropped} dropped");

    drop((client, server));
    for _ in 0..100 {
        if tasks() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(tasks(), 0, "tasks outlive the client");
}

#[tokio::test]
async fn a_walk_continues_after_a_dropped_future() {
    let (sandbox, _server, client) = start();
    let invites = client.organization(sandbox.organization_id()).invites();
    for n in 0..25 {
        let email = format!("p{n}@example.com").parse().unwrap();
        invites.create(email).send().await.unwrap();
    }
    let mut items = invites.list().page_size(3).items();
    let mut seen = Vec::new();
    loop {
        let next = tokio::time::timeout(Duration::from_micros(400), items.next()).await;
        match next {
            Err(_) => {}
            Ok(Some(invite)) => seen.push(invite.unwrap().id),
            Ok(None) => break,
        }
    }
    let mut expected: Vec<_> = sandbox.invites().iter().map(|invite| invite.id).collect();
    expected.reverse();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_client_is_shared_by_thousands_of_calls() {
    let (sandbox, _server, client) = start();
    let organization = sandbox.organization_id();
    let limit = std::sync::Arc::new(tokio::sync::Semaphore::new(64));
    let calls: Vec<_> = (0..10_000)
        .map(|n| {
            let (client, limit) = (client.clone(), limit.clone());
            tokio::spawn(async move {
                let _turn = limit.acquire().await.unwrap();
                let invites = client.organization(organization).invites();
                let email = format!("p{n}@example.com").parse().unwrap();
                invites.create(email).send().await.unwrap().id
            })
        })
        .collect();
    let mut ids = Vec::new();
    for call in calls {
        ids.push(call.await.unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), sandbox.outbox().len()), (10_000, 10_000));
}
