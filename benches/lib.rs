//! Measures the SDK and hand-written code side by side, in turns within one run.
//!
//! The server is a process of its own, on another core where there is one, so that the CPU time of
//! the benchmark is that of the client alone.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(clippy::missing_panics_doc, clippy::missing_errors_doc)] // A benchmark that fails, fails.

pub mod by_hand;
pub mod cost;
pub mod responses;
pub mod server;
pub mod side_by_side;
pub mod upload;
