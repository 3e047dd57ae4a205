//! Compares two ways to do the same work, alternately.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cost::Cost;

/// The number of rounds, which comparisons to run, and where to save them.
#[derive(Debug)]
pub struct SideBySide {
    rounds: u32,
    filter: Option<String>,
    saved: Option<File>,
}

impl SideBySide {
    /// Reads the arguments of `cargo bench`: `--quick` runs one short round of each comparison, to
    /// check that it works; `--save FILE` appends each comparison to the file as a line of JSON; a
    /// word selects the comparisons whose name contains it.
    pub fn from_args() -> Self {
        let mut bench = Self {
            rounds: 15,
            filter: None,
            saved: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => bench.rounds = 1,
                "--save" => {
                    let path = arguments.next().unwrap();
                    let file = OpenOptions::new().create(true).append(true).open(path);
                    bench.saved = Some(file.unwrap());
                }
                "--bench" => {}
                _ => bench.filter = Some(argument),
            }
        }
        println!(
            "{:46} {:>12} {:>12} {:>7} {:>7}",
            "", "ours", "the other", "time", "CPU"
        );
        bench
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
        let time = Measure::of(&rounds, times, |cost| cost.wall);
        let cpu = Measure::of(&rounds, times, |cost| cost.cpu);
        println!(
            "{name:46} {:>12} {:>12} {:>7.3} {:>7.3}",
            shown(time.ours),
            shown(time.other),
            time.ratio,
            cpu.ratio,
        );
        self.save(&json!({"name": name, "time": time.json(), "cpu": cpu.json()}));
    }

    /// Appends a result to the file of `--save`.
    pub fn save(&self, result: &Value) {
        if let Some(mut file) = self.saved.as_ref() {
            writeln!(file, "{result}").unwrap();
        }
    }
}

/// What the rounds of a comparison measured.
struct Measure {
    /// The median of the rounds' ratios, ours divided by the other, and their range.
    ratio: f64,
    min: f64,
    max: f64,
    /// The median of one run, in nanoseconds.
    ours: f64,
    other: f64,
}

impl Measure {
    fn of(rounds: &[(Cost, Cost)], times: u32, part: impl Fn(&Cost) -> Duration) -> Self {
        let sorted = |value: &dyn Fn(f64, f64) -> f64| {
            let seconds = |cost| part(cost).as_secs_f64();
            let rounds = rounds.iter();
            let mut values: Vec<_> = rounds
                .map(|(ours, other)| value(seconds(ours), seconds(other)))
                .collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let median = |values: &[f64]| values[values.len() / 2];
        let ratios = sorted(&|ours, other| ours / other.max(f64::MIN_POSITIVE));
        let one = |seconds: f64| seconds * 1e9 / f64::from(times);
        Self {
            ratio: median(&ratios),
            min: ratios[0],
            max: ratios[ratios.len() - 1],
            ours: one(median(&sorted(&|ours, _| ours))),
            other: one(median(&sorted(&|_, other| other))),
        }
    }

    fn json(&self) -> Value {
        let rounded = |value: f64, scale: f64| (value * scale).round() / scale;
        json!({
            "ratio": rounded(self.ratio, 1e4),
            "min": rounded(self.min, 1e4),
            "max": rounded(self.max, 1e4),
            "ours_ns": rounded(self.ours, 10.0),
            "other_ns": rounded(self.other, 10.0),
        })
    }
}

fn shown(nanos: f64) -> String {
    match nanos {
        ..1e4 => format!("{nanos:.1} ns"),
        ..1e7 => format!("{:.1} us", nanos / 1e3),
        _ => format!("{:.1} ms", nanos / 1e6),
    }
}
