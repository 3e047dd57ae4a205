//! The tests of the crate in one program, which links faster. The simulation is separate, and so is
//! tracing, because its subscriber is global.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    unreachable_pub
)]

mod access;
mod clocks;
mod control;
mod documents;
mod ensure_revoked;
mod ensure_schedules;
mod fault_plans;
mod faults;
mod guard;
mod invite_states;
mod invites;
mod mismatch;
mod observe;
mod offboard;
mod port;
mod quotas;
mod records;
mod refusals;
#[path = "../shared/mod.rs"]
mod shared;
mod sharing;
mod transport;
mod worlds;
