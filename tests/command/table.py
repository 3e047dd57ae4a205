"""Checks a table: FILE COLUMNS [TITLES ROWS]. No line is wider, measured without colors, and the last column starts
in each line at its title."""

import re
import sys
import unicodedata

path, columns, *expected = sys.argv[1:]
text = re.sub(r"\x1b\[[0-9;]*m", "", open(path, newline="").read()).replace("\r\n", "\n")
# A family and a flag are shown as one emoji.
text = text.replace("👩‍👩‍👧‍👦", "👪").replace("🇯🇵", "👪")


def width(text):
    """The columns of a terminal that the text takes."""
    wide = {"W": 2, "F": 2}
    shown = (symbol for symbol in text if unicodedata.category(symbol) not in ("Mn", "Cf"))
    return sum(wide.get(unicodedata.east_asian_width(symbol), 1) for symbol in shown)


lines = text.splitlines()
if expected:
    lines = [line for line in lines if line.startswith(("ID", "inv_"))]
    titles, rows = expected
    assert lines[0].split() == titles.split(), lines[0]
    assert len(lines) == int(rows) + 1, lines
    start = lines[0].rindex(" ") + 1
    for line in lines:
        before = line[: line.rindex(" ") + 1]
        assert width(before) == start, line
assert len(lines) > 1, "there is no row"
assert max(map(width, lines)) <= int(columns), lines
