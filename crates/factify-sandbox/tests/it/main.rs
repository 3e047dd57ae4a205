//! The tests of the crate in one program, which links once; but for the simulation, and for tracing,
//! whose subscriber is the process's own.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    unreachable_pub
)]

mod ensure_revoked;
mod invite_states;
mod invites;
mod observe;
mod refusals;
mod transport;
mod worlds;
