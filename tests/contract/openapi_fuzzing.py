"""Sends generated requests, valid and invalid ones, for every operation of the official OpenAPI document to the
sandbox: no server error, no undocumented status, every response valid. Schemathesis makes the requests.

After the document, it takes the seeds; by default one."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

import records
import sandbox

# What the sandbox does that the document does not have, with the reason.
EXCEPTIONS = {"415": "the document names no status for a body of another content type"}

# The generator of edge cases fails for the file in a form. Random requests for these operations are sent.
UPLOADS = ("createDocument", "createDocumentVersion")

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def existing(box):
    """Things that exist, by the prefix of their IDs."""

    def post(path, body, content_type="application/json"):
        headers = {"authorization": f"Bearer {box.keys['admin']}", "content-type": content_type}
        request = urllib.request.Request(box.base_url + path, body.encode(), headers)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    part = "--x\r\nContent-Disposition: form-data; name="
    form = f'{part}"title"\r\n\r\nA\r\n{part}"payload"; filename="a.csv"\r\n\r\na,b\r\n1,2\r\n--x--\r\n'
    document = post("/v1beta/documents", form, "multipart/form-data; boundary=x")["document"]
    path = f"/v1beta/documents/{document['id']}"
    asked = post(f"{path}/access-requests", '{"permission": "view"}')["access_request"]["id"]
    invite = post(f"/v1beta/organizations/{box.organization}/invites", '{"email": "a@example.com"}')
    key = post("/v1beta/api-keys", json.dumps({"name": "a", "organization_id": box.organization}))
    box.control("advance", {"seconds": 5})
    ids = [box.organization, document["id"], document["current_version"]["id"], asked, invite["invite"]["id"]]
    ids += [key["api_key"]["id"], box.users["member"]["id"], box.control("policies", {"name": "A"})["id"]]
    return {id.split("_")[0]: id for id in ids}


def adapted(document, known):
    """The document with these exceptions, and with IDs of things that exist beside those of its patterns."""
    document, _ = records.corrected(document)
    for path in document["paths"].values():
        for operation in path.values():
            for status in EXCEPTIONS:
                operation["responses"][status] = {"$ref": "#/components/responses/BadRequest"}
            for parameter in operation.get("parameters", []):
                pattern = parameter["schema"].get("pattern", "")
                found = re.match(r"\^\(?(\w+?)(\||_)", pattern)
                if parameter["in"] == "path" and found:
                    parameter["schema"] = {"anyOf": [{"const": known[found[1]]}, parameter["schema"]]}
    return document


def run(box, file, seed, *options):
    token = f"Authorization: Bearer {box.user_tokens['admin']}"
    command = [pathlib.Path(sys.executable).parent / "schemathesis", "run", file, "--url", box.base_url, "-H", token]
    command += ["--checks", CHECKS, "--seed", str(seed), "--max-examples", "20", "--generation-database", "none"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=file.parent)
    summary = done.stdout[done.stdout.rfind("= SUMMARY =") :]
    counted = re.search(r"Tested: (\d+)", summary), re.search(r"(\d+) generated", summary)
    if done.returncode != 0 or not all(counted):
        sys.exit(f"seed {seed}: {done.stdout}{done.stderr}")
    return [int(found[1]) for found in counted]


with open(sys.argv[1]) as file:
    official = json.load(file)
operations = sum(len(path) for path in official["paths"].values())
for seed in map(int, sys.argv[2:] or ["1"]):
    with sandbox.running(invites=3) as box, tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "openapi.json"
        file.write_text(json.dumps(adapted(official, existing(box))))
        without_uploads = [option for id in UPLOADS for option in ("--exclude-operation-id", id)]
        edges = run(box, file, seed, "--phases", "coverage", *without_uploads)
        random = run(box, file, seed, "--phases", "fuzzing")
        assert random[0] == operations, random
        print(f"seed {seed}: {edges[1]} requests at the edges, {random[1]} random ones, {random[0]} operations")
for status, reason in EXCEPTIONS.items():
    print(f"allowed: status {status}, because {reason}")
