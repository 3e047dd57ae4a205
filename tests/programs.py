"""The examples find the sandbox by the variables that `factify sandbox` prints."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
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
