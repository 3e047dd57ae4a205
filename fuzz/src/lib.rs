//! Properties for any bytes.

pub mod core;
pub mod types;
