#!/usr/bin/env bash
# The sandbox.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve

# A sandbox that others can reach can be reached from here too.
factify sandbox --json --addr 0.0.0.0:0 >"$work/open" 2>"$work/warning" &
open=$!
started+=("$open")
await 'sandbox for others' has_line "$work/open"
cp "$work/open" "$work/out"
run 0 env FACTIFY_BASE_URL="$(json 'd["base_url"]')" FACTIFY_KEY="$(json 'd["keys"]["admin"]')" \
    FACTIFY_ORG="$(json 'd["organization_id"]')" factify invites list
kill "$open"
has "$(cat "$work/warning")" 'others on the network can reach this sandbox'

# The sandbox as one line of JSON, for any language.
factify sandbox --json --seed 3 >"$work/place" &
other=$!
started+=("$other")
await 'sandbox as JSON' has_line "$work/place"
cp "$work/place" "$work/out"
is "$(json 'sorted(d), sorted(d["keys"])')" \
    "(['added_users', 'base_url', 'expired_key', 'keys', 'organization_id', 'revoked_key', 'user_tokens', 'users'], ['admin', 'member', 'outsider', 'owner'])"
kill "$other"
await 'end of the sandbox' has_ended "$other"
code=0
wait "$other" || code=$?
is "$code" 130
# Signals without a handler have no effect on process 1 of a container.
isolated=(env --default-signal=INT unshare --user --map-root-user --pid --kill-child --fork --mount-proc)
if "${isolated[@]}" true 2>/dev/null; then
    for signal in INT TERM; do
        : >"$work/first"
        "${isolated[@]}" factify sandbox --json >"$work/first" &
        other=$!
        started+=("$other")
        await 'sandbox as process 1' has_line "$work/first"
        kill -s "$signal" "$(cat "/proc/$other/task/$other/children")"
        await 'end of process 1' has_ended "$other"
        code=0
        wait "$other" || code=$?
        is "$code" 130
    done
fi
# Keys that no longer work, and what the process in the background is given.
run 3 env FACTIFY_KEY="$FACTIFY_SANDBOX_EXPIRED_KEY" factify invites list
has "$err" expired
run 3 env FACTIFY_KEY="$FACTIFY_SANDBOX_REVOKED_KEY" factify invites list
has "$err" 'not valid'
run 3 bash -c "eval \"\$(factify sandbox --print-env --user pam@example.com=admin \
    --fault always:unavailable@listOrganizationInvites)\"
trap 'kill \$FACTIFY_SANDBOX_PID' EXIT
factify invites list --retries 0"
has "$err" 'Service temporarily unavailable'
run 1 factify sandbox --addr "${FACTIFY_BASE_URL#http://}"
has "$err" 'cannot serve at'
run 1 factify sandbox --print-env --addr "${FACTIFY_BASE_URL#http://}"
has "$err" 'error: the sandbox cannot be started: cannot serve at'
# A script cannot continue with the old API and key.
for wrong in "${FACTIFY_BASE_URL#http://}" nowhere; do
    run 1 bash -c "eval \"\$(factify sandbox --print-env --addr $wrong)\" || { echo \"\${FACTIFY_KEY-unset}\"; exit 1; }"
    is "$out" unset
done

ended
