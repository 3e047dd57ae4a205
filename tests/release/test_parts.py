"""What .ci/release_parts.py decides."""

import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / ".ci"))
import release_parts as parts  # noqa: E402

TODAY = datetime.date(2026, 12, 1)
NAMES = ["factify", "factify-core"]
CHANGES = "### factify, factify-core\n\n- A change.\n"


def package(name, version="0.2.0", publish=None, **dependencies):
    """A package of `cargo metadata`; each dependency is a requirement, and a kind after a comma."""
    wanted = [(other.replace("_", "-"), *text.split(",")) for other, text in dependencies.items()]
    return {
        "name": name,
        "version": version,
        "publish": publish,
        "dependencies": [
            {"name": one[0], "req": one[1], "kind": one[2] if len(one) > 2 else None} for one in wanted
        ],
    }


class Versions(unittest.TestCase):
    def test_versions_are_sorted_by_their_numbers(self):
        ordered = ["0.1.0", "0.1.9", "0.1.10", "0.2.0-alpha.2", "0.2.0-alpha.10", "0.2.0-beta.1", "0.2.0", "1.0.0"]
        self.assertEqual(sorted(reversed(ordered), key=parts.key), ordered)

    def test_other_texts_are_no_versions(self):
        for text in ("", "1", "0.1", "v0.1.0", "0.1.0.0", "0.01.0", "0.1.0 ", "0.1.0;ls", "--help"):
            with self.subTest(text), self.assertRaisesRegex(parts.Problem, "is not a version"):
                parts.key(text)

    def test_the_newest_tag_is_the_one_of_the_newest_version(self):
        for tags, newest in (
            ([], None),
            (["nightly", "0.3.0", "vNext", "v0.3"], None),
            (["v0.2.0", "v0.10.0", "v0.9.0", "other"], "v0.10.0"),
            (["v0.2.0-rc.1", "v0.1.0"], "v0.2.0-rc.1"),
        ):
            with self.subTest(tags=tags):
                self.assertEqual(parts.newest(tags), newest)


class Packages(unittest.TestCase):
    def test_each_package_comes_after_its_dependencies(self):
        metadata = {
            "packages": [
                package("command", core="^0.2.0", types="^0.2.0", tests="*,dev"),
                # A dependency of tests makes no order, even in a circle.
                package("types", core="^0.2.0,dev", serde="^1"),
                package("core", types="^0.2.0"),
                package("tests", publish=[], command="*"),
            ]
        }
        self.assertEqual([one["name"] for one in parts.published(metadata)], ["types", "core", "command"])

    def test_all_packages_have_the_version_and_ask_for_it(self):
        good = package("core", types="^0.2.0", serde="^1", tests="*,dev")
        for packages, problem in (
            ([good, package("types")], None),
            ([good, package("types"), package("tests", "0.0.0", publish=[])], None),
            ([good, package("types", "0.1.0")], "types has version 0.1.0"),
            ([package("core", types="^0.1.0"), package("types")], r"core asks for types \^0.1.0, not \^0.2.0"),
            ([package("core", types="^0.1.0,dev"), package("types")], r"core asks for types \^0.1.0"),
            ([package("core", types="*"), package("types")], r"core asks for types \*"),
        ):
            with self.subTest(problem):
                if problem is None:
                    parts.check_versions({"packages": packages}, "0.2.0")
                else:
                    with self.assertRaisesRegex(parts.Problem, problem):
                        parts.check_versions({"packages": packages}, "0.2.0")


class Notes(unittest.TestCase):
    def test_the_notes_are_the_section_of_the_version(self):
        for date in ("2026-12-01", "2026-11-24"):
            for before in ("", "## Unreleased\n\n"):
                text = f"# Changelog\n\n{before}## 0.2.0 ({date})\n\nText.\n\n{CHANGES}\n## 0.1.0 (2026-01-01)\n\n- Old.\n"
                with self.subTest(date=date, before=before):
                    self.assertEqual(parts.notes(text, "0.2.0", NAMES, TODAY), f"Text.\n\n{CHANGES}")

    def test_a_section_that_is_not_ready_is_refused(self):
        for text, problem in (
            (f"## Unreleased\n{CHANGES}", "has 0 sections"),
            (f"## 0.2.0 (2026-12-01)\n{CHANGES}\n## 0.2.0 (2026-11-30)\n{CHANGES}", "has 2 sections"),
            (f"## 0.2.0\n{CHANGES}", "must be"),
            (f"## 0.2.0 (today)\n{CHANGES}", "must be"),
            (f"## 0.2.0 (2026-13-01)\n{CHANGES}", "must be"),
            (f"## 0.2.0 (2026-12-02)\n{CHANGES}", "but today is"),
            (f"## 0.2.0 (2026-11-23)\n{CHANGES}", "but today is"),
            (f"## Unreleased\n- More.\n\n## 0.2.0 (2026-12-01)\n{CHANGES}", "above the section"),
            ("## 0.2.0 (2026-12-01)\n### factify, other\n- A change.\n", "no published crate: other"),
            ("## 0.2.0 (2026-12-01)\n### factify\n", "lists no change"),
        ):
            with self.subTest(text), self.assertRaisesRegex(parts.Problem, problem):
                parts.notes(text, "0.2.0", NAMES, TODAY)


class Gate(unittest.TestCase):
    def test_only_a_gate_of_this_commit_that_skipped_nothing_counts(self):
        self.assertEqual(parts.check_gate("abc 0\n", "abc"), "passed, nothing skipped")
        for record, problem in (("", "has not passed"), ("other 0\n", "has not passed"), ("abc 2\n", "skipped 2"), ("abc", "skipped")):
            with self.subTest(record), self.assertRaisesRegex(parts.Problem, problem):
                parts.check_gate(record, "abc")
