"""Plants a fault in a copy of the project, one after the other: some test must fail for each."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys

CORE = "crates/factify-core/src"
RETRY = "-p factify-core --test retry_table"
PAGING = "-p factify-core --test paging"
SECRETS = "-p factify-core --test secrets"
COMMAND = "crates/factify-cli/src"
OUTCOMES = "-p factify-cli --test outcomes"
SIMULATION = "-p factify-sandbox --test simulation"

# The file, what stands there, what is put in its place, and the tests that must notice.
FAULTS = [
    (
        f"{CORE}/api_error.rs",
        "408 | 500 | 502 | 503 | 504 => (Outcome::Unknown",
        "408 | 500 | 502 | 503 | 504 => (Outcome::NotApplied",
        [RETRY, SIMULATION],
    ),
    (f"{CORE}/api_error.rs", "400..=498 => (Outcome::NotApplied", "400..=498 => (Outcome::Applied", [RETRY]),
    (
        f"{CORE}/exchange.rs",
        "Retry::IfConverging => self.operation.repeat == Repeat::Converges",
        "Retry::IfConverging => true",
        [RETRY, SIMULATION],
    ),
    (f"{CORE}/exchange.rs", "(Delivery::NotSent, _) => Retry::Always", "(Delivery::NotSent, _) => Retry::Never", [RETRY]),
    (f"{CORE}/exchange.rs", "&& ends < self.deadline", "", [RETRY]),
    (f"{CORE}/exchange.rs", "            self.doubt.get_or_insert(last);", "            drop(last);", [RETRY, SIMULATION]),
    (f"{CORE}/exchange.rs", "named.unwrap_or_default().max(self.backoff())", "self.backoff()", [RETRY, SIMULATION]),
    (
        f"{CORE}/error.rs",
        "is_some_and(|kind| !is_json(kind))",
        "is_some_and(|_| false)",
        [SIMULATION, "-p factify-hyper --test hostile"],
    ),
    (f"{CORE}/error.rs", "Delivery::Sent => Outcome::Unknown", "Delivery::Sent => Outcome::NotApplied", [RETRY, SIMULATION]),
    (
        f"{CORE}/operations/invites/resend.rs",
        "Repeat::Repeats",
        "Repeat::Converges",
        ["-p factify-core --test operations", SIMULATION],
    ),
    (
        f"{CORE}/operations/invites/ensure/machine.rs",
        "Status::Accepted => Ensured::AlreadyAccepted(invite)",
        "Status::Accepted => Ensured::AlreadyRevoked(invite)",
        ["-p factify-sandbox --test ensure_revoked", SIMULATION],
    ),
    (
        f"{CORE}/operations/invites/ensure/machine.rs",
        "Status::Revoked if self.in_doubt =>",
        "Status::Revoked if false =>",
        [SIMULATION],
    ),
    (f"{CORE}/scrub.rs", "secret.len() < SHORTEST ||", "secret.len() > SHORTEST ||", [SECRETS]),
    (
        "crates/factify-ureq/src/conceal.rs",
        "        if within.0 {",
        "        if !within.0 {",
        ["-p factify-ureq --test tls"],
    ),
    (f"{CORE}/page/pager.rs", "Some(next) == self.token.as_ref() || ", "", [PAGING]),
    (f"{CORE}/page/pager.rs", " || Some(next) == self.kept.as_ref()", "", [PAGING]),
    (
        f"{CORE}/auth.rs",
        'write!(f, "BearerToken({}…)", prefix.unwrap_or_default())',
        'write!(f, "BearerToken({}…)", prefix.and(self.0.to_str().ok()).unwrap_or_default())',
        [SECRETS],
    ),
    (
        "crates/factify-ureq/src/conceal.rs",
        "if value.is_sensitive() {",
        "if value.is_sensitive() && value.is_empty() {",
        ["-p factify-examples --test secrets"],
    ),
    (
        "crates/factify-hyper/src/transport.rs",
        "Limited::new(body, cap)",
        "Limited::new(body, usize::MAX)",
        ["-p factify-hyper --test hostile"],
    ),
    ("crates/factify-ureq/src/transport.rs", ".limit(limit)", ".limit(u64::MAX)", ["-p factify-ureq --test hostile"]),
    (
        "crates/factify-types/src/id/error.rs",
        "that is {found}; {expected} starts with {prefix}",
        "that is {found}",
        ["-p factify-types --doc"],
    ),
    (f"{COMMAND}/exit.rs", "(_, Outcome::Unknown) => Self::Unknown", "(_, Outcome::Unknown) => Self::NotApplied", [OUTCOMES]),
    (
        f"{COMMAND}/invites/tally.rs",
        "            _ if self.left() > 0 && self.has_done() => Exit::Partial,",
        "",
        [OUTCOMES],
    ),
    (f"{COMMAND}/output/invite.rs", "Ensured::Revoked(invite) | Ensured::AlreadyRevoked(invite) => Some", "Ensured::Revoked(invite) | Ensured::AlreadyRevoked(invite) | Ensured::AlreadyAccepted(invite) => Some", [OUTCOMES]),
    (
        f"{COMMAND}/bulk.rs",
        "            calls.close();\n            if times",
        "            if times",
        ["-p factify-cli --test interrupt"],
    ),
    (f"{COMMAND}/pace.rs", "        state.left -= 1.0;", "", ["-p factify-cli --bin factify"]),
]

root = pathlib.Path(__file__).resolve().parent.parent
files = subprocess.run(["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True).stdout
# In the same place each time, so that what was built there serves again.
copy = root / "target" / "planted" / "source"
shutil.rmtree(copy, ignore_errors=True)
try:
    for name in files.split("\n"):
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)
    environment = {**os.environ, "CARGO_TARGET_DIR": str(root / "target" / "planted")}

    def cargo(tests, *options, seconds=None):
        process = subprocess.Popen(
            ["cargo", "test", "--quiet", "--locked", *tests.split(), *options],
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # The test too, not cargo alone.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False, "it did not end"
        return process.returncode == 0, output

    def passes(tests):
        if "--doc" not in tests:
            built, output = cargo(tests, "--no-run")
            if not built:
                sys.exit(f"it does not compile:\n{output}")
        return cargo(tests, seconds=300)

    for tests in sorted({tests for fault in FAULTS for tests in fault[3]}):
        passed, output = passes(tests)
        assert passed, f"{tests} fails without a fault:\n{output}"
    for name, before, after, noticing in FAULTS:
        file = copy / name
        text = file.read_text()
        assert text.count(before) == 1, f"{name} has not one '{before}'"
        file.write_text(text.replace(before, after))
        for tests in noticing:
            assert not passes(tests)[0], f"{name}: '{before}' became '{after}', and {tests} passed"
            print(f"caught by {tests.split(' ', 1)[1]}: {name}: {before.strip()}")
        file.write_text(text)
finally:
    shutil.rmtree(copy, ignore_errors=True)
print(f"{len(FAULTS)} planted faults, each of them caught")
