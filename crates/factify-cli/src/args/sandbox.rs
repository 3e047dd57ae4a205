//! The arguments of `factify sandbox`.

use std::net::SocketAddr;

use clap::Args;

#[derive(Debug, Args)]
#[command(override_usage = "factify sandbox [OPTIONS]")]
pub(crate) struct Sandbox {
    /// Where to listen; port 0 is a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) addr: SocketAddr,
    /// What keys, tokens and the random part of ids follow from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many pending invites there are at the start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) invites: u32,
    /// How many times as fast as real time the clock runs
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) clock_speed: u32,
    /// Lift the limits of 1,000 requests and 100 creations a minute for each key
    #[arg(long)]
    pub(crate) no_rate_limit: bool,
    /// Print where it is and who has which key as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Serve in the background, and print the environment for a shell to evaluate
    #[arg(long, conflicts_with = "json")]
    pub(crate) print_env: bool,
}
