"""Compares the API of the libraries with the last version: a change that breaks users needs a new minor version,
as docs/versioning.md says. Exits with code 77 if there is no version to compare with.

With --install, installs cargo-semver-checks into .tools if it is missing."""

import json
import pathlib
import shutil
import subprocess
import sys

from release_parts import newest, published

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = 77
# It must read the JSON of the rustdoc in use: take a newer version for a newer Rust.
TOOL = "0.51.0"
INSTALL = ["cargo", "install", "--quiet", "--debug", "--locked", "--root", ".tools", "--target-dir", "target/tools"]
INSTALL += ["cargo-semver-checks", "--version", TOOL]


def output(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def in_tag(package, tag):
    """Whether the package existed."""
    manifest = pathlib.Path(package["manifest_path"]).relative_to(ROOT)
    return output("git", "ls-tree", "--name-only", tag, str(manifest)) != ""


def main():
    metadata = json.loads(output("cargo", "metadata", "--format-version=1", "--no-deps", "--locked"))
    libraries = [one for one in published(metadata) if any("lib" in target["kind"] for target in one["targets"])]
    # The tag of this commit is the version that is being released.
    tag = newest(output("git", "tag", "--merged", "HEAD", "--no-contains", "HEAD").split())
    here = [package for package in libraries if tag and in_tag(package, tag)]
    if not here:
        print("SKIPPED: THERE IS NO TAG OF AN EARLIER VERSION, THE API WAS NOT COMPARED")
        sys.exit(SKIPPED)
    tool = shutil.which("cargo-semver-checks") or shutil.which(ROOT / ".tools/bin/cargo-semver-checks")
    if not tool and "--install" not in sys.argv:
        sys.exit(f"cargo-semver-checks is missing; run `{' '.join(INSTALL)}`")
    if not tool:
        output(*INSTALL)
        tool = str(ROOT / ".tools/bin/cargo-semver-checks")
    print(f"compared with {tag}", flush=True)
    names = [part for package in here for part in ("--package", package["name"])]
    done = subprocess.run([tool, "semver-checks", "check-release", *names, "--baseline-rev", tag], cwd=ROOT)
    sys.exit(done.returncode)


main()
