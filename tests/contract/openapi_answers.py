"""The sandbox's answers, good and bad, validated against the official OpenAPI document."""

import json
import subprocess
import sys
import urllib.error
import urllib.request

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

HOST = "https://api.factify.com"


class Sent:
    """The request that was answered; it names the operation."""

    def __init__(self, method, path):
        self.host_url, self.path, self.method = HOST, path, method.lower()
        self.content_type, self.body = "application/json", b"{}"
        self.parameters = RequestParameters(query=ImmutableMultiDict(), header=Headers())


class Answer:
    """An answer in the form that openapi-core asks for."""

    def __init__(self, status, headers, data):
        self.status_code, self.data = status, data
        self.content_type, self.headers = headers.get("content-type", ""), Headers(headers)


def problem(api, sent, answer):
    try:
        api.validate_response(sent, answer)
    except OpenAPIError as error:
        return f"{error} {error.__cause__}"


def call(base, method, path, key, body=None, query=""):
    headers = {"content-type": "application/json"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    data = body if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path + query, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return Answer(reply.status, dict(reply.headers), reply.read())
    except urllib.error.HTTPError as reply:
        return Answer(reply.code, dict(reply.headers), reply.read())


api = OpenAPI.from_file_path(sys.argv[1])
server = subprocess.Popen(
    ["cargo", "run", "--quiet", "--locked", "--example", "sandbox_server"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
)
try:
    sandbox = json.loads(server.stdout.readline())
    base, keys = sandbox["base_url"], sandbox["keys"]
    invites = f"/v1beta/organizations/{sandbox['organization_id']}/invites"
    email = {"email": "dwight@example.com", "message": "Join \U0001f511"}
    created = json.loads(call(base, "POST", invites, keys["owner"], email).data)["invite"]
    revoke = f"{invites}/{created['id']}/revoke"
    nowhere = f"{invites}/inv_01h2xcejqtf2nbrexx3vqjhp41/revoke"
    cases = [
        (200, "POST", invites, keys["owner"], email, ""),
        (200, "GET", invites, keys["admin"], None, ""),
        (200, "GET", invites, keys["admin"], None, "?status=expired"),
        (200, "POST", revoke, keys["admin"], {}, ""),
        (400, "POST", revoke, keys["admin"], {}, ""),
        (400, "POST", revoke, keys["admin"], {"x": 1}, ""),
        (400, "POST", invites, keys["admin"], {}, ""),
        (400, "POST", invites, keys["admin"], {"email": "nobody"}, ""),
        (400, "GET", invites, keys["admin"], None, "?page_size=101"),
        (400, "GET", invites, keys["admin"], None, "?status=paused"),
        (400, "GET", invites, keys["admin"], None, "?page_token=x"),
        (401, "POST", revoke, None, {}, ""),
        (401, "POST", revoke, "ffy_test_wrong", {}, ""),
        (403, "POST", revoke, keys["member"], {}, ""),
        (404, "POST", revoke, keys["outsider"], {}, ""),
        (404, "POST", nowhere, keys["admin"], {}, ""),
    ]
    for status, method, path, key, body, query in cases:
        answer = call(base, method, path, key, body, query)
        assert answer.status_code == status, (answer.status_code, answer.data)
        found = problem(api, Sent(method, path), answer)
        assert found is None, f"{method} {path}{query} {status}: {found}"

    # The validator must be able to refuse.
    answer = call(base, "GET", invites, keys["admin"])
    answer.data = answer.data.replace(b'"expires_at"', b'"expires"')
    assert problem(api, Sent("GET", invites), answer), "a wrong answer was accepted"
    print(f"{len(cases)} answers are valid; a wrong one is refused")
finally:
    server.stdin.close()
    server.wait(timeout=30)
