"""Checks that every command of docs/commands.md ran, and that every operation was attempted."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# These call no operation, or any.
OTHERS = {"api", "auth status", "auth profiles", "sandbox", "completions", "man"}

table = (ROOT / "docs/commands.md").read_text().split("<!-- operations -->")[1]
operations = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
commands = set(re.findall(r"`factify ([a-z -]+)`", table)) | OTHERS
log = pathlib.Path(sys.argv[1]).read_text()
ran = {name for name in commands if re.search(rf"^ran .*factify {name}\b(?!-)", log, re.MULTILINE)}
attempted = set(re.findall(r"^did (\w+)$", log, re.MULTILINE))
if missing := sorted(commands - ran):
    sys.exit(f"these commands did not run, or did nothing: {', '.join(missing)}")
if missing := sorted(operations - attempted):
    sys.exit(f"these operations were not attempted: {', '.join(missing)}")
print(f"all {len(commands)} commands ran, and attempted all {len(operations)} operations")
