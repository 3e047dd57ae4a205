//! What must hold for any bytes.

pub mod core;
pub mod types;
