"""Releases small packages to a registry on this machine, with the real cargo and git."""

import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import registry

ROOT = pathlib.Path(__file__).resolve().parents[2]
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
WORKSPACE = """
[workspace]
resolver = "3"
members = ["types", "core", "command", "tests"]
[workspace.package]
version = "0.2.0"
edition = "2024"
[workspace.dependencies]
types = { path = "types", version = "0.2.0", registry = "local" }
core = { path = "core", version = "0.2.0", registry = "local" }
"""
PACKAGE = """
[package]
name = "NAME"
description = "A package"
license = "MIT"
version.workspace = true
edition.workspace = true
publish = PUBLISH
"""
DEPENDENCIES = {"types": [], "core": ["types"], "command": ["core", "types"], "tests": ["command"]}


class Release(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.registry = self.enterContext(registry.running())
        # Only what cargo and git need: no settings of this machine.
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN") if name in os.environ},
            "CARGO_HOME": str(self.place / "cargo"),
            "CARGO_REGISTRIES_LOCAL_INDEX": f"sparse+{self.registry.url}/index/",
            "CARGO_REGISTRIES_LOCAL_TOKEN": "a token",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_{role}_{part}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")},
        }
        self.tree = self.place / "tree"
        self.write("Cargo.toml", WORKSPACE)
        self.write(".gitignore", "/target\n/.tools\n__pycache__/\n")
        self.write("CHANGELOG.md", f"# Changelog\n\n## 0.2.0 ({TODAY})\n\n### types\n\n- A change.\n")
        for name, others in DEPENDENCIES.items():
            manifest = PACKAGE.replace("NAME", name).replace("PUBLISH", '["local"]' if name != "tests" else "false")
            lines = [f"{other}.workspace = true" if other != "command" else 'command.path = "../command"' for other in others]
            self.write(f"{name}/Cargo.toml", "\n".join([manifest, "[dependencies]", *lines, ""]))
            self.write(f"{name}/src/lib.rs", "//! A package.\n")
        for name in ("release.py", "release_parts.py", "semver.py"):
            self.write(f".ci/{name}", (ROOT / ".ci" / name).read_text())
        self.run_in_tree("cargo", "generate-lockfile")
        self.run_in_tree("git", "init", "--quiet", "--bare", "--initial-branch=main", "../origin")
        self.run_in_tree("git", "init", "--quiet", "--initial-branch=main")
        self.run_in_tree("git", "remote", "add", "origin", "../origin")
        self.commit()

    def write(self, path, text):
        (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / path).write_text(text)

    def run_in_tree(self, *command):
        return subprocess.run(
            command, cwd=self.tree, env=self.environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self):
        """Commits and pushes, and the gate passes."""
        self.run_in_tree("git", "add", "--all")
        self.run_in_tree("git", "commit", "--quiet", "--message", "A change")
        self.run_in_tree("git", "push", "--quiet", "origin", "main")
        self.write(".tools/passed", self.run_in_tree("git", "rev-parse", "HEAD") + " 0\n")

    def release(self, *options):
        command = [sys.executable, ".ci/release.py", "0.2.0", "--registry", "local", *options]
        done = subprocess.run(command, cwd=self.tree, env=self.environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def tags(self):
        """The tags here and at the origin."""
        return [self.run_in_tree("git", "tag"), self.run_in_tree("git", "ls-remote", "--tags", "--refs", "origin")]

    def test_a_dry_run_changes_nothing(self):
        code, printed = self.release("--dry-run")
        self.assertEqual(code, 0, printed)
        self.assertIn("tag v0.2.0, push it, publish types, core, command\n", printed)
        self.assertIn("THERE IS NO TAG OF AN EARLIER VERSION", printed)
        self.assertIn("### types\n\n- A change.\n", printed)
        self.assertEqual((self.tags(), self.registry.sent), (["", ""], []))
        self.assertEqual(self.run_in_tree("git", "status", "--porcelain"), "")

    def test_nothing_is_published_while_there_is_a_problem(self):
        def unpushed():
            self.write("new.txt", "")
            self.run_in_tree("git", "add", "--all")
            self.run_in_tree("git", "commit", "--quiet", "--message", "Not pushed")

        def broken():
            # Only the tree has this file, so the package does not build.
            self.write("other.rs", "")
            self.write("core/src/lib.rs", '//! A package.\ninclude!("../../other.rs");\n')
            self.commit()

        def old_tag():
            self.run_in_tree("git", "tag", "v0.2.0")
            self.run_in_tree("git", "push", "--quiet", "origin", "v0.2.0")
            self.run_in_tree("git", "tag", "--delete", "v0.2.0")
            self.write("CHANGELOG.md", (self.tree / "CHANGELOG.md").read_text() + "- Another.\n")
            self.commit()

        start = self.run_in_tree("git", "rev-parse", "HEAD")
        for change, problem in (
            (lambda: self.write("new.txt", ""), "new.txt"),
            (lambda: self.run_in_tree("git", "switch", "--quiet", "--create", "other"), "the branch is other"),
            (unpushed, "main of origin has another commit"),
            (lambda: self.write("CHANGELOG.md", "# Changelog\n"), "has 0 sections"),
            (lambda: self.write(".tools/passed", ""), "the gate has not passed"),
            (broken, "couldn't read"),
            (old_tag, "v0.2.0 names another commit"),
        ):
            with self.subTest(problem):
                change()
                for options in ((), ("--dry-run",)):
                    code, printed = self.release(*options)
                    self.assertEqual(code, 1, printed)
                    self.assertRegex(printed, f"PROBLEM: (.*\n)*.*{problem}")
                    self.assertIn("nothing was changed", printed)
                self.assertEqual(self.registry.sent, [])
                self.run_in_tree("git", "checkout", "--quiet", "--force", "-B", "main", start)
                self.run_in_tree("git", "clean", "--quiet", "--force", "-d")
                self.run_in_tree("git", "push", "--quiet", "--force", "origin", "main")
                self.write(".tools/passed", start + " 0\n")

    def test_a_release_that_stopped_in_the_middle_goes_on(self):
        self.registry.refused = {"core"}
        code, printed = self.release()
        self.assertEqual(code, 1, printed)
        self.assertIn("Run this script again", printed)
        self.assertEqual(list(self.registry.packages), ["types"])

        self.registry.refused, self.registry.sent = set(), []
        # Another clone, and main has gone on.
        self.write("new.txt", "")
        self.commit()
        self.run_in_tree("git", "checkout", "--quiet", "v0.2.0")
        self.run_in_tree("git", "tag", "--delete", "v0.2.0")
        self.write(".tools/passed", self.run_in_tree("git", "rev-parse", "HEAD") + " 0\n")
        code, printed = self.release()
        self.assertEqual(code, 0, printed)
        self.assertIn("to publish: core, command\n", printed)
        self.assertEqual(self.registry.sent, ["core", "command"])
        self.assertEqual((self.tree / "target/release-notes.md").read_text(), "### types\n\n- A change.\n")

        code, printed = self.release()
        self.assertEqual((code, self.registry.sent), (0, ["core", "command"]), printed)
        local, remote = self.tags()
        self.assertEqual((local, remote.split("\t")[1]), ("v0.2.0", "refs/tags/v0.2.0"))

    def test_packages_without_their_tag_are_a_problem(self):
        self.assertEqual(self.release()[0], 0)
        self.run_in_tree("git", "push", "--quiet", "--delete", "origin", "v0.2.0")
        self.run_in_tree("git", "tag", "--delete", "v0.2.0")
        code, printed = self.release()
        self.assertEqual(code, 1, printed)
        self.assertIn("some packages of 0.2.0 are published, but v0.2.0 does not exist", printed)
