"""Checks the table of operations in docs/operations.md against the list of the crate. With --write,
updates it."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "contract"))
import operations  # noqa: E402

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/operations.md"
TABLE = re.compile(r"(<!-- operations -->\n).*(<!-- end of operations -->\n)", re.DOTALL)

rows = [
    f"| `{operation['id']}` | `{operation['call']}` | `{operation['method']} {operation['path']}` |\n"
    for operation in operations.declared()
]
table = "\n| operation | method | request |\n|---|---|---|\n" + "".join(rows) + "\n"
text = PAGE.read_text()
made, count = TABLE.subn(lambda found: found[1] + table + found[2], text)
if count != 1:
    sys.exit("docs/operations.md has no table of operations")
if "--write" in sys.argv:
    PAGE.write_text(made)
elif made != text:
    sys.exit("docs/operations.md does not list the operations of the crate; run tests/coverage.py --write")
print(f"docs/operations.md lists {len(rows)} operations")
