"""Builds the snippets of README.md as programs that depend only on the crate `factify`, one for each
transport. Each program must revoke an invite of a sandbox without crates of the other transport.

The programs and the examples find the sandbox by the variables that `factify sandbox` prints."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/contract"))
import sandbox  # noqa: E402

PLACE = ROOT / "target/programs"
# What a snippet needs to be a program. One of them has its own `main`.
PROGRAMS = {
    "hyper": "#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{code}Ok(())\n}}\n",
    "ureq": "{code}",
}
TOKIO = 'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\n'
FOREIGN = {"hyper": {"ureq"}, "ureq": {"hyper", "tokio"}}


def snippet(feature):
    """The visible code in README.md that makes a client with this transport."""
    blocks = re.findall(r"```rust,no_run\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    code = next(block for block in blocks if f"factify::{feature}::client" in block)
    return "".join(line for line in code.splitlines(keepends=True) if not line.startswith("# "))


def make(feature, box, invite):
    folder = PLACE / feature
    (folder / "src").mkdir(parents=True, exist_ok=True)
    code = snippet(feature)
    for shown, real in (
        (r"org_\w+", box.organization),
        (r"inv_\w+", invite),
    ):
        code, count = re.subn(shown, real, code)
        assert count == 1, (shown, code)
    (folder / "src/main.rs").write_text(PROGRAMS[feature].format(code=code))
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "program"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[dependencies]\n'
        f'factify = {{ path = "{ROOT}/crates/factify", features = ["{feature}"] }}\n'
        + (TOKIO if feature == "hyper" else "")
    )
    # The same versions as in the workspace.
    shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
    return folder


def cargo(folder, *arguments, **environment):
    done = subprocess.run(
        ["cargo", "--quiet", *arguments, "--target-dir", str(PLACE / "target")]
        if arguments[0] == "run"
        else ["cargo", "--quiet", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


EXAMPLES = """
set -euo pipefail
eval "$(cargo run --quiet --locked -p factify-cli -- sandbox --print-env --invites 3)"
trap 'kill "$FACTIFY_SANDBOX_PID"' EXIT
for example in walk_invites walk_invites_blocking; do
    cargo run --quiet --locked --example "$example" -- "$FACTIFY_ORG" 2>&1
done
"""

done = subprocess.run(["bash", "-c", EXAMPLES], cwd=ROOT, capture_output=True, text=True)
assert done.returncode == 0, done.stdout + done.stderr
assert done.stdout.count("\n3 invites are pending.\n") == 2, done.stdout
assert "this is a sandbox" not in done.stdout and "ffy_" not in done.stdout, done.stdout
print("examples: they use the sandbox of their environment")

# A feature of serde_json that another crate may turn on changes how numbers are read.
PRECISION = """
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cell: factify::records::DataCell = serde_json::from_str(r#"{"number_value": 1.5}"#)?;
    let indent: factify::records::Indentation = serde_json::from_str(r#"{"left_mm": 209.9}"#)?;
    print!("{:?} {:?}", cell.as_number(), indent.left_mm);
    Ok(())
}
"""
folder = PLACE / "precision"
(folder / "src").mkdir(parents=True, exist_ok=True)
(folder / "src/main.rs").write_text(PRECISION)
(folder / "Cargo.toml").write_text(
    '[package]\nname = "precision"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[dependencies]\n'
    f'factify = {{ path = "{ROOT}/crates/factify", features = ["records"] }}\n'
    'serde_json = { version = "1", features = ["arbitrary_precision"] }\n'
)
shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
assert cargo(folder, "run") == "Some(1.5) Some(209.9)"
print("records: numbers are read with arbitrary_precision too")

with sandbox.running(2) as box:
    listed = box.command("invites", "list", "--output", "ids").stdout.split()
    for feature, invite in zip(PROGRAMS, listed):
        folder = make(feature, box, invite)
        printed = cargo(folder, "run", FACTIFY_KEY=box.keys["admin"], FACTIFY_BASE_URL=box.base_url)
        assert printed.endswith(" is revoked\n"), printed
        tree = cargo(folder, "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}")
        names = {line.split(" ")[0] for line in tree.splitlines()}
        assert not names & FOREIGN[feature], names & FOREIGN[feature]
        print(f"{feature}: {printed.strip()}, {len(names)} crates, none of the other transport")
