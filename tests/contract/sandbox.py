"""Runs the sandbox as a process, and the examples and the command against it."""

import contextlib
import json
import os
import subprocess
import urllib.request

RUN = ["cargo", "run", "--quiet", "--locked"]
COMMAND = [*RUN, "-p", "factify-cli", "--"]


class Sandbox:
    """The address, users, keys and user tokens of a sandbox."""

    def __init__(self, line, command):
        found = json.loads(line)
        self._command = command
        self.base_url = found["base_url"]
        self.organization = found["organization_id"]
        self.keys = found["keys"]
        self.user_tokens = found["user_tokens"]
        self.users = found["users"]

    def control(self, name, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.base_url}/_sandbox/{name}", data, headers)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def token_for(self, email):
        """The token of the newest email to this address."""
        emails = self.control("outbox")["items"]
        return [sent["token"] for sent in emails if sent["to"] == email][-1]

    def example(self, name, *arguments, key=None):
        """Runs a Rust example with the organization."""
        return self._run("--example", name, "--", self.organization, *arguments, key=key)

    def rust(self, *requests, token=None):
        """What the Rust client reads from the responses to these requests: a method, a target and a body."""
        lines = "".join(f"{m}\t{target}\t{json.dumps(body) if body is not None else ''}\n" for m, target, body in requests)
        done = self._run("-p", "factify-ureq", "--example", "send", key=token, input=lines)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def command(self, *arguments, key=None, input=None):
        """Runs the command with the organization."""
        return self._start(*self._command, *arguments, key=key, input=input)

    def _run(self, *arguments, key=None, input=None):
        return self._start(*RUN, *arguments, key=key, input=input)

    def _start(self, *command, key, input):
        key = key or self.keys["admin"]
        environment = {
            **os.environ,
            "FACTIFY_KEY": key,
            "FACTIFY_BASE_URL": self.base_url,
            "FACTIFY_ORG": self.organization,
        }
        done = subprocess.run(
            command, env=environment, input=input, capture_output=True, text=True
        )
        assert key not in done.stdout + done.stderr, "the key was printed"
        return done


@contextlib.contextmanager
def running(invites=0, limited=False, release=False, command=COMMAND):
    limits = [] if limited else ["--no-rate-limit"]
    arguments = ["sandbox", "--json", "--seed", "2026", "--invites", str(invites), *limits]
    if release:
        command = [*RUN, "--release", "-p", "factify-cli", "--"]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        yield Sandbox(process.stdout.readline(), command)
    finally:
        process.terminate()
        process.wait(timeout=30)
