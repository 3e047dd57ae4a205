//! Measures the SDK and hand-written code, alternately in one run.
//!
//! The server is a separate process, on another core if there is one, so the CPU time of the benchmark
//! is only the client's.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(clippy::missing_panics_doc, clippy::missing_errors_doc)] // A benchmark may panic.

pub mod by_hand;
pub mod cost;
pub mod responses;
pub mod server;
pub mod side_by_side;
pub mod upload;
