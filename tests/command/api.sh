#!/usr/bin/env bash
# Requests to any path, and profiles.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --invites 2

run 0 factify api GET /v1beta/organizations/{organization_id}
is "$(json 'd["organization"]["id"]')" "$FACTIFY_ORG"
run 3 factify api GET /v1beta/nothing
is "$(json 'd["code"]')" not_found
has "$err" 'error: GET /v1beta/nothing'
run 2 factify api GET https://evil.example/v1beta/organizations
has "$err" 'the key is sent only there'
# A message with a control character is escaped at a terminal and unchanged in a pipe.
printf '{"email":"c1@example.com","message":"\xc2\x9b2J"}' >"$work/body"
run 0 factify api POST /v1beta/organizations/{organization_id}/invites --input "$work/body"
has "$out" $'\xc2\x9b2J'
id=$(json 'd["invite"]["id"]')
at_terminal 0 "factify api GET '/v1beta/organizations/{organization_id}/invites?email.exact=c1@example.com'"
has "$out" '\u009b2J'
lacks "$out" $'\xc2\x9b2J'
has "$out" "$id"
# A new secret is for a file, not for a screen.
key_request="factify api POST /v1beta/api-keys -f organization_id=$FACTIFY_ORG -f name=ci"
at_terminal 2 "$key_request"
has "$out" 'standard output is a terminal: redirect it to a file'
at_terminal 0 "$key_request >'$work/new.json'"
lacks "$out" ffy_
mkdir -p "$work/config/factify"
cat >"$work/config/factify/config.toml" <<TOML
profile = "work"
[profiles.work]
base_url = "$FACTIFY_BASE_URL"
organization = "$FACTIFY_ORG"
key_command = ["python3", "-c", "import json; print(json.load(open('$work/new.json'))['secret'])"]
TOML
profiled=(env -u FACTIFY_KEY -u FACTIFY_BASE_URL -u FACTIFY_ORG XDG_CONFIG_HOME="$work/config" factify)
run 0 "${profiled[@]}" auth status -o json
is "$(json 'd["status"]["result"], d["status"]["key"]')" "('works', {'value': 'key_command', 'source': 'profile'})"
lacks "$out" ffy_
run 0 "${profiled[@]}" auth profiles -o ids
is "$out" work
run 0 "${profiled[@]}" invites list --limit 1 -o ids
run 2 "${profiled[@]}" invites list --base-url https://elsewhere.example
has "$err" 'the key of the profile "work" is for'
run 0 "${profiled[@]}" auth profiles
has "$out" work

ended
