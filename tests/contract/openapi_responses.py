"""Validates the sandbox's responses, successes and errors, against the official OpenAPI document: records against
a corrected copy of their schemas, whose corrections `openapi_records.py` lists."""

import base64
import datetime
import json
import re
import sys
import urllib.error
import urllib.request

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

import operations
import records
import sandbox

HOST = "https://api.factify.com"


class Sent:
    """The request that was sent; it identifies the operation."""

    def __init__(self, method, path):
        self.host_url, self.path, self.method = HOST, path, method.lower()
        self.content_type, self.body = "application/json", b"{}"
        self.parameters = RequestParameters(query=ImmutableMultiDict(), header=Headers())


class Response:
    """A response in the form that openapi-core requires."""

    def __init__(self, status, headers, data):
        self.status_code, self.data = status, data
        self.content_type, self.headers = headers.get("content-type", ""), Headers(headers)


def problem(api, sent, response):
    try:
        api.validate_response(sent, response)
    except OpenAPIError as error:
        return f"{error} {error.__cause__}"


class Form:
    """A multipart form: a file, and other fields."""

    content_type = "multipart/form-data; boundary=limit"

    def __init__(self, name, content, **fields):
        parts = [f'name="{field}"\r\n\r\n{value}' for field, value in fields.items()]
        parts.append(f'name="payload"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n{content}')
        lines = [f"--limit\r\nContent-Disposition: form-data; {part}\r\n" for part in parts]
        self.data = ("".join(lines) + "--limit--\r\n").encode()


class Raw:
    """A body as it is."""

    def __init__(self, data, content_type):
        self.data, self.content_type = data, content_type


def call(base, method, path, key, body=None, query=""):
    if not isinstance(body, (Form, Raw)):
        body = Raw(body if body is None else json.dumps(body).encode(), "application/json")
    data, headers = body.data, {"content-type": body.content_type}
    if key:
        headers["authorization"] = f"Bearer {key}"
    request = urllib.request.Request(base + path + query, data, headers, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return Response(reply.status, dict(reply.headers), reply.read())
    except urllib.error.HTTPError as reply:
        return Response(reply.code, dict(reply.headers), reply.read())


with open(sys.argv[1]) as file:
    document, _ = records.corrected(json.load(file))
api = OpenAPI.from_dict(document)
with sandbox.running(invites=120) as box, sandbox.running(limited=True) as limited:
    base, keys = box.base_url, box.keys
    invites = f"/v1beta/organizations/{box.organization}/invites"
    counts, called = {}, set()
    declared = operations.declared()

    def named(method, path):
        """The operation of a request."""
        for operation in sorted(declared, key=lambda operation: operation["path"].count("{")):
            pattern = re.sub(r"\{\w+\}", "[^/]+", operation["path"])
            if operation["method"] == method and re.fullmatch(pattern, path):
                return operation["id"]

    def check(status, method, path, key, body=None, query="", base=base):
        response = call(base, method, path, key, body, query)
        assert response.status_code == status, (method, path, body, response.status_code, response.data)
        found = problem(api, Sent(method, path), response)
        assert found is None, f"{method} {path}{query} {status}: {found}"
        counts[status] = counts.get(status, 0) + 1
        called.add((named(method, path), status))
        return json.loads(response.data)

    # Every operation, from every state.
    outsider = {"email": "outsider@example.com", "message": "Join \U0001f511"}
    joining = check(200, "POST", invites, keys["owner"], outsider)["invite"]
    check(200, "POST", f"{invites}/{joining['id']}/resend", keys["admin"], {})
    token = {"token": box.token_for("outsider@example.com")}
    check(403, "POST", f"{invites}/accept", keys["owner"], token)
    check(200, "POST", f"{invites}/accept", keys["outsider"], token)
    check(400, "POST", f"{invites}/accept", keys["outsider"], token)
    check(404, "POST", f"{invites}/accept", keys["outsider"], {"token": "unknown"})
    check(400, "POST", f"{invites}/accept", keys["outsider"], {})
    check(400, "POST", invites, keys["owner"], outsider)
    dwight = check(200, "POST", invites, keys["owner"], {"email": "dwight@example.com"})["invite"]
    revoke, resend = (f"{invites}/{dwight['id']}/{verb}" for verb in ("revoke", "resend"))
    check(200, "POST", revoke, keys["admin"], {})
    check(400, "POST", revoke, keys["admin"], {})
    check(400, "POST", resend, keys["admin"], {})
    for verb in ("revoke", "resend"):
        check(400, "POST", f"{invites}/{joining['id']}/{verb}", keys["admin"], {})
        check(404, "POST", f"{invites}/inv_01h2xcejqtf2nbrexx3vqjhp41/{verb}", keys["admin"], {})
    box.control("advance", {"seconds": 2 * 86_400})

    # Organizations.
    organization = f"/v1beta/organizations/{box.organization}"
    unknown = "/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41"
    listed = check(200, "GET", "/v1beta/organizations", keys["admin"], query="?role=admin&page_size=1")
    assert [one["id"] for one in listed["items"]] == [box.organization], listed
    check(400, "GET", "/v1beta/organizations", keys["admin"], query="?role=boss")
    own = check(200, "POST", "/v1beta/organizations", keys["outsider"], {"name": "Vance Refrigeration"})["organization"]
    check(400, "POST", "/v1beta/organizations", keys["outsider"], {"name": ""})
    mark = {"name": "Dunder Mifflin Paper", "logo_image_url": "https://example.com/logo.png"}
    check(200, "PATCH", organization, keys["admin"], mark)
    check(400, "PATCH", organization, keys["admin"], {"logo_image_url": "nowhere"})
    check(403, "PATCH", organization, keys["member"], mark)
    check(200, "GET", organization, keys["member"])
    check(404, "GET", unknown, keys["member"])
    check(404, "GET", f"/v1beta/organizations/{own['id']}", keys["admin"])
    image = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
    url = check(200, "POST", f"{organization}/logo", keys["admin"], {"image_data": image})["logo_url"]
    with urllib.request.urlopen(url) as logo:
        assert logo.headers["content-type"] == "image/png" and len(logo.read()) == 72
    check(400, "POST", f"{organization}/logo", keys["admin"], {"image_data": "bm8gaW1hZ2U="})
    check(403, "POST", f"{organization}/logo", keys["member"], {"image_data": image})
    check(200, "GET", f"{organization}/public-profile", None)
    check(404, "GET", f"{unknown}/public-profile", None)

    # Members.
    members, outsider_id = f"{organization}/members", box.users["outsider"]["id"]
    check(400, "POST", members, keys["admin"], {"user_id": outsider_id, "role": "member"})
    check(200, "DELETE", f"{members}/{outsider_id}", keys["admin"])
    check(404, "DELETE", f"{members}/{outsider_id}", keys["admin"])
    check(200, "POST", members, keys["admin"], {"user_id": outsider_id, "role": "member"})
    check(400, "POST", members, keys["admin"], {"user_id": outsider_id})
    check(200, "PATCH", f"{members}/{outsider_id}", keys["owner"], {"role": "admin"})
    check(400, "PATCH", f"{members}/{box.users['owner']['id']}", keys["admin"], {"role": "member"})
    assert len(check(200, "GET", members, keys["member"])["items"]) == 4
    check(200, "DELETE", f"{members}/{outsider_id}", keys["owner"])

    # API keys.
    create = {"organization_id": box.organization, "name": "nightly export"}
    created = check(200, "POST", "/v1beta/api-keys", keys["admin"], create)
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)
    expiring = {**create, "expires_at": soon.isoformat()}
    check(200, "POST", "/v1beta/api-keys", created["secret"], expiring)
    check(400, "POST", "/v1beta/api-keys", keys["admin"], {**create, "expires_at": "2020-01-01T00:00:00Z"})
    check(403, "POST", "/v1beta/api-keys", keys["member"], create)
    key = f"/v1beta/api-keys/{created['api_key']['id']}"
    check(200, "POST", f"{key}/revoke", keys["admin"], {})
    check(401, "GET", organization, created["secret"])
    check(403, "POST", f"{key}/revoke", keys["member"], {})
    check(404, "POST", "/v1beta/api-keys/key_01h2xcejqtf2nbrexx3vqjhp41/revoke", keys["admin"], {})
    for query in ("", "&include_revoked=true", "&include_revoked=true&page_size=2"):
        query = f"?organization_id={box.organization}{query}"
        check(200, "GET", "/v1beta/api-keys", keys["admin"], query=query)
    check(400, "GET", "/v1beta/api-keys", keys["admin"])

    # Users.
    check(200, "GET", "/v1beta/me", box.user_tokens["admin"])
    check(200, "GET", "/v1beta/user-preferences", box.user_tokens["admin"])
    for path in ("/v1beta/me", "/v1beta/user-preferences"):
        check(403, "GET", path, keys["admin"])

    # Usage and quotas.
    of = {"organization_id": box.organization}
    listed = check(200, "GET", "/v1beta/api-keys", keys["admin"], query=f"?organization_id={box.organization}")
    quota = f"/v1beta/quota/keys/{listed['items'][0]['id']}"
    check(200, "PUT", quota, keys["admin"], {**of, "limit": 1_000})
    check(400, "PUT", quota, keys["admin"], {**of, "limit": 0})
    check(403, "PUT", quota, keys["member"], {**of, "limit": 1_000})
    query = f"?organization_id={box.organization}"
    check(200, "GET", "/v1beta/quota/keys", keys["admin"], query=query)
    check(200, "DELETE", quota, keys["admin"], query=query)
    check(200, "GET", "/v1beta/quota", keys["member"], query=query)
    check(200, "GET", "/v1beta/quota", keys["member"])
    check(200, "GET", "/v1beta/quota/usage", keys["member"], query=f"{query}&date.after=2026-01-01T00:00:00Z")
    check(400, "GET", "/v1beta/quota/usage", keys["member"], query="?date.after=x")

    # Documents and versions.
    documents = "/v1beta/documents"
    form = Form("report.pdf", "%PDF-1.7", title="Report", description="Of the year", access_level="organization")
    report = check(200, "POST", documents, keys["member"], form)["document"]
    check(400, "POST", documents, keys["member"], Form("a.pdf", "%PDF-1.7"))
    document, version = f"{documents}/{report['id']}", f"/v1beta/versions/{report['current_version']['id']}"
    for query in ("", "?page_size=1&sort=-name", "?ownership=owned&source_format=pdf&title_contains=rep"):
        assert len(check(200, "GET", documents, keys["member"], query=query)["items"]) == 1
    check(400, "GET", documents, keys["member"], query="?source_format=txt")
    check(200, "GET", f"{documents}/quota", keys["member"])
    check(200, "GET", document, keys["owner"])
    check(404, "GET", document, keys["outsider"])
    check(200, "PATCH", document, keys["member"], {"title": "Annual report"})
    check(400, "PATCH", document, keys["member"], {"title": ""})
    check(200, "GET", f"{document}/duplicates", keys["member"])
    exported = check(200, "GET", f"{document}/export", keys["member"])
    get = urllib.request.Request(exported["url"], headers=exported["headers"])
    with urllib.request.urlopen(get) as file:
        assert file.read() == b"%PDF-1.7" and file.headers["content-type"] == "application/pdf"
    check(200, "POST", f"{document}/process", keys["member"], {"async": True})
    check(200, "GET", f"{document}/versions", keys["member"])
    unread = check(200, "POST", documents, keys["member"], Form("a.bin", "?", title="Unread"))["document"]
    check(400, "GET", f"/v1beta/versions/{unread['current_version']['id']}/record", keys["member"])
    markdown = "# A\n\nB[^1]\n\n> C\n\n1. D\n   - E\n\n| F |\n|---|\n| G |\n\n```x\nH\n```\n\n---\n\n![I](i.png)\n\n[^1]: J"
    files = (("a.md", markdown), ("a.csv", "a,b,c\n1,true,x\n,,"), ("a.docx", "PK\3\4"), ("a.xlsx", "PK\3\4"))
    uploaded = [check(200, "POST", documents, keys["member"], Form(*file, title="Content")) for file in files]
    box.control("advance", {"seconds": 2})
    contents = [one["document"]["current_version"]["id"] for one in uploaded] + [report["current_version"]["id"]]
    for content in contents:
        check(200, "GET", f"/v1beta/versions/{content}/record", keys["member"])
    check(404, "GET", f"{version}/record", keys["outsider"])
    second = check(200, "POST", f"{document}/versions", keys["member"], Form("b.pdf", "%PDF-2.0", title="Second"))
    check(404, "GET", f"{document}/export", keys["member"], query="?version_id=ver_01h2xcejqtf2nbrexx3vqjhp41")
    check(200, "GET", version, keys["member"])
    check(404, "GET", "/v1beta/versions/ver_01h2xcejqtf2nbrexx3vqjhp41", keys["member"])
    check(200, "PATCH", f"/v1beta/versions/{second['id']}", keys["member"], {"description": None, "title": ""})
    check(200, "POST", f"{document}/trash", keys["member"], {})
    check(404, "GET", document, keys["admin"])
    check(200, "POST", f"{document}/untrash", keys["member"], {})
    transfer = {"new_owner_id": box.users["admin"]["id"]}
    check(200, "POST", f"{document}/transfer", keys["member"], transfer)
    check(400, "POST", f"{document}/transfer", keys["admin"], {"new_owner_id": "x"})
    check(200, "POST", f"{document}/transfer", keys["admin"], {"new_owner_id": box.users["owner"]["id"]})

    # Access to documents.
    private = Form("a.pdf", "%PDF-1.7", title="Private", access_level="private")
    private = check(200, "POST", documents, keys["admin"], private)["document"]["id"]
    share, requests = f"{documents}/{private}/share", f"{documents}/{private}/access-requests"
    check(404, "GET", f"{documents}/{private}/capabilities", keys["outsider"])
    asked = check(200, "POST", requests, keys["outsider"], {"permission": "edit", "message": "Please"})["access_request"]
    check(400, "POST", requests, keys["outsider"], {"permission": "edit"})
    check(400, "POST", requests, keys["outsider"], {"permission": "own"})
    check(200, "GET", f"{requests}/status", keys["outsider"])
    assert len(check(200, "GET", requests, keys["admin"])["items"]) == 1
    check(200, "POST", f"{requests}/{asked['id']}/approve", keys["admin"], {})
    check(400, "POST", f"{requests}/{asked['id']}/deny", keys["admin"], {})
    check(403, "POST", f"{requests}/{asked['id']}/deny", keys["outsider"], {})
    denied = check(200, "POST", requests, keys["outsider"], {"permission": "view"})["access_request"]
    check(200, "POST", f"{requests}/{denied['id']}/deny", keys["admin"], {})
    check(404, "POST", f"{requests}/acr_01h2xcejqtf2nbrexx3vqjhp41/deny", keys["admin"], {})
    check(200, "GET", f"{documents}/{private}/capabilities", keys["outsider"])
    grants = [{"recipient": outsider_id, "role": "viewer"}, {"recipient": "nobody@example.com", "role": "viewer"}]
    granted = check(200, "POST", share, keys["admin"], {"recipients": grants, "should_send_notification": False})
    assert (granted["successful"], granted["failed"]) == (1, 1), granted
    check(400, "POST", share, keys["admin"], {"recipients": []})
    check(400, "POST", share, keys["admin"], {"recipients": [{"recipient": outsider_id, "role": "boss"}]})
    check(403, "POST", share, keys["outsider"], {"recipients": grants})
    check(200, "GET", share, keys["outsider"])
    for success in (True, False):
        update = {"document_role": "admin" if success else "owner"}
        assert check(200, "PATCH", f"{share}/{outsider_id}", keys["admin"], update)["success"] == success
    for success in (True, False):
        assert check(200, "DELETE", f"{share}/{outsider_id}", keys["admin"])["success"] == success
    general = {"general_access_level": "anyone_with_link"}
    check(200, "PUT", f"{documents}/{private}/access", keys["admin"], general)
    check(400, "PUT", f"{documents}/{private}/access", keys["admin"], {"general_access_level": "public"})
    check(200, "GET", f"{documents}/{private}/access", keys["outsider"])
    check(200, "POST", f"{documents}/{private}/share-links", keys["admin"], {})
    policies = f"{documents}/{private}/policies"
    policy = box.control("policies", {"name": "Confidential"})["id"]
    check(200, "POST", policies, keys["admin"], {"policy_id": policy})
    check(404, "POST", policies, keys["admin"], {"policy_id": "pol_01h2xcejqtf2nbrexx3vqjhp41"})
    assert len(check(200, "GET", policies, keys["admin"])["items"]) == 1
    check(200, "DELETE", f"{policies}/{policy}", keys["admin"])
    check(404, "DELETE", f"{policies}/{policy}", keys["admin"])
    timeline, query, seen = f"{documents}/{private}/timeline", "?page_size=2", 0
    while query:
        page = check(200, "GET", timeline, keys["admin"], query=query)
        seen += len(page["events"])
        query = f"?page_size=2&cursor={page['next_cursor']}" if page["has_more"] else None
    assert seen == 6, seen
    check(400, "GET", timeline, keys["admin"], query="?cursor=x")
    entry_page = check(200, "POST", f"{documents}/{private}/entry_page", keys["admin"])["download_url"]
    with urllib.request.urlopen(entry_page) as file:
        assert file.read().startswith(b"%PDF-1.4") and file.headers["content-type"] == "application/pdf"

    # Without a key.
    for method, path, body in (
        ("GET", "/v1beta/organizations", None),
        ("POST", "/v1beta/organizations", {"name": "x"}),
        ("GET", organization, None),
        ("PATCH", organization, mark),
        ("POST", f"{organization}/logo", {"image_data": image}),
        ("GET", members, None),
        ("POST", members, {"user_id": outsider_id, "role": "member"}),
        ("PATCH", f"{members}/{outsider_id}", {"role": "member"}),
        ("DELETE", f"{members}/{outsider_id}", None),
        ("GET", "/v1beta/api-keys", None),
        ("POST", "/v1beta/api-keys", create),
        ("POST", f"{key}/revoke", {}),
        ("GET", "/v1beta/me", None),
        ("GET", "/v1beta/user-preferences", None),
        ("GET", "/v1beta/quota", None),
        ("GET", "/v1beta/quota/keys", None),
        ("PUT", quota, {"limit": 1}),
        ("DELETE", quota, None),
        ("GET", "/v1beta/quota/usage", None),
        ("GET", documents, None),
        ("POST", documents, form),
        ("GET", f"{documents}/quota", None),
        ("GET", document, None),
        ("PATCH", document, {}),
        ("GET", f"{document}/duplicates", None),
        ("GET", f"{document}/export", None),
        ("POST", f"{document}/process", {}),
        ("POST", f"{document}/transfer", transfer),
        ("POST", f"{document}/trash", {}),
        ("POST", f"{document}/untrash", {}),
        ("GET", f"{document}/versions", None),
        ("POST", f"{document}/versions", form),
        ("GET", version, None),
        ("PATCH", version, {}),
        ("GET", f"{version}/record", None),
        ("GET", requests, None),
        ("POST", requests, {"permission": "view"}),
        ("GET", f"{requests}/status", None),
        ("POST", f"{requests}/{asked['id']}/approve", {}),
        ("POST", f"{requests}/{asked['id']}/deny", {}),
        ("GET", f"{documents}/{private}/capabilities", None),
        ("GET", share, None),
        ("POST", share, {"recipients": grants}),
        ("PATCH", f"{share}/{outsider_id}", {"document_role": "viewer"}),
        ("DELETE", f"{share}/{outsider_id}", None),
        ("GET", f"{documents}/{private}/access", None),
        ("PUT", f"{documents}/{private}/access", general),
        ("POST", f"{documents}/{private}/share-links", {}),
        ("GET", policies, None),
        ("POST", policies, {"policy_id": policy}),
        ("DELETE", f"{policies}/{policy}", None),
        ("GET", timeline, None),
        ("POST", f"{documents}/{private}/entry_page", None),
    ):
        check(401, method, path, None, body)

    # Every page of every list.
    for filters in ("", "&status=expired", "&status=accepted&status=revoked", "&email.contains=9"):
        token, seen = "", 0
        while token is not None:
            query = f"?page_size=17{filters}" + (f"&page_token={token}" if token else "")
            page = check(200, "GET", invites, keys["admin"], query=query)
            token = page["pagination"]["next_page_token"] or None
            seen += len(page["items"])
        assert seen == 122 or filters, seen

    # Invalid requests.
    for body in ({}, {"email": "nobody"}, {"email": 1}, {"email": "a@b.co", "message": 2001 * "x"}):
        check(400, "POST", invites, keys["admin"], body)
    check(400, "POST", revoke, keys["admin"], {"x": 1})
    for query in ("page_size=101", "status=paused", "page_token=x", "sender_id=x", "created.after=x"):
        check(400, "GET", invites, keys["admin"], query=f"?{query}")
    for method, path in (("POST", revoke), ("POST", resend), ("POST", invites), ("GET", invites)):
        body = {} if method == "POST" else None
        check(401, method, path, None, body)
        check(401, method, path, "ffy_test_wrong", body)
        check(403, method, path, keys["member"], body)
    check(401, "POST", f"{invites}/accept", None, {})
    elsewhere = invites.replace(box.organization, "org_01h2xcejqtf2nbrexx3vqjhp41")
    for path in (elsewhere, f"{elsewhere}/accept"):
        check(404, "POST", path, keys["admin"], {"email": "a@b.co"} if path == elsewhere else {})

    # Random values, about things that exist. Every operation responds with a success and with an error, or with
    # one of them, and always as documented.
    known = {
        "org_": box.organization,
        "user_": box.users["member"]["id"],
        "key_": listed["items"][-1]["id"],
        "inv_": dwight["id"],
        "doc_": report["id"],
        "ver_": report["current_version"]["id"],
        "acr_": asked["id"],
        "pol_": policy,
    }
    for line in operations.lines("print_requests", "30"):
        text = json.dumps([line["url"].removeprefix(HOST), line["body"]])
        for prefix, one in known.items():
            text = re.sub(prefix + "[0-9a-z]{26}", one, text)
        target, body = json.loads(text)
        path, _, query = target.partition("?")
        body = Raw(body.encode() or None, line["headers"].get("content-type", "application/json"))
        response = call(base, line["method"], path, box.user_tokens["owner"], body, f"?{query}" if query else "")
        found = problem(api, Sent(line["method"], path), response)
        assert found is None, f"{line} {response.status_code} {response.data}: {found}"
        counts[response.status_code] = counts.get(response.status_code, 0) + 1

    # The rate limit is 100 creations a minute. One minute may end during the loop.
    many = f"/v1beta/organizations/{limited.organization}/invites"
    for n in range(202):
        body, key = {"email": f"p{n}@example.com"}, limited.keys["admin"]
        response = call(limited.base_url, "POST", many, key, body)
        if response.status_code == 429:
            break
    check(429, "POST", many, key, body, base=limited.base_url)
    assert response.headers["x-ratelimit-remaining"] == "0", response.headers

    # The validator must refuse invalid responses.
    response = call(base, "GET", invites, keys["admin"])
    for part, other in ((b'"expires_at"', b'"expires"'), (b"inv_", b"ivn_"), (b"pending", b"paused")):
        changed = Response(200, dict(response.headers), response.data.replace(part, other))
        assert problem(api, Sent("GET", invites), changed), f"{other} was accepted"
    for operation in declared:
        # Anyone may read a public profile.
        is_public = operation["id"] == "getOrganizationPublicProfile"
        for status in (200,) if is_public else (200, 401):
            assert (operation["id"], status) in called, f"{operation['id']} never had status {status}"
    found = ", ".join(f"{count} of status {status}" for status, count in sorted(counts.items()))
    print(f"valid responses: {found}; 3 wrong ones are refused")
