"""The official Python SDK and the Rust client against one sandbox."""

import datetime
import functools
import json
import re
import urllib.request

from factify import Factify
from factify.errors import ErrorResponse

import operations
import sandbox
import sdk_names

INVITES = 1_200
DAY = datetime.timedelta(days=1)


def sdk(box, who):
    return Factify(bearer_auth=box.keys[who], server_url=box.base_url)


def refused(call, code):
    try:
        call()
    except ErrorResponse as error:
        assert error.data.code == code, error.data
        assert error.data.details[0].request_id.startswith("req_"), error.data
    else:
        raise AssertionError(f"{code} was expected")


def all_operations(box):
    """Python invites, resends, revokes, accepts and lists; Rust sees the same state."""
    organization = box.organization
    with sdk(box, "admin") as admin, sdk(box, "outsider") as outsider:
        invites = admin.organizations.invites
        join = {"organization_id": organization, "email": "outsider@example.com"}
        joining = invites.create(**join, message="Bring both keys \U0001f511").result.invite
        first = box.token_for(joining.email)
        resent = invites.resend(organization_id=organization, invite_id=joining.id, body={})
        assert resent.result.invite.id == joining.id
        accept = outsider.organizations.invites.accept
        refused(lambda: accept(organization_id=organization, token=first), "not_found")
        joined = accept(organization_id=organization, token=box.token_for(joining.email))
        assert joined.result.organization.id == organization
        refused(lambda: invites.create(**join), "failed_precondition")

        kept, revoked, other = (
            invites.create(organization_id=organization, email=email).result.invite
            for email in ("jim@example.com", "dwight@example.com", "pam@example.com")
        )
        undo = {"organization_id": organization, "invite_id": other.id, "body": {}}
        assert invites.revoke(**undo).result.invite.status == "revoked"
        refused(lambda: invites.revoke(**undo), "failed_precondition")

        for example, expected in (("revoke_invite", 0), ("revoke_invite_blocking", 1)):
            rust = box.example(example, revoked.id)
            print(rust.stdout + rust.stderr, end="")
            assert rust.returncode == expected, example
        assert "failed_precondition" in rust.stderr, "the second revocation is refused"
        for example in ("revoke_invite", "revoke_invite_blocking"):
            rust = box.example(example, kept.id, key="ffy_test_CANARY")
            assert rust.returncode == 1 and "Check the API key" in rust.stderr

        found = {invite.email: invite.status for invite in invites.list(
            organization_id=organization).result.items}
        print("Python reads:", found)
        assert found == {
            "outsider@example.com": "accepted",
            "jim@example.com": "pending",
            "dwight@example.com": "revoked",
            "pam@example.com": "revoked",
        }


def plain(value):
    """A model of the SDK as plain values, with Python's microsecond precision."""
    return {
        name: plain(of) if isinstance(of, dict) else of
        for name, of in value.items()
        if of is not None
    }


def from_rust(line):
    invite = json.loads(line)
    for name in ("created_at", "expires_at", "accepted_at"):
        if name in invite:
            date, _, fraction = invite[name].removesuffix("Z").partition(".")
            text = f"{date}.{fraction:0<6.6}+00:00"
            invite[name] = datetime.datetime.fromisoformat(text)
    return invite


def equal_lists(box):
    """Python and both Rust clients list the same items for every filter."""
    with sdk(box, "admin") as admin, sdk(box, "outsider") as outsider:
        invites, organization = admin.organizations.invites, box.organization
        newest = [i for i in invites.list(organization_id=organization, page_size=100).result.items]
        for invite in newest[:30]:
            invites.revoke(organization_id=organization, invite_id=invite.id, body={})
        invites.create(organization_id=organization, email="outsider@example.com", message="\u00e9")
        token = box.token_for("outsider@example.com")
        outsider.organizations.invites.accept(organization_id=organization, token=token)
        box.control("advance", {"seconds": int(2 * DAY.total_seconds())})

        middle = newest[50].created_at
        filters = [
            {},
            {"page_size": 7, "status": ["revoked"]},
            *({"status": [status]} for status in ("pending", "accepted", "expired", "revoked")),
            {"status": ["accepted", "revoked"]},
            {"email_contains": "GUEST11"},
            {"email_exact": newest[3].email},
            {"email_exact": newest[3].email.upper()},
            {"sender_id": box.users["owner"]["id"]},
            {"sender_id": box.users["outsider"]["id"]},
            {"created_after": middle},
            {"created_before": middle},
            {"created_after": middle - DAY, "created_before": middle},
            {
                "status": ["pending", "expired"],
                "sender_id": box.users["admin"]["id"],
                "email_contains": "guest",
                "created_before": middle - DAY,
            },
        ]
        names = {
            "email_contains": "email.contains",
            "email_exact": "email.exact",
            "created_after": "created.after",
            "created_before": "created.before",
        }
        for wanted in filters:
            python, page = [], invites.list(
                organization_id=organization, **{"page_size": 100, **wanted})
            while page is not None:
                python += [plain(i.model_dump(mode="python")) for i in page.result.items]
                page = page.next()
            arguments = []
            for name, value in wanted.items():
                for one in value if isinstance(value, list) else [value]:
                    text = one.isoformat() if isinstance(one, datetime.datetime) else one
                    arguments.append(f"{names.get(name, name)}={text}")
            for example in ("export_invites", "export_invites_blocking"):
                done = box.example(example, *arguments)
                assert done.returncode == 0, done.stderr
                rust = [from_rust(line) for line in done.stdout.split("\n") if line]
                assert rust == python, (wanted, len(rust), len(python))
            print(f"{len(python):5} invites are the same in three clients: {' '.join(arguments)}")
            if not wanted:
                assert len(python) == INVITES + 1, len(python)


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def comparable(value):
    """A value of JSON without absent fields, with times of Python's precision."""
    if isinstance(value, dict):
        fields = {name: comparable(of) for name, of in value.items()}
        # An empty page token is the same as none.
        return {name: of for name, of in fields.items() if of not in (None, "")}
    if isinstance(value, list):
        return [comparable(of) for of in value]
    if isinstance(value, str) and TIME.fullmatch(value):
        date, _, fraction = value.removesuffix("Z").partition(".")
        return f"{date}.{fraction:0<6.6}"
    return value


# Fields that this version of the Python SDK does not have.
NEWER = {"source_format"}


def without(value, names):
    """A value of JSON without these fields."""
    if isinstance(value, dict):
        return {name: without(of, names) for name, of in value.items() if name not in names}
    return [without(of, names) for of in value] if isinstance(value, list) else value


def comparing(box):
    """Compares what Python has read with what Rust reads."""

    def same(python, *request, token=None):
        [rust] = box.rust(request, token=token)
        rust = without(rust, NEWER)
        python = comparable(json.loads(getattr(python, "result", python).model_dump_json(by_alias=True)))
        assert comparable(rust) == python, (request, rust, python)
        print("Python and Rust read the same:", *request[:2])

    return same


def documents(box):
    """Python calls the operations on documents and versions; Rust reads the same."""
    same = comparing(box)
    content = "%PDF-1.7 \u00fc".encode()
    with sdk(box, "admin") as admin:
        payload = {"file_name": "r\u00e9sum\u00e9.pdf", "content": content, "content_type": "application/pdf"}
        created = admin.documents.create(payload=payload, title="R\u00e9sum\u00e9", description="d").result.document
        id, path = created.id, f"/v1beta/documents/{created.id}"
        assert created.title == "R\u00e9sum\u00e9" and created.processing_status == "processing", created
        same(admin.documents.get(document_id=id), "GET", path, None)
        assert admin.documents.update(document_id=id, title="CV").result.document.title == "CV"
        filters = {"query": "cv", "ownership": ["owned"], "sort": "-name"}
        query = "query=cv&ownership=owned&sort=-name"
        same(admin.documents.list(**filters), "GET", f"/v1beta/documents?{query}", None)
        same(admin.documents.get_quota(), "GET", "/v1beta/documents/quota", None)
        same(admin.documents.list_duplicates(document_id=id), "GET", f"{path}/duplicates", None)
        exported = admin.documents.export(document_id=id).result
        get = urllib.request.Request(exported.url, headers=exported.headers)
        with urllib.request.urlopen(get) as file:
            assert file.read() == content
        assert admin.documents.process(document_id=id, async_=True).result.document_id == id
        second = admin.versions.create(document_id=id, payload={**payload, "content": b"%PDF-2.0"}, title="Second").result
        same(admin.versions.list(document_id=id, page_size=1), "GET", f"{path}/versions?page_size=1", None)
        same(admin.versions.get(version_id=second.id), "GET", f"/v1beta/versions/{second.id}", None)
        assert admin.versions.update(version_id=second.id, description="new").result.description == "new"
        admin.documents.trash(document_id=id, body={})
        assert not admin.documents.list().result.items
        same(admin.documents.list(trash_state=["trashed"]), "GET", "/v1beta/documents?trash_state=trashed", None)
        admin.documents.untrash(document_id=id, body={})
        member = box.users["member"]["id"]
        assert admin.documents.transfer_ownership(document_id=id, new_owner_id=member).result.new_owner_id == member


def sharing(box):
    """Python calls the operations on access, requests, policies and the timeline; Rust reads the same."""
    same = comparing(box)
    outsider = box.users["outsider"]["id"]
    with sdk(box, "admin") as admin, sdk(box, "outsider") as guest:
        payload = {"file_name": "a.pdf", "content": b"%PDF-1.7", "content_type": "application/pdf"}
        id = admin.documents.create(payload=payload, title="Shared", access_level="private").result.document.id
        of, path = {"document_id": id}, f"/v1beta/documents/{id}"
        assert not guest.access_requests.check_status(**of).result.has_pending_request
        asked = guest.access_requests.create(**of, permission="comment", message="Please").result.access_request
        assert guest.access_requests.check_status(**of).result.has_pending_request
        same(admin.access_requests.list(**of), "GET", f"{path}/access-requests", None)
        approve = {**of, "access_request_id": asked.id, "body": {}}
        assert admin.access_requests.approve(**approve).result.access_request.request_status == "approved"
        refused(lambda: admin.access_requests.deny(**approve), "failed_precondition")
        # It sends this to an older path.
        assert guest.access_requests.inspect(**of).result.permission_set.comment_public

        grants = [{"recipient": outsider, "role": "admin"}, {"recipient": "nobody@example.com", "role": "viewer"}]
        granted = admin.sharing.grant(**of, recipients=grants, should_send_notification=False).result
        assert (granted.successful, granted.failed) == (1, 1), granted
        same(admin.sharing.list(**of), "GET", f"{path}/share", None)
        assert admin.sharing.update(**of, recipient_id=outsider, document_role="viewer").result.success
        assert admin.sharing.revoke(**of, recipient_id=outsider).result.success
        assert not admin.sharing.revoke(**of, recipient_id=outsider).result.success
        assert admin.sharing.create_share_link(**of, body={}).result.share_link.document_id == id
        level = "anyone_with_link"
        assert admin.sharing.set_general_access(**of, general_access_level=level).result.general_access_level == level
        same(admin.sharing.get_general_access(**of), "GET", f"{path}/access", None)

        policy = box.control("policies", {"name": "Confidential"})["id"]
        assert admin.policies.attach(**of, policy_id=policy).result.policy.name == "Confidential"
        same(admin.policies.list(**of), "GET", f"{path}/policies", None)
        admin.policies.detach(**of, policy_id=policy)
        refused(lambda: admin.policies.detach(**of, policy_id=policy), "not_found")

        events, cursor = [], None
        while True:
            page = admin.timelines.get(**of, page_size=2, **({"cursor": cursor} if cursor else {})).result
            events += [event.event_type for event in page.events]
            cursor = page.next_cursor
            if not page.has_more:
                break
        names = [event.removeprefix("TIMELINE_EVENT_TYPE_").lower() for event in events]
        assert names[0] == "document_settings_access_changed" and names[-1] == "document_created", names
        url = admin.entry_pages.generate(**of).result.download_url
        with urllib.request.urlopen(url) as page:
            assert page.read().startswith(b"%PDF-1.4")


def administration(box):
    """Python calls the operations on organizations, members, keys, users and usage; Rust reads the same."""
    organization, outsider = box.organization, box.users["outsider"]["id"]
    of = {"organization_id": organization}
    same = comparing(box)

    with sdk(box, "admin") as admin:
        organizations, members = admin.organizations, admin.organizations.members
        path = f"/v1beta/organizations/{organization}"
        renamed = organizations.update(**of, name="Dunder Mifflin Paper").result.organization
        assert renamed.name == "Dunder Mifflin Paper"
        same(organizations.list(page_size=10, role=["admin"]), "GET", "/v1beta/organizations?page_size=10&role=admin", None)
        same(organizations.get(**of), "GET", path, None)

        added = members.add(**of, user_id=outsider, role="member").result.member
        assert added.role == "member" and added.user.id == outsider
        members.update(**of, user_id=outsider, role="admin")
        same(members.list(**of, page_size=3), "GET", f"{path}/members?page_size=3", None)
        members.remove(**of, user_id=outsider)
        refused(lambda: members.remove(**of, user_id=outsider), "not_found")
        same(members.list(**of), "GET", f"{path}/members", None)

        keys = admin.api_keys
        soon = datetime.datetime.now(datetime.timezone.utc) + 30 * DAY
        created = keys.create(**of, name="nightly export", expires_at=soon).result
        with Factify(bearer_auth=created.secret, server_url=box.base_url) as nightly:
            assert nightly.organizations.get(**of).result.organization.id == organization
            keys.revoke(api_key_id=created.api_key.id, reason="test")
            refused(lambda: nightly.organizations.get(**of), "unauthenticated")
        listed = f"/v1beta/api-keys?organization_id={organization}"
        same(keys.list(**of), "GET", listed, None)
        same(keys.list(**of, include_revoked=True), "GET", f"{listed}&include_revoked=true", None)

        usage, first = admin.usage, keys.list(**of).result.items[0].id
        usage.set_key_quota(api_key_id=first, limit=1_000_000, **of)
        query = f"organization_id={organization}"
        # Requests count, so another key must read the same numbers: these requests are not counted.
        with Factify(bearer_auth=box.user_tokens["admin"], server_url=box.base_url) as person:
            token = box.user_tokens["admin"]
            same(person.usage.get(**of), "GET", f"/v1beta/quota?{query}", None, token=token)
            same(person.usage.list_key_quotas(**of), "GET", f"/v1beta/quota/keys?{query}", None, token=token)
            since = (soon - 300 * DAY).strftime("%Y-%m-%dT00:00:00Z")
            history = person.usage.get_history(**of, date_after=datetime.datetime.fromisoformat(since))
            same(history, "GET", f"/v1beta/quota/usage?{query}&date.after={since}", None, token=token)
            same(person.users.get_me(), "GET", "/v1beta/me", None, token=token)
            same(person.user_preferences.get(), "GET", "/v1beta/user-preferences", None, token=token)
        usage.delete_key_quota(api_key_id=first, **of)
        assert not usage.list_key_quotas(**of).result.quotas
        refused(admin.users.get_me, "permission_denied")


def names():
    """The names in the guide for those who come from Python are those of the SDK."""
    client = Factify(bearer_auth="ffy_test_example")
    for operation in operations.declared():
        name = sdk_names.python(operation["id"])
        assert name is None or callable(functools.reduce(getattr, name.split("."), client)), name


names()
with sandbox.running() as box:
    all_operations(box)
with sandbox.running() as box:
    administration(box)
with sandbox.running() as box:
    documents(box)
with sandbox.running() as box:
    sharing(box)
with sandbox.running(INVITES) as box:
    equal_lists(box)
