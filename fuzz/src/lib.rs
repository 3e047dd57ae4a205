//! Properties for any bytes.

pub mod core;
pub mod judge;
pub mod transport;
pub mod types;
