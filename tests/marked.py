"""The parts of Markdown pages that scripts write, between two marks."""

import re


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n" + "".join("|" + "|".join(f" {cell} " if cell else " " for cell in line) + "|\n" for line in lines) + "\n"


def replaced(page, name, made):
    """The text of a page with this part replaced."""
    marks = re.compile(rf"(<!-- {name} -->\n).*(<!-- end of {name} -->\n)", re.DOTALL)
    changed, count = marks.subn(lambda found: found[1] + made + found[2], page)
    assert count == 1, f"the page has no part of {name}"
    return changed
