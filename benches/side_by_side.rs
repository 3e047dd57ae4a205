//! Compares two ways to do the same work, alternately.

use std::time::Duration;

use crate::cost::Cost;

/// The number of rounds, and which comparisons to run.
#[derive(Debug)]
pub struct SideBySide {
    rounds: u32,
    filter: Option<String>,
}

impl SideBySide {
    /// Reads the arguments of `cargo bench`: `--quick` runs one short round of each comparison, to
    /// check that it works; a word selects the comparisons whose name contains it.
    pub fn from_args() -> Self {
        let mut filter = None;
        let mut rounds = 15;
        for argument in std::env::args().skip(1) {
            match argument.as_str() {
                "--quick" => rounds = 1,
                "--bench" => {}
                _ => filter = Some(argument),
            }
        }
        println!(
            "{:44} {:>12} {:>12} {:>7} {:>7}",
            "", "ours", "the other", "time", "CPU"
        );
        Self { rounds, filter }
    }

    /// Runs each side `times` times per round. Prints the median cost of one run, and the median of the
    /// rounds' ratios, ours divided by the other.
    pub fn compare(
        &self,
        name: &str,
        times: u32,
        mut ours: impl FnMut(u32),
        mut other: impl FnMut(u32),
    ) {
        if self
            .filter
            .as_ref()
            .is_some_and(|filter| !name.contains(filter.as_str()))
        {
            return;
        }
        let times = if self.rounds == 1 {
            times.div_ceil(50)
        } else {
            times
        };
        ours(times.div_ceil(4));
        other(times.div_ceil(4));
        let rounds: Vec<(Cost, Cost)> = (0..self.rounds)
            .map(|round| {
                if round % 2 == 0 {
                    let first = Cost::of(|| ours(times));
                    (first, Cost::of(|| other(times)))
                } else {
                    let first = Cost::of(|| other(times));
                    (Cost::of(|| ours(times)), first)
                }
            })
            .collect();
        let one = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(times);
        let ratio = |ours: Duration, other: Duration| {
            ours.as_secs_f64() / other.as_secs_f64().max(f64::MIN_POSITIVE)
        };
        println!(
            "{name:44} {:>12} {:>12} {:>7.3} {:>7.3}",
            shown(median(&rounds, |(ours, _)| one(ours.wall))),
            shown(median(&rounds, |(_, other)| one(other.wall))),
            median(&rounds, |(ours, other)| ratio(ours.wall, other.wall)),
            median(&rounds, |(ours, other)| ratio(ours.cpu, other.cpu)),
        );
    }
}

fn median(rounds: &[(Cost, Cost)], value: impl Fn(&(Cost, Cost)) -> f64) -> f64 {
    let mut values: Vec<_> = rounds.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn shown(nanos: f64) -> String {
    match nanos {
        ..1e4 => format!("{nanos:.1} ns"),
        ..1e7 => format!("{:.1} us", nanos / 1e3),
        _ => format!("{:.1} ms", nanos / 1e6),
    }
}
