"""Runs each command with `-o json` against the sandbox, and validates what it prints against the official OpenAPI
document: whole responses against the schemas of their operations, and the objects of bulk items against those of the
components. A field that the document does not know is an error."""

import json
import pathlib
import re
import sys
import tempfile

from openapi_schema_validator import OAS31Validator, oas31_format_checker

import records
import sandbox

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/commands.md"
# The objects of bulk items, by their names.
OBJECTS = {
    "invite": "OrganizationInvite",
    "member": "OrganizationMember",
    "api_key": "ApiKey",
    "document": "Document",
    "version": "Version",
    "access_request": "AccessRequest",
    "document_policy": "DocumentPolicy",
}
# Other fields of bulk items, which are the command's own.
OWN = {"id", "result", "email", "recipient", "role", "file", "access", "upload", "download"}
# These print nothing of the API: a report of the command, or text.
OTHERS = {"offboard", "versions text"}

with open(sys.argv[1]) as file:
    document, _ = records.corrected(json.load(file))
schemas = document["components"]["schemas"]
validators = {
    name: OAS31Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document["components"]},
        format_checker=oas31_format_checker,
    )
    for name in schemas
}


def problem(name, value):
    """What is wrong with a value of this schema."""
    found = next(validators[name].iter_errors(value), None)
    return found and f"{found.message[:500]} at {'/'.join(map(str, found.absolute_path))}"


def response_of(operation):
    """The name of the schema of a response."""
    for methods in document["paths"].values():
        for one in methods.values():
            if isinstance(one, dict) and one.get("operationId") == operation:
                content = one["responses"]["200"]["content"]["application/json"]
                return content["schema"]["$ref"].rpartition("/")[2]
    raise KeyError(operation)


with sandbox.running(invites=3) as box, tempfile.TemporaryDirectory() as folder:
    ran, objects = set(), 0
    folder = pathlib.Path(folder)
    report, sales, logo = folder / "report.md", folder / "sales.csv", folder / "logo.png"
    report.write_text("# Report\n\nSales rise.\n")
    sales.write_text("branch,reams\nScranton,12\n")
    logo.write_bytes(b"\x89PNG\r\n\x1a\n0000")

    def printed(command, *arguments, key=None, input=None, code=0):
        done = box.command(*command.split(), *map(str, arguments), "-o", "json", key=key, input=input)
        assert done.returncode == code, (command, arguments, done)
        ran.add(command)
        return json.loads(done.stdout)

    def whole(operation, command, *arguments, **options):
        """The command prints the response of the operation."""
        value = printed(command, *arguments, **options)
        found = problem(response_of(operation), value)
        assert found is None, f"{command}: {found}"
        return value

    def items(schema, command, *arguments):
        """The command prints items of this schema."""
        for item in printed(command, *arguments)["items"]:
            assert problem(schema, item) is None, f"{command}: {problem(schema, item)}"

    def bulk(named, command, *arguments, **options):
        """The command prints items, each with an object of this name if it has one."""
        global objects
        value = printed(command, *arguments, **options)
        assert set(value) == {"items", "pagination"} and value["items"], f"{command}: {value}"
        for item in value["items"]:
            assert set(item) <= OWN | {named}, f"{command}: {item}"
            assert "result" in item, f"{command}: {item}"
            if named:
                found = problem(OBJECTS[named], item[named])
                assert found is None, f"{command}: {found}"
                objects += 1
        return value["items"]

    owner, member, outsider = (box.users[name]["id"] for name in ("owner", "member", "outsider"))
    owner_token, outsider_token = (box.user_tokens[name] for name in ("owner", "outsider"))

    whole("listOrganizations", "orgs list")
    whole("listOrganizations", "orgs show")
    whole("createOrganization", "orgs create", "Sabre")
    whole("updateOrganization", "orgs update", "--name", "Dunder Mifflin Sabre")
    whole("getOrganizationPublicProfile", "orgs profile")
    whole("uploadOrganizationLogo", "orgs upload-logo", logo)

    whole("listOrganizationInvites", "invites list")
    invite = bulk("invite", "invites create", "outsider@example.com", "pam@example.com")
    invites = [item["id"] for item in invite]
    whole("listOrganizationInvites", "invites show", *invites)
    bulk("invite", "invites resend", *invites)
    token = box.token_for("outsider@example.com")
    whole("acceptOrganizationInvite", "invites accept", key=box.keys["outsider"], input=token)
    bulk("invite", "invites revoke", "--email-exact", "pam@example.com", "--yes")

    whole("listOrganizationMembers", "members list")
    whole("listOrganizationMembers", "members show", member, owner)
    bulk("member", "members update", member, "--role", "admin")
    bulk(None, "members remove", outsider)
    bulk("member", "members add", outsider, "--role", "member")
    bulk(None, "members remove", outsider)

    whole("listApiKeys", "keys list")
    # The response of the operation without the secret, which is in the file.
    created = printed("keys create", "ci", "--secret-file", folder / "ci.key")
    secret = (folder / "ci.key").read_text().strip()
    found = problem("CreateApiKeyResponse", {**created, "secret": secret})
    assert found is None and "secret" not in created, f"keys create: {found}"
    key = created["api_key"]["id"]
    whole("listApiKeys", "keys show", key)
    whole("setAPIKeyQuota", "quota set", key, 100)
    whole("listAPIKeyQuotas", "quota list")
    bulk(None, "quota delete", key)
    bulk("api_key", "keys revoke", key, "--reason", "rotation")
    whole("getOrganizationQuota", "quota show")
    whole("getUsageHistory", "quota history")
    whole("getMe", "me show", key=owner_token)
    whole("getUserPreferences", "me preferences", key=owner_token)

    documents = [item["id"] for item in bulk(None, "documents upload", report, sales)]
    bulk("document", "documents wait", *documents)
    ids = {item["title"]: item["id"] for item in whole("listDocuments", "documents list")["items"]}
    first, second = ids["report"], ids["sales"]
    whole("listDocuments", "documents show", first, second)
    whole("updateDocument", "documents update", first, "--title", "Report of the year")
    bulk(None, "documents process", first)
    whole("listDocumentDuplicates", "documents duplicates", first)
    # As in every other list with pages, the names are `items` and `pagination`. The API has others here.
    timeline = printed("documents timeline", first)
    assert set(timeline) == {"items", "pagination"} and timeline["items"], timeline
    named = [("TimelineEvent", event) for event in timeline["items"]]
    for name, value in [*named, ("Pagination", timeline["pagination"])]:
        assert problem(name, value) is None, f"documents timeline: {problem(name, value)}"
    whole("generateDocumentEntryPage", "documents entry-page", first)
    whole("getDocumentQuota", "documents quota")
    whole("exportDocument", "documents export-url", first)
    bulk(None, "documents download", first, "--to", folder / "back.md")
    bulk(None, "documents trash", first)
    bulk(None, "documents restore", first)

    bulk("version", "versions upload", first, sales)
    versions = whole("listDocumentVersions", "versions list", second)["items"]
    version = versions[0]["id"]
    whole("listDocumentVersions", "versions show", version)
    whole("updateVersion", "versions update", version, "--title", "Draft")
    whole("getVersionRecord", "versions record", version)

    policy = box.control("policies", {"name": "No printing"})["id"]
    bulk("document_policy", "policies attach", second, policy)
    whole("listDocumentPolicies", "policies list", second)
    whole("listDocumentPolicies", "policies show", second, policy)
    bulk(None, "policies detach", second, policy)

    bulk(None, "sharing grant", second, member, "--role", "viewer")
    whole("listDocumentAccess", "sharing list", second)
    items("Recipient", "sharing show", second, member)
    bulk(None, "sharing update", second, member, "--role", "commenter")
    whole("setGeneralAccess", "sharing general-access", second, "restricted")
    whole("getGeneralAccess", "sharing general-access", second)
    bulk(None, "sharing revoke", second, member)
    whole("createShareLink", "sharing link", second)

    whole("checkAccessRequestStatus", "access-requests status", second, key=outsider_token)
    asked = whole("createAccessRequest", "access-requests create", second, "--permission", "view", key=outsider_token)
    whole("listAccessRequests", "access-requests list", second)
    items("AccessRequest", "access-requests show", second, asked["access_request"]["id"])
    bulk("access_request", "access-requests deny", second, asked["access_request"]["id"])
    asked = whole("createAccessRequest", "access-requests create", second, "--permission", "view", key=outsider_token)
    bulk("access_request", "access-requests approve", second, asked["access_request"]["id"])
    whole("inspectDocumentAccess", "access-requests inspect", second, key=outsider_token)
    bulk(None, "documents transfer", first, "--new-owner", owner)

    # The validator must refuse what the document does not know.
    known = whole("listOrganizations", "orgs list")
    assert problem("ListOrganizationsResponse", {**known, "more": 1}), "an unknown field was accepted"
    known["items"][0]["created_at"] = "yesterday"
    assert problem("ListOrganizationsResponse", known), "a wrong time was accepted"

    table = PAGE.read_text().split("<!-- operations -->")[1]
    missing = set(re.findall(r"`factify ([a-z -]+)`", table)) - ran - OTHERS
    assert not missing, f"these commands were not validated: {sorted(missing)}"
    print(f"valid JSON of {len(ran)} commands, with {objects} objects of bulk items")
