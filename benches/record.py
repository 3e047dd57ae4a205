"""Records the results of docs/performance, and makes the charts and tables of the page from them.

Run it on a machine without other load, with a Python that has the official SDK (`pip install factify==1.0.1`).
It needs hyperfine, GNU time, git, rg and gh. With names of parts, it records only these."""

import argparse
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import charts
import results

QUICK_FOLDER = results.TARGET / "performance"
LARGE_MIB = "128" if "--quick" in sys.argv[1:] else "2048"


def bench(name, **environment):
    return ["cargo", "bench", "--quiet", "--locked", "-p", "factify-benches", "--bench", name, "--"], environment


def script(name):
    return [sys.executable, str(results.ROOT / "benches" / name)], {}


# The measurements of each part, what a range in it is, and other options for a quick run.
PARTS = {
    "calls": ([bench("end_to_end")], "15 rounds", ["--quick"]),
    "transfers": ([bench("transfers"), bench("transfers", FACTIFY_TRANSFER_MIB=LARGE_MIB)], "15 rounds", ["--quick"]),
    "pure": ([bench("pure"), bench("records")], "15 rounds", ["--quick"]),
    "compile": ([script("compile_cost.py")], None, ["--only=ureq"]),
    "sdks": ([script("official_sdks.py")], "3 rounds, or of 20 cold starts", ["--quick"]),
    "command": ([script("command_cost.py")], "100 runs", ["--quick"]),
}

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--quick", action="store_true", help=f"check that it works: write to {QUICK_FOLDER} only")
parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
arguments = parser.parse_args()
parts = arguments.parts or list(PARTS)
missing = [tool for tool in ("gh", "git", "hyperfine", "rg", "time") if "command" in parts and not shutil.which(tool)]
if {"sdks", "command"}.intersection(parts) and not importlib.util.find_spec("factify"):
    missing.append("the Python package factify==1.0.1")
if missing:
    sys.exit(f"install {', '.join(missing)} first")
folder = results.FOLDER
if arguments.quick:
    folder = QUICK_FOLDER
    shutil.copytree(results.FOLDER, folder, dirs_exist_ok=True)
for part in parts:
    commands, spread_of, quick = PARTS[part]
    print(f"== {part}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        lines = pathlib.Path(place) / "lines"
        for command, environment in commands:
            options = ["--save", str(lines), *(quick if arguments.quick else [])]
            subprocess.run([*command, *options], cwd=results.ROOT, env={**os.environ, **environment}, check=True)
        found = [json.loads(line) for line in lines.read_text().splitlines()]
    results.store(folder, part, spread_of, found)
charts.write(folder)
