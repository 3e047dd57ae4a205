//! The arguments of `factify sandbox`.

use std::net::SocketAddr;

use clap::Args;

#[derive(Debug, Args)]
#[command(override_usage = "factify sandbox [OPTIONS]")]
pub(crate) struct Sandbox {
    /// The address to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) addr: SocketAddr,
    /// The seed for the keys, the tokens and the random part of the ids
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The number of pending invites at the start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) invites: u32,
    /// The speed of the clock: N times real time
    #[arg(
        long,
        value_name = "N",
        value_parser = super::value::at_least_one::<u32>,
        default_value_t = 1
    )]
    pub(crate) clock_speed: u32,
    /// Remove the rate limits: for each key and minute 1,000 requests, and 100 that create
    #[arg(long)]
    pub(crate) no_rate_limit: bool,
    /// Print the address, users and keys as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Serve in the background, and print environment variables for a shell to evaluate
    #[arg(long, conflicts_with = "json")]
    pub(crate) print_env: bool,
}
