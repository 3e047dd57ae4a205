"""The official Python SDK and the Rust client against one sandbox.

Python invites two people, Rust revokes one of the invitations, Python reads both.
"""

import json
import os
import subprocess

from factify import Factify

RUN = ["cargo", "run", "--quiet", "--locked", "--example"]
server = subprocess.Popen(
    [*RUN, "sandbox_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
)
try:
    sandbox = json.loads(server.stdout.readline())
    organization = sandbox["organization_id"]
    key = sandbox["keys"]["admin"]
    with Factify(bearer_auth=key, server_url=sandbox["base_url"]) as sdk:
        invites = sdk.organizations.invites
        kept, revoked = (
            invites.create(organization_id=organization, email=email).result.invite
            for email in ("jim@example.com", "dwight@example.com")
        )
        assert (kept.status, revoked.status) == ("pending", "pending")

        environment = {**os.environ, "FACTIFY_KEY": key, "FACTIFY_BASE_URL": sandbox["base_url"]}
        for example, expected in (("revoke_invite", 0), ("revoke_invite_blocking", 1)):
            rust = subprocess.run(
                [*RUN, example, "--", organization, revoked.id],
                env=environment,
                capture_output=True,
                text=True,
            )
            print(rust.stdout + rust.stderr, end="")
            assert rust.returncode == expected, example
            assert key not in rust.stdout + rust.stderr
        assert "failed_precondition" in rust.stderr, "the second revocation is refused"

        environment["FACTIFY_KEY"] = "ffy_test_CANARY"
        for example in ("revoke_invite", "revoke_invite_blocking"):
            rust = subprocess.run(
                [*RUN, example, "--", organization, kept.id],
                env=environment,
                capture_output=True,
                text=True,
            )
            print(rust.stderr, end="")
            assert rust.returncode == 1
            assert "Check the API key" in rust.stderr and "CANARY" not in rust.stderr

        page = invites.list(organization_id=organization)
        found = {invite.id: invite.status for invite in page.result.items}
        assert found == {kept.id: "pending", revoked.id: "revoked"}, found
        print("Python reads:", found)
finally:
    server.stdin.close()
    server.wait(timeout=30)
