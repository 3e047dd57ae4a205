"""A walk over a hundred times as many invites uses the same memory."""

import os
import subprocess

import sandbox


def resident(process):
    """The peak memory of a running process, in KB."""
    with open(f"/proc/{process.pid}/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


def peak(box, example):
    """The peak memory of a walk over all invites, in KB, and the number of invites."""
    environment = {**os.environ, "FACTIFY_KEY": box.keys["admin"], "FACTIFY_BASE_URL": box.base_url}
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    program = [os.path.join(target, "debug", "examples", example), box.organization]
    process = subprocess.Popen(
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    memory = count = 0
    for _ in process.stdout:
        if count % 100 == 0:
            memory = max(memory, resident(process))
        count += 1
    assert process.wait() == 0, example
    return memory, count


FEW, MANY = 1_000, 100_000
subprocess.run(["cargo", "build", "--quiet", "--locked", "--examples"], check=True)
with sandbox.running(FEW) as few, sandbox.running(MANY) as many:
    for example in ("export_invites", "export_invites_blocking"):
        (before, small), (after, large) = peak(few, example), peak(many, example)
        assert (small, large) == (FEW, MANY), (small, large)
        print(f"{example}: peak of {before} KB for {small} invites, {after} KB for {large}")
        assert after < before + 2_048, "memory grows with the number of pages"
