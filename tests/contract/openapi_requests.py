"""The requests that Rust prints, validated against the official OpenAPI document by openapi-core."""

import json
import subprocess
import sys
from urllib.parse import parse_qsl, urlsplit

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict


class Recorded:
    """A request in the form that openapi-core asks for."""

    def __init__(self, line):
        url = urlsplit(line["url"])
        self.host_url = f"{url.scheme}://{url.netloc}"
        self.path = url.path
        self.method = line["method"].lower()
        self.content_type = line["headers"].get("content-type", "")
        self.body = line["body"].encode() or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(url.query)), header=Headers(line["headers"])
        )


def problem(api, line):
    try:
        api.validate_request(Recorded(line))
    except OpenAPIError as error:
        return f"{error} {error.__cause__}"


api = OpenAPI.from_file_path(sys.argv[1])
printed = subprocess.run(
    ["cargo", "run", "--quiet", "--locked", "-p", "factify-core", "--example", "print_requests"],
    check=True,
    capture_output=True,
    text=True,
).stdout
lines = [json.loads(line) for line in printed.splitlines()]
assert len(lines) >= 5, "too few requests were printed"
for line in lines:
    found = problem(api, line)
    assert found is None, f"{line['operation']}: {found}"

# The validator must be able to refuse.
revoke = next(line for line in lines if line["operation"] == "revokeOrganizationInvite")
for change in (
    {"body": '{"x":1}'},
    {"body": ""},
    {"method": "PUT"},
    {"url": revoke["url"].replace("/inv_", "/user_")},
    {"headers": {"content-type": "application/json"}},
):
    assert problem(api, {**revoke, **change}), f"{change} was accepted"
print(f"{len(lines)} requests are valid; 5 wrong ones are refused")
