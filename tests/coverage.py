"""Checks the tables of operations in README.md and docs/ against the list of the crate. With --write, updates them."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "contract"))
import operations  # noqa: E402
import sdk_names  # noqa: E402
from marked import replaced, table  # noqa: E402

DOCS = pathlib.Path(__file__).resolve().parent.parent / "docs"

# How a program gets each resource.
RESOURCES = {
    "AccessRequestsResource": "document(id).access_requests()",
    "ApiKeysResource": "api_keys()",
    "Client": "",
    "DocumentResource": "document(id)",
    "DocumentsResource": "documents()",
    "InvitesResource": "organization(id).invites()",
    "MembersResource": "organization(id).members()",
    "OrganizationResource": "organization(id)",
    "OrganizationsResource": "organizations()",
    "PoliciesResource": "document(id).policies()",
    "SharingResource": "document(id).sharing()",
    "UsageResource": "usage()",
    "VersionResource": "version(id)",
    "VersionsResource": "document(id).versions()",
}


def call(operation):
    resource, method = operation["call"].split("::")
    arguments = [one["name"] for one in operation["parameters"] if one["required"]]
    # The resource has the first one, its id.
    arguments = arguments[RESOURCES[resource].count("(id)") :]
    return ".".join(part for part in (RESOURCES[resource], f"{method}({', '.join(arguments)})") if part)


def code(name):
    return f"`{name}`" if name else "-"


def update(page, name, made):
    """Puts a table between its marks."""
    text = (DOCS / page).read_text()
    changed = replaced(text, name, made)
    if "--write" in sys.argv:
        (DOCS / page).write_text(changed)
    elif changed != text:
        sys.exit(f"docs/{page} does not match the operations of the crate; run tests/coverage.py --write")


declared = operations.declared()
found = [
    [code(one["id"]), code(call(one)), code(f"{one['method']} {one['path']}")] for one in declared
]
update("operations.md", "operations", table(["operation", "call", "request"], found))
names = sorted(declared, key=lambda one: (sdk_names.typescript(one["id"]) or one["id"], one["id"]))
found = [
    [code(sdk_names.typescript(one["id"])), code(sdk_names.python(one["id"])), code(call(one))]
    for one in names
]
update("guide/migrate.md", "names", table(["TypeScript", "Python", "Rust"], found))
areas = {}
for one in declared:
    resource, method = one["call"].split("::")
    areas.setdefault(RESOURCES[resource] or "client", []).append(code(method))
found = [[code(handle), ", ".join(sorted(methods))] for handle, methods in sorted(areas.items())]
update("../README.md", "areas", table(["handle", "calls"], found))
print(f"README.md, docs/operations.md and docs/guide/migrate.md list {len(declared)} operations")
