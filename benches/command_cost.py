"""Measures the command and other programs: the time with hyperfine, the peak memory with GNU time.

Needs git, rg, gh and the official Python SDK. The calls go to a sandbox with 50,000 invites."""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile

import results

sys.path.insert(0, str(results.ROOT / "tests/contract"))
import sandbox  # noqa: E402

FACTIFY = str(results.TARGET / "release/factify")
INVITES = 50_000
PYTHON = """
import os
from factify import Factify
with Factify(bearer_auth=os.environ["FACTIFY_KEY"], server_url=os.environ["FACTIFY_BASE_URL"]) as sdk:
    page = sdk.organizations.invites.list(organization_id=os.environ["FACTIFY_ORG"], page_size=10)
    for invite in page.result.items:
        print(invite.id, invite.email, invite.status)
"""
PROGRAMS = {
    "factify --version": [FACTIFY, "--version"],
    "factify --help": [FACTIFY, "--help"],
    "git --version": ["git", "--version"],
    "rg --version": ["rg", "--version"],
    "gh --version": ["gh", "--version"],
    "factify invites list --limit 10": [FACTIFY, "invites", "list", "--limit", "10"],
    "the same with the Python SDK 1.0.1": [sys.executable, "-c", PYTHON],
}
# It takes too long to be repeated.
WHOLE_LIST = f"factify invites list, {INVITES:,} invites"


def times(command, runs, environment):
    """Milliseconds of each run."""
    with tempfile.NamedTemporaryFile() as file:
        hyperfine = ["hyperfine", "--shell=none", "--warmup=3", f"--runs={runs}", "--style=none", "--export-json", file.name]
        subprocess.run([*hyperfine, shlex.join(command)], env=environment, check=True, stdout=subprocess.DEVNULL)
        return [seconds * 1e3 for seconds in json.load(file)["results"][0]["times"]]


def peak(command, environment):
    """MiB of memory. The memory of a child of Python would count what Python needs to start it."""
    with tempfile.NamedTemporaryFile("r") as file:
        timed = ["time", "--format=%M", f"--output={file.name}", *command]
        subprocess.run(timed, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(file.read()) / 1024


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--quick", action="store_true", help="run each three times, to check that it works")
parser.add_argument("--save", help="append the results to this file")
arguments = parser.parse_args()
build = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "factify-cli"]
subprocess.run(build, cwd=results.ROOT, check=True)
with sandbox.running(INVITES, release=True) as box:
    environment = {
        **os.environ,
        "FACTIFY_KEY": box.keys["admin"],
        "FACTIFY_BASE_URL": box.base_url,
        "FACTIFY_ORG": box.organization,
    }
    for name, command in PROGRAMS.items():
        measured = results.spread(times(command, 3 if arguments.quick else 100, environment))
        row = {"name": name, "time_ms": measured, "peak_mib": results.spread([peak(command, environment)])}
        print(f"{name:40} {measured['median']:8.1f} ms {row['peak_mib']['median']:8.1f} MiB", flush=True)
        results.append(arguments.save, row)
    memory = results.spread([peak([FACTIFY, "invites", "list"], environment)])
    print(f"{WHOLE_LIST:40} {'':8}    {memory['median']:8.1f} MiB")
    results.append(arguments.save, {"name": WHOLE_LIST, "peak_mib": memory})
size = results.spread([os.path.getsize(FACTIFY) / 2**20])
print(f"The command is one file of {size['median']:.1f} MiB")
results.append(arguments.save, {"name": "factify", "size_mib": size})
