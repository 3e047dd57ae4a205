"""Checks the links of all Markdown files and of the rendered documentation, without a network.

It needs `cargo doc --workspace --no-deps --all-features`, because a link to docs.rs must point to a page of it."""

import os
import pathlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

ROOT = pathlib.Path(__file__).resolve().parent.parent
RENDERED = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "doc"
REPOSITORY = "https://github.com/factify-rs/factify/blob/main/"
DOCS = re.compile(r"https://docs\.rs/(factify[\w-]*)/latest/")
FENCED = re.compile(r"^ *(```+)[^\n]*\n.*?^ *\1 *$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
DEFINED = re.compile(r"^ {0,3}\[([^\]]+)\]: +(\S+)", re.MULTILINE)

# The docs of methods that a trait of tracing or proptest gives to our types.
FOREIGN = {
    "dispatcher#setting-the-default-subscriber",
    "trait.Arbitrary.html#tymethod.arbitrary_with",
    "../strategy/trait.Strategy.html",
}
# Links to other sites, which are the same in both places.
SITES = {"axum crate"}


class Page(HTMLParser):
    """The links and the targets of fragments in a page."""

    def __init__(self):
        super().__init__()
        self.links, self.ids = set(), set()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "a" and found.get("href"):
            self.links.add(found["href"])
        if found.get("id"):
            self.ids.add(unquote(found["id"]))


def page(path, known={}):
    if path not in known:
        known[path] = Page()
        known[path].feed(path.read_text())
    return known[path]


def headings(path):
    """The fragments of a Markdown file, as GitHub makes them."""
    lines = re.findall(r"^#+ +(.*?) *$", re.sub(r"^```.*?^```", "", path.read_text(), flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def mistake(path, fragment):
    """What is wrong with a link to this file."""
    if path.is_dir():
        path /= "index.html" if RENDERED in path.parents else ""
    if not path.exists():
        return "there is no such file"
    # The source pages make the fragments of lines by themselves.
    if not fragment or re.fullmatch(r"L?\d+(-L?\d+)?", fragment):
        return None
    fragments = headings(path) if path.suffix == ".md" else page(path).ids
    return None if unquote(fragment) in fragments else "there is no such heading"


def resolve(path, link):
    """The file that a link of this file points to, or none if it is on another site."""
    target, fragment = urldefrag(link)
    if target.startswith(REPOSITORY):
        return ROOT / unquote(target.removeprefix(REPOSITORY)), fragment
    if found := DOCS.match(target):
        return RENDERED / target[found.end() :], fragment
    if re.match(r"[a-z]+:", target):
        return None
    return (pathlib.Path(os.path.normpath(path.parent / unquote(target))) if target else path), fragment


def markdown_links(path):
    text = path.read_text()
    plain = FENCED.sub(lambda found: "`" if "\n" not in found[0] else "", text)
    definitions = dict((label.lower(), target) for label, target in DEFINED.findall(text))
    return [*re.findall(r"\]\(([^)\s]+)\)", plain), *definitions.values()], definitions.keys()


wrong, count = [], 0


def check(path, links):
    global count
    for link in links:
        # rustdoc writes the path of an item of another crate if that crate's docs do not exist yet.
        if "::" in link:
            continue
        found = resolve(path, link)
        if found is None:
            continue
        count += 1
        if reason := mistake(*found):
            wrong.append(f"{path.relative_to(RENDERED if RENDERED in path.parents else ROOT)}: {link}: {reason}")


rustdoc = {label.lower() for label, _ in DEFINED.findall((ROOT / "crates/factify/src/links.md").read_text())}
for name in subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split():
    path = ROOT / name
    # It has the links of rustdoc, which checks them.
    if path.is_symlink() or path.name == "links.md":
        continue
    links, labels = markdown_links(path)
    check(path, links)
    if path.parent.name == "guide":
        wrong += [f"{name}: links.md of the crate factify has no [{label}]" for label in labels - rustdoc - SITES]
# rustdoc copies other crates into the documentation of `factify`, with links that it does not mend.
COPIES = {RENDERED / "factify" / name for name in ("bytes", "http", "serde_json", "types")}
NOT_PUBLISHED = {"factify_benches", "factify_examples", "factify_testkit"}
pages = [
    path
    for crate in RENDERED.glob("factify*")
    if crate.is_dir() and crate.name not in NOT_PUBLISHED
    for path in crate.rglob("*.html")
    if not COPIES & set(path.parents)
]
if not pages:
    sys.exit("there is no rendered documentation")
for path in pages:
    check(path, page(path).links - FOREIGN)
print("\n".join(wrong) or f"{count} links in Markdown files and in {len(pages)} pages of documentation")
sys.exit(bool(wrong))
