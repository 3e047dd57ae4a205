//! A long run against a server that misbehaves. See `factify_testkit::soak`.

#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use factify_core::{Client, HttpTransport, Proxy, blocking};
use factify_hyper::HyperTransport;
use factify_testkit::OnRuntime;
use factify_testkit::fixtures::ids;
use factify_testkit::soak::{self, Next, Resources, Soak, TASKS};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

#[test]
#[ignore = "it takes 20 seconds, or FACTIFY_SOAK_SECONDS"]
fn soak() {
    soak::start();
}

#[test]
#[ignore = "run by the test above, in a separate process"]
fn client() {
    let Some(soak) = Soak::from_environment() else {
        return;
    };
    let before = Resources::now();
    let mut runtime = Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    let runtime = Arc::new(runtime);
    let transport = HyperTransport::builder().proxy(Proxy::Direct);
    let transport = transport.roots(soak.roots.clone()).build().unwrap();
    let measured = runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            tasks.spawn(run(Arc::clone(&soak), task, transport.clone()));
        }
        let [quarter, rest] = soak.measurements();
        sleep(quarter).await;
        let first = Resources::now();
        sleep(rest).await;
        let measured = [first, Resources::now()];
        tasks.join_all().await;
        measured
    });
    for task in [0, 1] {
        let on_runtime = OnRuntime::with(transport.clone(), Arc::clone(&runtime));
        soak.recover(&blocking::Client::new(on_runtime, soak.config(task)));
    }
    drop(transport);
    let runtime = Arc::into_inner(runtime).unwrap();
    runtime.block_on(async {
        let tasks = || {
            tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks()
        };
        for _ in 0..100 {
            if tasks() == 0 {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(tasks(), 0);
    });
    drop(runtime);
    soak.check(before, measured);
}

async fn run(soak: Arc<Soak>, task: usize, transport: HyperTransport) {
    let client = Client::new(transport.clone(), soak.config(task));
    while !soak.is_over() {
        let (next, limit) = soak.next();
        let (pause, patience) = soak.pause();
        match next {
            Next::Revoke(id) => {
                let invites = client.organization(ids().0).invites();
                let call = invites.revoke(id).timeout(limit).send();
                soak.revoked(id, give_up(patience, call).await);
            }
            Next::Upload => {
                let call = client.call(soak::upload()).timeout(limit).send();
                let result = give_up(patience, call).await;
                soak.ended(result.map(|result| result.is_ok()));
            }
            Next::Download => {
                let (request, limits) = soak::download(soak.base_url(task), limit);
                let part = async {
                    let response = transport.fetch(request, &limits).await?;
                    response.into_body().chunk().await.transpose()
                };
                let result = give_up(patience, part).await;
                soak.ended(result.map(|result| result.is_ok()));
            }
        }
        sleep(pause).await;
    }
}

/// Drops the call after this time.
async fn give_up<F: Future>(patience: Option<Duration>, call: F) -> Option<F::Output> {
    match patience {
        Some(patience) => timeout(patience, call).await.ok(),
        None => Some(call.await),
    }
}
