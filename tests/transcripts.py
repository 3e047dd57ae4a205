"""Runs the transcripts of README.md and docs/commands.md in a terminal and compares the output.

Ids, ages and beginnings of keys differ in each run. An id must keep its kind and stay the same within a
transcript. An age must keep its format."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

PAGES = ("README.md", "docs/commands.md")
ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
PROMPT = "$ "
ID = re.compile(r"\b((?:inv|org|user|req|doc|key)_)[0-9a-z]{26}\b")
# With the padding of its column, since its length differs too.
AGE = re.compile(r"(?<= )(?:now|(in )?\d+ (?:s|min|h|d|mo|y))(?![^ \n]) *")
KEY = re.compile(r"\bffy_test_[0-9a-z]{7}\.\.\.")
# Columns and rows.
SIZE = (100, 30)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[^\n]*\r(?!\n)|\r")
QUESTION = "[y/N] "
SECONDS = 30


class Terminal:
    """A shell in a terminal that runs one line at a time."""

    END = "\x1e"
    LOOP = f"while read -r line <&3; do eval \"$line\"; printf '\\x1e'; done"

    def __init__(self, environment, directory):
        lines, self.lines = os.pipe()
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.dup2(lines, 3)
            os.execvpe("bash", ["bash", "-c", self.LOOP], environment)
        os.close(lines)
        columns, rows = SIZE
        termios.tcsetwinsize(self.screen, (rows, columns))

    def run(self, line, answer):
        """Returns the output of the line. Types the answer if a question appears."""
        os.write(self.lines, f"{line}\n".encode())
        shown, until = "", time.monotonic() + SECONDS
        while not shown.endswith(self.END):
            left = until - time.monotonic()
            if left < 0 or not select.select([self.screen], [], [], left)[0]:
                sys.exit(f"{line!r} did not end; it showed:\n{shown}")
            shown += os.read(self.screen, 65536).decode()
            if answer and shown.endswith(QUESTION):
                os.write(self.screen, f"{answer}\n".encode())
                answer = None
        return CONTROL.sub("", shown.removesuffix(self.END))

    def close(self):
        os.close(self.lines)
        os.waitpid(self.pid, 0)
        os.close(self.screen)


class Ids:
    """Maps the ids of the document to the ids of this run."""

    def __init__(self):
        self.of_run = {}

    def translated(self, text):
        return ID.sub(lambda found: self.of_run.get(found[0], found[0]), text)

    def learn(self, written, shown):
        for old, new in zip(ID.finditer(written), ID.finditer(shown)):
            if old[1] == new[1]:
                self.of_run.setdefault(old[0], new[0])


def transcripts(text):
    """Yields the commands of each block with their expected output."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        commands = []
        for line in block.splitlines(keepends=True):
            if line.startswith(PROMPT):
                commands.append([line.removeprefix(PROMPT).strip(), ""])
            elif line.strip():
                commands[-1][1] += line
        yield commands


def comparable(text):
    # Empty lines separate the commands of a transcript.
    text = re.sub(r"\n{2,}", "\n", text)
    return KEY.sub("KEY", AGE.sub(lambda age: f"{age[1] or ''}AGE  ", text))


def check(commands, terminal):
    ids = Ids()
    for line, written in commands:
        answer = re.search(re.escape(QUESTION) + "(.*)", written)
        shown = terminal.run(ids.translated(line), answer and answer[1])
        ids.learn(written, shown)
        expected = comparable(ids.translated(written))
        if comparable(shown) != expected:
            sys.exit(f"$ {line}\n-- shows:\n{shown}\n-- instead of:\n{ids.translated(written)}")


def check_page(page):
    """Runs the transcripts of a page against a sandbox, and returns how many commands they have."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FACTIFY_") and name not in ("COLUMNS", "NO_COLOR")
    }
    environment |= {"PATH": f"{BINARIES}:{environment['PATH']}", "TERM": "xterm", "TZ": "CET-1"}
    sandbox = subprocess.Popen(
        ["factify", "sandbox", "--json", "--invites", "3"],
        stdout=subprocess.PIPE,
        env=environment,
    )
    try:
        place = json.loads(sandbox.stdout.readline())
        environment["FACTIFY_BASE_URL"] = place["base_url"]
        environment["FACTIFY_ORG"] = place["organization_id"]
        environment["FACTIFY_KEY"] = place["keys"]["owner"]
        count = 0
        for commands in transcripts((ROOT / page).read_text()):
            with tempfile.TemporaryDirectory() as directory:
                terminal = Terminal(environment, directory)
                check(commands, terminal)
                terminal.close()
            count += len(commands)
        return count
    finally:
        sandbox.kill()


def main():
    for page in PAGES:
        count = check_page(page)
        if count == 0:
            sys.exit(f"{page} has no transcript")
        print(f"{count} commands of {page} show the documented output")


if __name__ == "__main__":
    main()
