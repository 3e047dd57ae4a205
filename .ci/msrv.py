"""Every normal dependency of the library crates must declare a Rust version that ours allows."""

import json
import subprocess
import sys

LIBRARIES = {"factify-types", "factify-core", "factify-hyper", "factify-ureq", "factify-sandbox"}


def version(text):
    return tuple(int(part) for part in text.split("."))[:2]


command = ["cargo", "metadata", "--format-version=1", "--locked"]
metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
ours = {
    package["id"]: version(package["rust_version"])
    for package in packages.values()
    if package["name"] in LIBRARIES
}
allowed = min(ours.values())
# Optional dependencies of conversion features may ask for more; their features say so.
optional = {"time", "jiff", "chrono", "arbitrary", "proptest"}
seen, todo = set(ours), list(ours)
while todo:
    for dependency in nodes[todo.pop()]["deps"]:
        normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
        identity = dependency["pkg"]
        if normal and identity not in seen and packages[identity]["name"] not in optional:
            seen.add(identity)
            todo.append(identity)
wrong = [
    f"{packages[identity]['name']} {packages[identity]['version']} asks for {packages[identity]['rust_version']}"
    for identity in seen
    if packages[identity]["rust_version"] and version(packages[identity]["rust_version"]) > allowed
]
print(f"{len(seen)} packages, all build on Rust {allowed[0]}.{allowed[1]}" if not wrong else "\n".join(wrong))
sys.exit(bool(wrong))
