//! Clients and a sandbox in one process, in virtual time, with a very bad network. What a client
//! reports about a call is compared with what really happened.
//!
//! The seed alone decides a run. The tests include some runs. To run more, or to repeat one:
//! `FACTIFY_SIMULATE=0..1000000 cargo test --release -p factify-sandbox --test simulation`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    unreachable_pub
)]

mod call;
mod check;
mod draw;
mod ensure;
mod network;
mod offboard;
mod pace;
mod scheduler;
#[path = "../shared/mod.rs"]
mod shared;
mod story;
mod transfers;
mod world;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use check::Figures;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("FACTIFY_SIMULATE") else {
        return 0..8_000;
    };
    let (from, to) = text.split_once("..").expect("FACTIFY_SIMULATE is FROM..TO");
    from.parse().expect("a number")..to.parse().expect("a number")
}

/// Runs the seeds on all cores.
fn simulate(seeds: &Range<u64>) -> Figures {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = |n: usize| seeds.clone().skip(n).step_by(threads);
    std::thread::scope(|scope| {
        let start = |n: usize| scope.spawn(move || share(n).map(run).sum::<Figures>());
        let running: Vec<_> = (0..threads).map(start).collect();
        let done = running.into_iter().map(|thread| match thread.join() {
            Ok(figures) => figures,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.sum()
    })
}

fn run(seed: u64) -> Figures {
    catch_unwind(AssertUnwindSafe(|| story::run(seed))).unwrap_or_else(|panic| {
        eprintln!(
            "Seed {seed} failed: FACTIFY_SIMULATE={seed}..{} repeats it.",
            seed + 1
        );
        std::panic::resume_unwind(panic)
    })
}

#[test]
fn every_reported_outcome_is_correct() {
    let seeds = seeds();
    let figures = simulate(&seeds);
    println!("{figures}");
    // Every kind of ending must occur, or the simulation proves nothing. Some are rare.
    if seeds.end - seeds.start >= 500_000 {
        figures.assert_all_seen();
    }
}

#[test]
fn a_seed_replays_exactly() {
    for seed in 0..50 {
        assert_eq!(story::trace(seed), story::trace(seed));
    }
}
