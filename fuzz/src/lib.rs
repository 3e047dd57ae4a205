//! Properties for any bytes.

pub mod core;
pub mod judge;
pub mod records;
pub mod transport;
pub mod types;
