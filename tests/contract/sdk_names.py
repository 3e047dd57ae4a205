"""The names of the operations in the official TypeScript SDK 1.1, as the declarations of the crate give them. Those of
Python 1.0 follow from them."""

import pathlib
import re

OPERATIONS = pathlib.Path(__file__).resolve().parents[2] / "crates/factify-core/src/operations"
DECLARED = re.compile(r'#\[id = "(\w+)", sdk = "([\w.]+)"\]')
TYPESCRIPT = dict(
    name for file in OPERATIONS.rglob("*.rs") if file.parent.name != "declare" for name in DECLARED.findall(file.read_text())
)

# The Python SDK does not have these operations.
NOT_IN_PYTHON = {
    "createOrganization",
    "uploadOrganizationLogo",
    "getOrganizationPublicProfile",
    "getVersionRecord",
}


def typescript(operation):
    return TYPESCRIPT.get(operation)


def python(operation):
    if operation in NOT_IN_PYTHON:
        return None
    if operation == "getUserPreferences":
        return "user_preferences.get"
    return re.sub("[A-Z]", lambda found: "_" + found[0].lower(), TYPESCRIPT[operation])
