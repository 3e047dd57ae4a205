"""Compares each declaration with the official OpenAPI document: ID, method, path,
and each parameter with its place, its limits, and whether it is required or repeated."""

import json
import sys

import operations

METHODS = ("get", "post", "put", "patch", "delete")

# Intentional differences between declaration and document.
EXCEPTIONS = {
    ("createOrganizationInvite", "message"): "the document's text says bytes, its schema says characters",
    ("acceptOrganizationInvite", "token"): "its type has the limit and also refuses an empty token",
    ("setAPIKeyQuota", "limit"): "the document does not require it, and has its limit as exclusive; without it, nothing is set",
    ("grantDocumentAccess", "recipients"): "the document does not require it; without it, there is nothing to do",
    ("transferDocumentOwnership", "new_owner_id"): "the document does not require it; without it, there is nothing to do",
    ("uploadOrganizationLogo", "image_data"): "its type is an image, whose limit is that of the text",
}

with open(sys.argv[1]) as file:
    document = json.load(file)


def resolved(schema):
    while "$ref" in schema:
        found = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema


def types(schema):
    kind = schema.get("type", "string")
    return kind if isinstance(kind, list) else [kind]


def limit(schema):
    """The limit in the form of a declaration; `None` if the document has none, or only a pattern."""
    if "pattern" in schema or "enum" in schema:
        return None
    if "maxLength" in schema or "minLength" in schema:
        bounds = {"unit": "characters", "min": schema.get("minLength", 0), "max": schema.get("maxLength")}
    elif "minimum" in schema or "maximum" in schema:
        bounds = {"unit": "value", "min": schema.get("minimum", 0), "max": schema.get("maximum")}
    else:
        return None
    return bounds


def parameter(name, place, schema, required):
    schema = resolved(schema)
    repeated = "array" in types(schema)
    if repeated:
        schema = resolved(schema["items"])
    return {
        "name": name,
        "place": place,
        "required": required,
        "repeated": repeated,
        "limit": limit(schema),
    }


def documented(path, item, operation):
    shared = [resolved(one) for one in item.get("parameters", [])]
    own = [resolved(one) for one in operation.get("parameters", [])]
    found = [
        parameter(one["name"], one["in"], one["schema"], one.get("required", False))
        for one in shared + own
    ]
    content = resolved(operation.get("requestBody", {})).get("content", {})
    for schema in (resolved(kind["schema"]) for kind in content.values()):
        for name, value in schema.get("properties", {}).items():
            if not resolved(value).get("readOnly"):
                found.append(parameter(name, "body", value, name in schema.get("required", [])))
    return {one["name"]: one for one in found}


known = {
    operation["operationId"]: (method.upper(), path, item, operation)
    for path, item in document["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def differences(ours):
    if ours["id"] not in known:
        return [f"there is no operation {ours['id']}"]
    method, path, item, operation = known[ours["id"]]
    found = []
    if (ours["method"], ours["path"]) != (method, path):
        found.append(f"{ours['method']} {ours['path']} is {method} {path}")
    content = resolved(operation.get("requestBody", {})).get("content", {})
    if ours["content_type"] != next(iter(content), None):
        found.append(f"the body is declared as {ours['content_type']}, and documented as {list(content)}")
    theirs = documented(path, item, operation)
    mine = {one["name"]: one for one in ours["parameters"]}
    for name in sorted(theirs.keys() | mine.keys()):
        if (ours["id"], name) not in EXCEPTIONS and mine.get(name) != theirs.get(name):
            found.append(f"{name} is declared as {mine.get(name)}, and documented as {theirs.get(name)}")
    return found


declared = operations.declared()
for ours in declared:
    found = differences(ours)
    assert not found, f"{ours['id']}: {found}"
names = {(ours["id"], one["name"]) for ours in declared for one in ours["parameters"]}
assert EXCEPTIONS.keys() <= names, "an unused exception"

# The comparison must detect differences.
first = {ours["id"]: ours for ours in declared}
listed = first["listOrganizationInvites"]
for change in (
    {"id": "listInvites"},
    {"method": "POST"},
    {"path": listed["path"] + "/"},
    {"content_type": "application/json"},
    {"parameters": listed["parameters"][:-1]},
    *(
        {"parameters": [{**one, key: value} if one["name"] == "page_size" else one for one in listed["parameters"]]}
        for key, value in (
            ("name", "size"),
            ("place", "body"),
            ("required", True),
            ("repeated", True),
            ("limit", None),
            ("limit", {"unit": "value", "min": 1, "max": 99}),
        )
    ),
):
    assert differences({**listed, **change}), f"{change} was not noticed"
print(f"{len(declared)} of {len(known)} operations are declared as in the document")
