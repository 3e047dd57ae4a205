"""Compares the SDK with the official Python SDK, which must be installed: `pip install factify==1.0.1`.

Each SDK in turn revokes for five seconds on one core, with the server on another core. Then each starts twenty times for a single call.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import results

LOOP = results.TARGET / "release/examples/revoke_loop"

PYTHON = """
import asyncio, json, resource, sys, time
from factify import Factify
url, seconds, in_flight = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
call = {"organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41", "invite_id": "inv_01h2xcejqtf2nbrexx3vqjhp41", "body": {}}
calls, started = 0, time.monotonic()

def one_at_a_time():
    global calls
    with Factify(bearer_auth="ffy_test_benchmark", server_url=url) as sdk:
        while calls == 0 or time.monotonic() < started + seconds:
            sdk.organizations.invites.revoke(**call)
            calls += 1

async def many():
    async with Factify(bearer_auth="ffy_test_benchmark", server_url=url) as sdk:
        async def loop():
            global calls
            while calls == 0 or time.monotonic() < started + seconds:
                await sdk.organizations.invites.revoke_async(**call)
                calls += 1
        await asyncio.gather(*(loop() for _ in range(in_flight)))

asyncio.run(many()) if in_flight > 1 else one_at_a_time()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"calls": calls, "seconds": time.monotonic() - started,
    "cpu_us": (usage.ru_utime + usage.ru_stime) * 1e6, "peak_kb": usage.ru_maxrss}))
"""

CLIENTS = {
    "factify-hyper, one at a time": (lambda url, seconds: [LOOP, "hyper", url, seconds, "1"]),
    "factify-hyper, 64 in flight": (lambda url, seconds: [LOOP, "hyper", url, seconds, "64"]),
    "factify-ureq, one at a time": (lambda url, seconds: [LOOP, "ureq", url, seconds, "1"]),
    "Python SDK 1.0.1, one at a time": (lambda url, seconds: [sys.executable, "-c", PYTHON, url, seconds, "1"]),
    "Python SDK 1.0.1, 64 in flight": (lambda url, seconds: [sys.executable, "-c", PYTHON, url, seconds, "64"]),
}


def run(command):
    output = subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {0}),
    )
    return json.loads(output.stdout)


def started(command):
    before = time.monotonic()
    run(command)
    return (time.monotonic() - before) * 1e3


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--quick", action="store_true", help="run each once, to check that it works")
parser.add_argument("--save", help="append the results to this file")
arguments = parser.parse_args()
seconds, rounds, starts = ("1", 1, 2) if arguments.quick else ("5", 3, 20)
subprocess.run(
    ["cargo", "build", "--quiet", "--release", "--locked", "-p", "factify-benches", "--example", "revoke_loop"],
    cwd=results.ROOT,
    check=True,
)
server = subprocess.Popen([LOOP, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
url = server.stdout.readline().strip()
measured = {name: [] for name in CLIENTS}
for _ in range(rounds):
    for name, command in CLIENTS.items():
        measured[name].append(run(command(url, seconds)))
print(f"{'':32} {'calls/s':>9} {'CPU us/call':>12} {'peak MiB':>9} {'cold start ms':>14}")
for name, found in measured.items():
    rate = results.spread(one["calls"] / one["seconds"] for one in found)
    cpu = results.spread(one["cpu_us"] / one["calls"] for one in found)
    peak = results.spread([max(one["peak_kb"] for one in found) / 1024])
    cold = results.spread(started(CLIENTS[name](url, "0")) for _ in range(starts))
    row = {"rate": rate, "cpu_us": cpu, "peak_mib": peak, "cold_ms": cold}
    rate, cpu, peak, cold = (one["median"] for one in row.values())
    print(f"{name:32} {rate:9,.0f} {cpu:12,.0f} {peak:9.1f} {cold:14.1f}")
    results.append(arguments.save, {"name": name, **row})
server.stdin.close()
server.wait()
