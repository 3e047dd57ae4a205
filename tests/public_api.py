"""Checks the listings of the public API in tests/public-api/ against the crates. With --write, updates them.

Each published library has a listing, so that a review shows every change of its API. rustdoc writes the API
of all features as JSON, and the crate `public-api` makes lines of it.

The JSON is an unstable output of rustdoc. A stable toolchain writes it if RUSTC_BOOTSTRAP is set, and then
the dependencies are the ones that `cargo doc` has compiled already. Its format must be the one that the
program in tests/public-api/ reads. If it is not, the script says so and exits with code 77."""

import difflib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "tests/public-api"
# The format that the version of `public-api` in tests/public-api/Cargo.toml reads.
FORMAT = 57
SKIPPED = 77
ATTRIBUTES = r"(?:#\[.*?\] )*"


def run(*command, **environment):
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    return done.stdout if done.returncode == 0 else sys.exit(f"{' '.join(command)} has failed")


def shorter(listing, crate):
    """Leaves out what another line says already: the methods of trait implementations, headers of inherent
    implementations without bounds, and the paths of the crate itself and of the standard library."""
    implementing = None
    for line in listing.splitlines():
        if header := re.match(rf"{ATTRIBUTES}impl\b(?:<.*?[^-]>)? ?(.*)", line):
            of_trait = re.match(r".*? for (.*?)(?: where .*)?$", re.sub(r"\bfor<.*?> ", "", header[1]))
            implementing = of_trait and of_trait[1] + "::"
            unbounded = not of_trait and ": " not in line and " where " not in line
            if unbounded or "StructuralPartialEq" in line:
                continue
        elif implementing and line.partition(" fn ")[2].startswith(implementing):
            continue
        line = re.sub(r"\b(?:core|alloc|std)::(?:[a-z]\w*::)*(?=[A-Z])", "", line)
        line = re.sub(r"\bserde_core::\w+::", "serde::", line)
        yield line.replace(f"{crate}::", "")


def libraries(metadata):
    """The published libraries: the name of the package and of its crate."""
    for package in metadata["packages"]:
        for target in package["targets"]:
            if "lib" in target["kind"] and package["publish"] is None:
                yield package["name"], target["name"]


def main():
    metadata = json.loads(run("cargo", "metadata", "--format-version=1", "--no-deps", "--locked"))
    target = pathlib.Path(metadata["target_directory"])
    # All members, because then the features of the dependencies are those of the documentation.
    run(
        *("cargo", "doc", "--quiet", "--workspace", "--lib", "--no-deps", "--all-features", "--locked"),
        RUSTDOC=str(PLACE / "rustdoc"),
        RUSTDOCFLAGS="-Z unstable-options --output-format json --cap-lints allow",
    )
    program = ("cargo", "run", "--quiet", "--locked", "--manifest-path", str(PLACE / "Cargo.toml"))
    program += ("--target-dir", str(target / "tools"), "--")
    changed, found = [], set()
    for package, crate in libraries(metadata):
        document = target / f"doc/{crate}.json"
        written = json.loads(document.read_text())["format_version"]
        if written != FORMAT:
            print(f"SKIPPED: THIS RUSTDOC WRITES FORMAT {written} AND THE LISTING OF THE PUBLIC API NEEDS {FORMAT}")
            print("Use another Rust, or a version of public-api that reads this format.")
            sys.exit(SKIPPED)
        made = "\n".join(shorter(run(*program, str(document)), crate)) + "\n"
        listing = PLACE / f"{package}.txt"
        found.add(listing)
        kept = listing.read_text() if listing.exists() else ""
        if "--write" in sys.argv:
            listing.write_text(made)
        elif made != kept:
            changed += difflib.unified_diff(
                kept.splitlines(), made.splitlines(), listing.name, "now", lineterm="", n=0
            )
        print(f"{package}: {made.count(chr(10))} lines")
    for listing in set(PLACE.glob("*.txt")) - found:
        changed.append(f"{listing.name} belongs to no published library")
    if changed:
        print("\n".join(changed))
        sys.exit(
            "The public API has changed. If you want this, run `python3 tests/public_api.py --write`, and\n"
            "write in CHANGELOG.md what users must do. docs/versioning.md says which changes are breaking."
        )


if __name__ == "__main__":
    main()
