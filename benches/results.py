"""The files of results in docs/performance: one for each part, with the date, the commit and the machine."""

import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
FOLDER = ROOT / "docs/performance"


def spread(values):
    """The median of some measurements, and their range."""
    values = list(values)
    if len(values) == 1:
        return {"median": round(values[0], 3)}
    found = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: round(value, 3) for name, value in found.items()}


def append(path, result):
    """Adds a result to a file of lines, if there is a path."""
    if path:
        with open(path, "a") as lines:
            lines.write(json.dumps(result) + "\n")


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def commit():
    """The commit of the code, and whether it was changed since."""
    git = ["git", "-C", str(ROOT)]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], check=True, stdout=subprocess.PIPE, text=True)
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "benches", "crates", "Cargo.lock", "Cargo.toml"])
    return name.stdout.strip() + (", changed" if changed.returncode else "")


def store(folder, part, spread_of, results):
    """Writes the results of a part, as this machine measured them now. The range is that of `spread_of`."""
    head = {
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        "range": spread_of,
    }
    # One line for each result, so that a change can be read.
    lines = ",\n".join(f"    {json.dumps(result)}" for result in results)
    heads = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in head.items())
    (folder / f"{part}.json").write_text(f'{{\n{heads}  "results": [\n{lines}\n  ]\n}}\n')


def load(folder, part):
    return json.loads((folder / f"{part}.json").read_text())
