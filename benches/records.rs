//! Decodes the record of a spreadsheet of 20 MB, compared with `serde_json::Value`.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::process::Command;

use factify_benches::side_by_side::SideBySide;
use factify_benches::{cost, responses};
use factify_core::Operation;
use factify_core::versions::GetVersionRecord;
use serde_json::{Value, json};

const SIZE: usize = 20_000_000;

fn main() {
    let body = responses::spreadsheet(SIZE);
    if let Some(side) = std::env::args().find_map(|it| Some(it.strip_prefix("--peak=")?.to_owned()))
    {
        match side.as_str() {
            "ours" => drop(black_box(GetVersionRecord::decode_body(&body).unwrap())),
            "other" => drop(black_box(serde_json::from_slice::<Value>(&body).unwrap())),
            _ => {}
        }
        println!("{}", cost::peak_memory());
        return;
    }
    cost::pin(0);
    let bench = SideBySide::from_args();
    bench.compare(
        "decode 20 MB of cells (from_slice to Value)",
        1,
        |times| {
            for _ in 0..times {
                black_box(GetVersionRecord::decode_body(black_box(&body))).unwrap();
            }
        },
        |times| {
            for _ in 0..times {
                black_box(serde_json::from_slice::<Value>(black_box(&body))).unwrap();
            }
        },
    );
    // Each in a process of its own.
    let [without, ours, other] = ["none", "ours", "other"].map(peak);
    let (ours, other) = (ours.saturating_sub(without), other.saturating_sub(without));
    println!(
        "{:46} {:>9} MB {:>9} MB {:>7.3}",
        "its peak memory, beside the body",
        ours / 1_000,
        other / 1_000,
        f64::from(ours) / f64::from(other.max(1)),
    );
    bench.save(&json!({"name": "peak memory", "ours_kb": ours, "other_kb": other}));
}

/// The peak memory in KB of a process that decodes the record once.
fn peak(side: &str) -> u32 {
    let program = std::env::current_exe().unwrap();
    let done = Command::new(program).arg(format!("--peak={side}")).output();
    let printed = String::from_utf8(done.unwrap().stdout).unwrap();
    printed.trim().parse().unwrap()
}
