"""What .ci/release.py decides without asking anybody: functions from texts to results."""

import datetime
import re

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?")


class Problem(Exception):
    """What must be put right before a release."""


def key(version):
    """Sorts versions: a pre-release comes before its version."""
    found = VERSION.fullmatch(version)
    if not found:
        raise Problem(f"{version!r} is not a version such as 0.2.0")
    numbers = [int(part) for part in found.groups()[:3]]
    labels = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in (found[4] or "").split(".")]
    return numbers, found[4] is None, labels


def newest(tags):
    """The tag of the newest version, None if there is none."""
    versions = [tag[1:] for tag in tags if tag.startswith("v") and VERSION.fullmatch(tag[1:])]
    return "v" + max(versions, key=key) if versions else None


def published(metadata):
    """The packages that are published, each after those that it depends on."""
    packages = {one["name"]: one for one in metadata["packages"] if one["publish"] != []}
    done = []

    def add(name):
        if name in done:
            return
        for dependency in packages[name]["dependencies"]:
            # Dependencies of tests are not published.
            if dependency["name"] in packages and dependency["kind"] != "dev":
                add(dependency["name"])
        done.append(name)

    for name in sorted(packages):
        add(name)
    return [packages[name] for name in done]


def check_versions(metadata, version):
    """All published packages have this version, and ask for exactly it from each other."""
    packages = published(metadata)
    names = {package["name"] for package in packages}
    wrong = [f"{one['name']} has version {one['version']}" for one in packages if one["version"] != version]
    for package in packages:
        for dependency in package["dependencies"]:
            wanted = dependency["req"]
            if dependency["name"] in names and wanted not in (f"^{version}", "*" if dependency["kind"] == "dev" else ""):
                wrong.append(f"{package['name']} asks for {dependency['name']} {wanted}, not ^{version}")
    if wrong:
        raise Problem("\n".join(wrong) + f"\nput {version} into every place in Cargo.toml, and run `cargo update --workspace`")
    return f"{len(packages)} packages have version {version}"


def notes(changelog, version, names, today):
    """The section of a version in CHANGELOG.md. Each of its headings names published packages."""
    sections = re.split(r"(?m)^## ", changelog)[1:]
    titles = [section.split("\n", 1)[0] for section in sections]
    found = [index for index, title in enumerate(titles) if title.split(" ")[0] == version]
    if len(found) != 1:
        raise Problem(f"CHANGELOG.md has {len(found)} sections `## {version} (YYYY-MM-DD)`")
    title, _, body = sections[found[0]].partition("\n")
    dated = re.fullmatch(rf"{re.escape(version)} \((\d{{4}}-\d\d-\d\d)\)", title)
    try:
        date = datetime.date.fromisoformat(dated[1]) if dated else None
    except ValueError:
        date = None
    if date is None:
        raise Problem(f"the heading `## {title}` in CHANGELOG.md must be `## {version} (YYYY-MM-DD)`")
    if not today - datetime.timedelta(days=7) <= date <= today:
        raise Problem(f"CHANGELOG.md says {date}, but today is {today}")
    before = "".join(section.partition("\n")[2] for section in sections[: found[0]])
    if before.strip():
        raise Problem(f"CHANGELOG.md has changes above the section of {version}")
    for heading in re.findall(r"(?m)^### (.*)$", body):
        unknown = [name for name in heading.split(", ") if name not in names]
        if unknown:
            raise Problem(f"the heading `### {heading}` of CHANGELOG.md names no published crate: {', '.join(unknown)}")
    if not re.search(r"(?m)^- ", body):
        raise Problem(f"CHANGELOG.md lists no change of {version}")
    return body.strip() + "\n"


def check_gate(record, commit):
    """The gate has passed for this commit. It leaves a record: the commit, and how many steps it skipped."""
    passed, _, skipped = record.strip().partition(" ")
    if passed != commit:
        raise Problem("the gate has not passed for this commit; run `bash .ci/run`")
    if skipped != "0":
        raise Problem(f"the gate skipped {skipped} steps; run `bash .ci/run` where nothing is missing")
    return "passed, nothing skipped"
