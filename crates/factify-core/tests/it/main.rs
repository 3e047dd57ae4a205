//! All tests of the crate in one program, because one program links faster.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    unreachable_pub
)]

mod api_error;
mod attempts;
mod bodies;
mod cancelled;
mod clocks;
mod downloads;
mod ensure;
mod ensure_no_access;
mod ensure_others;
mod environment;
mod error_bodies;
mod fuzz_seeds;
mod misdeclared;
mod odd_items;
mod operations;
mod pace;
mod paging;
mod records;
mod repeated_secrets;
mod retry_table;
mod round_trip;
mod saves;
mod scratch;
mod secrets;
mod settings;
