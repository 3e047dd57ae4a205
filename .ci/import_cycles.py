"""The folders of factify-core must not import each other in a cycle.

The graph is drawn from the `crate::` paths of its sources, and from the chains of `super::` that lead
out of a folder. Each folder is a node, and each file next to the folders. The client and the operations
need each other, so the edge from the client to the operations is left out.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "crates/factify-core/src"
ALLOWED = ("client", "operations")

nodes = {entry.stem for entry in ROOT.iterdir() if entry.stem != "lib"}


def without_tests_and_comments(text):
    text = re.sub(r"(?m)^\s*//.*$", "", text)
    return text.split("#[cfg(test)]\nmod tests")[0]


def imports(path):
    """The nodes that a file names: by `crate::node`, and by `crate::{node, …}`."""
    text = without_tests_and_comments(path.read_text())
    depth = len(path.relative_to(ROOT).parts) - (path.name == "mod.rs")
    for chain in re.finditer(r"((?:super::)+)(\w+)", text):
        if chain[1].count("super::") == depth:
            yield chain[2]
    for start in re.finditer(r"(?:\$?crate)::", text):
        rest = text[start.end() :]
        if rest.startswith("{"):
            yield from re.findall(r"(\w+)(?:::|,|\s|\})", rest[: rest.index(";")])
        elif name := re.match(r"\w+", rest):
            yield name.group()


graph = {node: set() for node in nodes}
for path in ROOT.rglob("*.rs"):
    node = path.relative_to(ROOT).parts[0].removesuffix(".rs")
    if node != "lib":
        graph[node] |= {name for name in imports(path) if name in nodes and name != node}
graph[ALLOWED[0]].discard(ALLOWED[1])


def cycle(node, way=()):
    """A way that leads back to one of its nodes."""
    if node in way:
        return (*way[way.index(node) :], node)
    found = (cycle(next_node, (*way, node)) for next_node in sorted(graph[node]))
    return next((one for one in found if one), None)


for node in sorted(graph):
    print(f"{node} -> {', '.join(sorted(graph[node])) or '(none)'}")
for node in sorted(graph):
    if found := cycle(node):
        sys.exit(f"an import cycle: {' -> '.join(found)}")
# Each folder must have been read.
assert graph["operations"] >= {"client", "operation", "page", "wire"}, "the graph is not complete"
print("no import cycle")
