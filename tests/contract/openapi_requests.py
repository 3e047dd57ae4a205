"""Validates the requests that Rust prints against the official OpenAPI document, with openapi-core."""

import collections
import json
import sys
from urllib.parse import parse_qsl, urlsplit

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

import operations

EACH = "100"


class Recorded:
    """A request in the form that openapi-core requires."""

    def __init__(self, line):
        url = urlsplit(line["url"])
        self.host_url = f"{url.scheme}://{url.netloc}"
        self.path = url.path
        self.method = line["method"].lower()
        self.content_type = line["headers"].get("content-type", "")
        self.body = line["body"].encode() or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(url.query, keep_blank_values=True)), header=Headers(line["headers"])
        )


def problem(api, line):
    try:
        api.validate_request(Recorded(line))
    except OpenAPIError as error:
        return f"{error} {error.__cause__}"


def without_null(schema):
    """A schema for a field of a form. The document allows `null`, which a form cannot have, and which openapi-core
    cannot read there."""
    kinds = [kind for kind in schema.get("oneOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        return {"type": "string", **document["components"]["schemas"][kinds[0]["$ref"].rpartition("/")[2]]}
    if isinstance(schema.get("type"), list):
        return {**schema, "type": next(kind for kind in schema["type"] if kind != "null")}
    return schema


with open(sys.argv[1]) as file:
    document = json.load(file)
for form in ("CreateDocumentRequest", "CreateVersionRequest"):
    properties = document["components"]["schemas"][form]["properties"]
    properties.update({name: without_null(schema) for name, schema in properties.items()})
    # openapi-core reads a file as bytes, and then refuses bytes as a string.
    properties["payload"] = {}
api = OpenAPI.from_dict(document)
lines = operations.lines("print_requests", EACH)
counts = collections.Counter(line["operation"] for line in lines)
declared = {operation["id"]: int(EACH) for operation in operations.declared()}
assert counts == declared, counts
for line in lines:
    found = problem(api, line)
    assert found is None, f"{line['operation']}: {found}"

# The validator must refuse invalid requests.
first = {line["operation"]: line for line in reversed(lines)}
revoke = first["revokeOrganizationInvite"]
path = first["listOrganizationInvites"]["url"].partition("?")[0]
wrong = [
    *(
        {**revoke, **change}
        for change in (
            {"body": '{"x":1}'},
            {"body": ""},
            {"method": "PUT"},
            {"url": revoke["url"].replace("/inv_", "/user_")},
            {"headers": {"content-type": "application/json"}},
        )
    ),
    *(
        {**first["listOrganizationInvites"], "url": f"{path}?{query}"}
        for query in ("status=paused", "page_size=101", "sender_id=inv_1", "created.after=today")
    ),
    {**first["createOrganizationInvite"], "body": '{"email":"a@b.co","message":"%s"}' % (2001 * "x")},
    {**first["acceptOrganizationInvite"], "body": '{"token":"%s"}' % (129 * "x")},
    {**first["acceptOrganizationInvite"], "body": "{}"},
]
for line in wrong:
    assert problem(api, line), f"{line} was accepted"
print(
    f"{len(lines)} requests of {len(counts)} operations are valid;"
    f" {len(wrong)} wrong ones are refused"
)
