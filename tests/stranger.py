"""What a stranger sees, who has nothing but the packages: all crates are packaged and unpacked into an empty folder.

There the programs of README.md revoke an invite of a sandbox, each without crates of the other transport. The code of the
guides and the tests of the packages run too. With --write, updates the list of the packages' files."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/contract"), str(ROOT / ".ci")]
import release_parts  # noqa: E402
import sandbox  # noqa: E402

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
LIST = ROOT / "tests/packages.txt"
# The crates that a program with one transport must not have.
FOREIGN = {"hyper": {"ureq"}, "ureq": {"hyper", "tokio"}}


def run(folder, *command, **environment):
    """What the command prints."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "CARGO_TARGET_DIR": str(TARGET), **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def published():
    metadata = json.loads(run(ROOT, "cargo", "metadata", "--format-version=1", "--locked", "--no-deps"))
    return release_parts.published(metadata)


def package(crates):
    """Packages the crates, which compiles each from its package, and returns the files of the packages."""
    names = [argument for crate in crates for argument in ("-p", crate["name"])]
    run(ROOT, "cargo", "package", "--quiet", "--locked", "--allow-dirty", *names)
    return [TARGET / "package" / f"{crate['name']}-{crate['version']}.crate" for crate in crates]


def check_list(files):
    found = ""
    for file in files:
        with tarfile.open(file) as archive:
            names = sorted(archive.getnames())
        # Cargo adds it in a repository with commits only.
        found += "".join(f"{name}\n" for name in names if not name.endswith("/.cargo_vcs_info.json"))
    if "--write" in sys.argv:
        LIST.write_text(found)
    wrong = set(found.splitlines()) ^ set(LIST.read_text().splitlines())
    assert not wrong, f"the packages do not have the files of {LIST.name}; run tests/stranger.py --write: {sorted(wrong)}"
    print(f"{len(files)} packages, {found.count(chr(10))} files, as {LIST.name} lists them")


def unpack(files, place):
    """Makes a workspace of the packages. Programs below the folder find the crates there."""
    crates = place / "crates"
    for file in files:
        with tarfile.open(file) as archive:
            archive.extractall(crates, filter="data")
    patches = "".join(
        f'{folder.name.rpartition("-")[0]} = {{ path = "{folder}" }}\n' for folder in sorted(crates.iterdir())
    )
    (place / ".cargo").mkdir()
    (place / ".cargo/config.toml").write_text(f"[patch.crates-io]\n{patches}")
    (crates / "Cargo.toml").write_text('[workspace]\nresolver = "3"\nmembers = ["*"]\n')
    # The same versions as in the repository.
    shutil.copy(ROOT / "Cargo.lock", crates)
    return crates


def programs():
    """The programs of README.md by transport: a Cargo.toml and the Rust code after it."""
    blocks = re.findall(r"^```(toml|rust,no_run)\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    found = {}
    for (kind, manifest), (_, code) in zip(blocks, blocks[1:]):
        if kind == "toml":
            found[re.search(r'features = \["(\w+)"\]', manifest)[1]] = manifest, code
    assert found.keys() == FOREIGN.keys(), found.keys()
    return found


def write_program(folder, manifest, code):
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(manifest)
    (folder / "src/main.rs").write_text(code)
    shutil.copy(ROOT / "Cargo.lock", folder)


def revoke(place, feature, manifest, code, box, invite):
    for shown, real in ((r"org_\w+", box.organization), (r"inv_\w+", invite)):
        code, count = re.subn(shown, real, code)
        assert count == 1, (shown, code)
    folder = place / feature
    write_program(folder, manifest, code)
    printed = run(folder, "cargo", "run", "--quiet", FACTIFY_KEY=box.keys["admin"], FACTIFY_BASE_URL=box.base_url)
    assert printed.endswith(" is revoked\n"), printed
    tree = run(folder, *"cargo tree --edges normal --prefix none --format {p}".split())
    names = {line.split(" ")[0] for line in tree.splitlines()}
    assert not names & FOREIGN[feature], names & FOREIGN[feature]
    print(f"README, {feature}: {printed.strip()}, {len(names)} crates, none of the other transport")


# A feature of serde_json that another crate may turn on changes how numbers are read.
PRECISION = """
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cell: factify::records::DataCell = serde_json::from_str(r#"{"number_value": 1.5}"#)?;
    let indent: factify::records::Indentation = serde_json::from_str(r#"{"left_mm": 209.9}"#)?;
    print!("{:?} {:?}", cell.as_number(), indent.left_mm);
    Ok(())
}
"""


def precision(place):
    manifest = (
        '[package]\nname = "precision"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\n'
        'factify = { version = "0.1", features = ["records"] }\n'
        'serde_json = { version = "1", features = ["arbitrary_precision"] }\n'
    )
    write_program(place / "precision", manifest, PRECISION)
    assert run(place / "precision", "cargo", "run", "--quiet") == "Some(1.5) Some(209.9)"
    print("records: numbers are read with arbitrary_precision too")


def tests(crates, *arguments):
    printed = run(crates, "cargo", "test", "--quiet", "--all-features", *arguments)
    counts = collections.Counter()
    for number, kind in re.findall(r"(\d+) (passed|ignored)", printed):
        counts[kind] += int(number)
    assert counts["passed"], printed
    return f"{counts['passed']} passed"


crates = published()
files = package(crates)
check_list(files)
with tempfile.TemporaryDirectory() as folder:
    place = pathlib.Path(folder)
    unpacked = unpack(files, place)
    run(unpacked, "cargo", "build", "--quiet", "-p", "factify-cli")
    with sandbox.running(2, command=[str(TARGET / "debug/factify")]) as box:
        listed = box.command("invites", "list", "--output", "ids").stdout.split()
        for (feature, program), invite in zip(programs().items(), listed):
            revoke(place, feature, *program, box, invite)
    precision(place)
    print(f"guides: {tests(unpacked, '-p', 'factify', '--doc')}")
    libraries = [name for crate in crates for name in ("-p", crate["name"]) if crate["name"] != "factify-cli"]
    print(f"tests of the packages: {tests(unpacked, *libraries, '--lib')}")
