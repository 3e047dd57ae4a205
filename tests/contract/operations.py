"""The operations of the Rust crate, from its own list."""

import json
import subprocess

# Not of one package alone: it would be compiled again with other features.
RUN = "cargo run --quiet --locked --example".split()


def lines(example, *arguments):
    """What an example of the crate prints, one value per line."""
    printed = subprocess.run(
        [*RUN, example, "--", *arguments], check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in printed.stdout.rstrip("\n").split("\n")]


def declared():
    return lines("print_operations")
