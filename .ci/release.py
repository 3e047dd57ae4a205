"""Releases a version: `python3 .ci/release.py 0.2.0 --dry-run`, and without --dry-run if all is well.

First come all checks, which change nothing outside target/. Then the commit is tagged and the tag is pushed, so that
one commit has this version for ever. Then the packages are published, each after its dependencies.

It is safe to run again after an error: a tag of this commit is kept, and packages that are published already are
left out. The script needs no credential itself; `cargo publish` uses yours."""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

import release_parts as parts
from release_parts import Problem

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = 77
# Since this version, cargo publishes several packages that depend on each other.
CARGO = (1, 90)


def call(*command, cwd=ROOT):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def output(*command):
    done = call(*command)
    if done.returncode != 0:
        raise Problem(f"`{' '.join(command)}` has failed:\n{last_lines(done.stderr)}")
    return done.stdout.strip()


def last_lines(text):
    return "\n".join(text.strip().splitlines()[-20:])


class Release:
    def __init__(self, version, registry):
        self.version, self.registry, self.tag = version, registry, f"v{version}"
        self.metadata = json.loads(output("cargo", "metadata", "--format-version=1", "--no-deps", "--locked"))
        self.names = [package["name"] for package in parts.published(self.metadata)]
        self.commit = output("git", "rev-parse", "HEAD")
        # Whether the tag names this commit already, because an earlier run stopped.
        self.goes_on = False
        self.notes = None

    def package_options(self, names):
        return ["--locked", *(part for name in names for part in ("--package", name))]

    def cargo(self):
        """cargo is new enough"""
        version = output("cargo", "--version").split()[1]
        if tuple(int(part) for part in version.split(".")[:2]) < CARGO:
            raise Problem(f"cargo {version} cannot publish packages that depend on each other; {CARGO[0]}.{CARGO[1]} can")
        return version

    def tree(self):
        """nothing is uncommitted"""
        if changed := output("git", "status", "--porcelain"):
            raise Problem(changed)
        return self.commit

    def tagged(self):
        """the tag is new, or names this commit"""
        # Of an annotated tag, the second line is the commit.
        remote = output("git", "ls-remote", "origin", f"refs/tags/{self.tag}", f"refs/tags/{self.tag}^{{}}").split("\n")
        local = call("git", "rev-parse", "--verify", "--quiet", f"{self.tag}^{{commit}}").stdout.strip()
        commits = {one for one in (remote[-1].split("\t")[0], local) if one}
        if commits - {self.commit}:
            raise Problem(f"{self.tag} names another commit. If nothing is published yet, delete it; else take the next version")
        self.goes_on = bool(commits)
        return f"{self.tag} names this commit, so the release goes on" if commits else f"{self.tag} is new"

    def branch(self):
        """the commit is the newest of main"""
        if self.goes_on:
            return "the tag counts"
        if (branch := output("git", "branch", "--show-current")) != "main":
            raise Problem(f"the branch is {branch or 'none'}")
        if output("git", "ls-remote", "origin", "refs/heads/main").split("\t")[0] != self.commit:
            raise Problem("main of origin has another commit")
        return "main"

    def versions(self):
        """all packages have the version and ask for it from each other"""
        return parts.check_versions(self.metadata, self.version)

    def changelog(self):
        """CHANGELOG.md has a section of the version"""
        today = datetime.datetime.now(datetime.timezone.utc).date()
        text = (ROOT / "CHANGELOG.md").read_text()
        self.notes = parts.notes(text, self.version, self.names, today)
        return f"{len(self.notes.splitlines())} lines"

    def gate(self):
        """the gate has passed"""
        record = ROOT / ".tools/passed"
        return parts.check_gate(record.read_text() if record.exists() else "", self.commit)

    def semver(self):
        """nothing breaks users unless the version says so"""
        done = call(sys.executable, ".ci/semver.py")
        if done.returncode not in (0, SKIPPED):
            raise Problem(last_lines(done.stdout + done.stderr))
        return done.stdout.strip().splitlines()[-1]

    def package(self):
        """the packages build by themselves"""
        # The tree was checked. Without this, a dry run would stop here.
        output("cargo", "package", "--quiet", "--allow-dirty", *self.package_options(self.names))
        return f"{len(self.names)} packages"

    def unpublished(self):
        missing = []
        for name in self.names:
            # In another folder, cargo asks the registry and not the workspace.
            with tempfile.TemporaryDirectory() as elsewhere:
                done = call("cargo", "info", f"{name}@{self.version}", "--registry", self.registry, cwd=elsewhere)
            if done.returncode == 0:
                continue
            if "could not find" not in done.stderr:
                raise Problem(f"the registry does not say whether {name} is published:\n{last_lines(done.stderr)}")
            missing.append(name)
        return missing

    def registered(self):
        """the registry says what is published"""
        missing = self.unpublished()
        if len(missing) < len(self.names) and not self.goes_on:
            raise Problem(f"some packages of {self.version} are published, but {self.tag} does not exist")
        return f"to publish: {', '.join(missing) or 'nothing'}"

    CHECKS = (cargo, tree, tagged, branch, versions, changelog, gate, semver, package, registered)

    def check(self):
        """Makes all checks, and counts the problems."""
        problems = 0
        for check in self.CHECKS:
            print(f"== {check.__doc__}", flush=True)
            try:
                print(check(self), flush=True)
            except Problem as problem:
                problems += 1
                print(f"PROBLEM: {problem}", flush=True)
        return problems

    def publish(self):
        print("== tag", flush=True)
        reference = f"refs/tags/{self.tag}"
        if output("git", "ls-remote", "origin", reference):
            output("git", "fetch", "--quiet", "origin", f"{reference}:{reference}")
        elif call("git", "rev-parse", "--verify", "--quiet", reference).returncode != 0:
            output("git", "tag", "--annotate", self.tag, "--message", f"Version {self.version}")
        output("git", "push", "--quiet", "origin", reference)
        print("== publish", flush=True)
        if missing := self.unpublished():
            command = ["cargo", "publish", "--registry", self.registry, *self.package_options(missing)]
            if subprocess.run(command, cwd=ROOT).returncode != 0:
                raise Problem("not all packages are published. Run this script again: it goes on where it stopped")
        notes = ROOT / "target/release-notes.md"
        notes.parent.mkdir(exist_ok=True)
        notes.write_text(self.notes)
        print(f"{self.version} is published")

    def by_hand(self):
        pages = "\n".join(f"  https://docs.rs/crate/{name}/{self.version}/builds" for name in self.names)
        return f"""== by hand
- Make the release on GitHub from the tag, with the text of target/release-notes.md:
  gh release create {self.tag} --verify-tag --title {self.version} --notes-file target/release-notes.md
- In an hour, look whether docs.rs has built every crate:
{pages}
- In an empty directory: `cargo install factify-cli --locked && factify --version`."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version")
    parser.add_argument("--dry-run", action="store_true", help="check, and say what would be done")
    parser.add_argument("--registry", default="crates-io", help="another registry, to test this script")
    options = parser.parse_args()
    try:
        parts.key(options.version)
        release = Release(options.version, options.registry)
        problems = release.check()
        if options.dry_run:
            print(f"== what would be done\ntag {release.tag}, push it, publish {', '.join(release.names)}")
            print(release.by_hand())
            print(f"== the text of the release\n{release.notes or 'none, see above'}")
        if problems:
            sys.exit(f"{problems} problems, nothing was changed")
        if not options.dry_run:
            release.publish()
            print(release.by_hand())
    except Problem as problem:
        sys.exit(f"PROBLEM: {problem}")


main()
