//! Many tasks with a [`LocalPace`], in virtual time.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use factify_core::{Client, LocalPace};
use factify_sandbox::{Persona, Sandbox};
use http::StatusCode;

use crate::network::Network;
use crate::scheduler::{self, Task};
use crate::world::World;

const INVITES: usize = 2_000;
const TASKS: usize = 64;

/// The documented limit of requests that create something, in a minute.
const LIMIT: usize = 100;

struct Run {
    took: Duration,
    attempts: usize,
    refused: usize,
    /// How many attempts each process made in each minute.
    minutes: BTreeMap<(usize, u64), usize>,
}

/// Creates the invites. The tasks of a process share a pace. Their clocks differ by up to an hour.
fn create(processes: usize, seed: u64) -> Run {
    let sandbox = Sandbox::new(seed);
    // The least time is that of a start with a full minute.
    let seconds = sandbox.now().unix_seconds() % 60;
    sandbox.advance(Duration::from_secs(60 - u64::try_from(seconds).unwrap()));
    let world = World::new(sandbox.clone(), seed);
    let next = Cell::new(0);
    let paces: Vec<_> = (0..processes).map(|_| Arc::new(LocalPace::new())).collect();
    let task = |number: usize| {
        let network = Network {
            world: world.clone(),
            client: number,
            call: Arc::default(),
            mildness: None,
        };
        let config = sandbox.config(Persona::Admin).jitter_seed(seed);
        let client = Client::new(network, config.pace(paces[number % processes].clone()));
        let (organization, next) = (sandbox.organization_id(), &next);
        Box::pin(async move {
            while next.get() < INVITES {
                let email = format!("guest{}@example.net", next.replace(next.get() + 1));
                let invites = client.organization(organization).invites();
                let created = invites.create(email.parse().unwrap()).send().await;
                created.unwrap_or_else(|error| panic!("{}", error.report()));
            }
        }) as Task<'_>
    };
    scheduler::run(&world, (0..TASKS).map(task).collect());
    assert_eq!(sandbox.invites().len(), INVITES);
    let found = world.all_attempts(|attempt| {
        let response = attempt.processed.as_ref().map(|it| &it.response);
        response.map(http::Response::status)
    });
    let mut minutes = BTreeMap::new();
    for (task, at) in world.all_attempts(|attempt| (attempt.client, attempt.started)) {
        *minutes
            .entry((task % processes, at.as_secs() / 60))
            .or_default() += 1;
    }
    let refused = found
        .iter()
        .filter(|it| **it == Some(StatusCode::TOO_MANY_REQUESTS));
    Run {
        took: world.now(),
        attempts: found.len(),
        refused: refused.count(),
        minutes,
    }
}

/// The last hundred may follow at once when the last minute begins.
fn least() -> Duration {
    Duration::from_secs(60) * u32::try_from(INVITES / LIMIT - 1).unwrap()
}

#[test]
fn tasks_that_share_a_pace_are_never_refused_and_lose_little_time() {
    let least = least();
    for seed in 0..2 {
        let run = create(1, seed);
        assert_eq!((run.attempts, run.refused), (INVITES, 0), "{seed}");
        assert!(
            run.took >= least && run.took <= least.mul_f64(1.05),
            "{seed}: {:?}",
            run.took
        );
    }
}

#[test]
fn processes_that_share_a_key_but_no_pace_slow_down() {
    for seed in 0..2 {
        let run = create(2, seed);
        assert!(
            run.refused * 50 < INVITES,
            "{seed}: {} of {}",
            run.refused,
            run.attempts
        );
        assert!(run.took < least() * 3 / 2, "{seed}: {:?}", run.took);
        // After the first minutes, each has about its half.
        let settled = run
            .minutes
            .iter()
            .filter(|((_, minute), _)| (3..15).contains(minute));
        for ((process, minute), attempts) in settled {
            assert!(
                (20..=80).contains(attempts),
                "{process} made {attempts} in minute {minute}"
            );
        }
    }
}
