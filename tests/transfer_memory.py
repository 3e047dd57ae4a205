"""Checks that the memory of a transfer does not grow with its length, on both transports."""

import json
import pathlib
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/contract"))
import sandbox  # noqa: E402

# The sandbox computes a checksum, which takes time. The server of the benchmarks only counts the bytes of documents.
SMALL, LARGE, LARGE_DOCUMENT = 1_000, 256 << 20, 2 << 30
ALLOWED_KB = 10_000


def transferred(transport, direction, length, *url):
    """The peak memory in KB, and the program's output."""
    program = ["cargo", "run", "--quiet", "--release", "--locked", "-p", "factify-benches", "--example", "transfer"]
    done = subprocess.run(
        [*program, "--", transport, direction, str(length), *url], check=True, stdout=subprocess.PIPE, text=True
    )
    peak, arrived = done.stdout.split(" ", 1)
    return int(peak), arrived


def checksum(length):
    """The CRC-32 of `length` zeros."""
    block, crc = bytes(1 << 20), 0
    for _ in range(length >> 20):
        crc = zlib.crc32(block, crc)
    return zlib.crc32(bytes(length % (1 << 20)), crc)


expected = {length: {"length": length, "crc32": checksum(length)} for length in (SMALL, LARGE)}
with sandbox.running(release=True) as box:
    for transport in ("hyper", "ureq"):
        for direction in ("up", "down"):
            peaks = []
            for length in (SMALL, LARGE):
                peak, arrived = transferred(transport, direction, length, box.base_url)
                arrived = json.loads(arrived)
                assert arrived == (expected[length] if direction == "up" else length), arrived
                peaks.append(peak)
            print(f"{transport}, {direction}: a peak of {peaks[0]} KB for 1 KB, {peaks[1]} KB for 256 MiB")
            assert peaks[1] < peaks[0] + ALLOWED_KB, "memory grows with the length"

for transport in ("hyper", "ureq"):
    for direction in ("create", "save"):
        peaks = []
        for length in (SMALL, LARGE_DOCUMENT):
            peak, arrived = transferred(transport, direction, length)
            # A form is a little longer than its file.
            extra = int(arrived) - length
            assert 0 < extra < 1_000 if direction == "create" else extra == 0, arrived
            peaks.append(peak)
        print(f"{transport}, {direction}: a peak of {peaks[0]} KB for 1 KB, {peaks[1]} KB for 2 GiB")
        assert peaks[1] < peaks[0] + ALLOWED_KB, "memory grows with the length"
