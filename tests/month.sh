#!/usr/bin/env bash
# A month in the life of an administrator, against `factify sandbox`. Each step checks what it did with another command.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/command/lib.sh"
serve --no-rate-limit --seed 30
admin=$(user admin)

day=0
# tell TEXT: the line of a step.
tell() { printf 'day %2d: %s\n' "$day" "$1"; }
# later DAYS: the sandbox's clock goes on.
later() {
    day=$((day + $1))
    control advance "{\"seconds\":$(($1 * 86400))}" >/dev/null
}
# counts NUMBER COMMAND: the command lists this number of ids.
counts() { gives 0 "$2 --output ids" '*' '*' && is "$(grep -c _ "$work/out")" "$1"; }

printf 'person%d@example.com\n' {1..19} >"$work/people"
printf 'outsider@example.com\n' >>"$work/people"
gives 0 "invites create - --message 'Welcome to Scranton.' <$work/people" '*' '=20 invited.'
counts 20 'invites list --status pending'
tell '20 people are invited from a file'

later 2
token_for outsider@example.com >"$work/token"
as "$FACTIFY_SANDBOX_OUTSIDER_KEY" gives 0 "invites accept --token-file $work/token" '*' '=The invitation is accepted.'
rm "$work/token"
person=$(user outsider)
gives 0 "members show $person" 'outsider@example.com' ''
counts 19 'invites list --status pending'
tell 'one person accepts'

later 1
gives 0 'invites list --status pending -o ids' inv_ ''
head -5 "$work/out" >"$work/reminded"
gives 0 "invites resend - <$work/reminded" pending '=5 sent again.'
is "$(control outbox | grep -o '"to":' | wc -l)" 25
tell 'five others get a reminder'

later 5
counts 14 'invites list --status expired'
counts 5 'invites list --status pending'
tell 'a week is over: the invites without a reminder have expired'

gives 0 'invites revoke --status pending --dry-run' '*' '5 pending invites would be revoked'
gives 0 'invites revoke --status pending --yes' revoked '=5 revoked.'
gives 0 'invites list --status pending' '' '=No invites.'
tell 'the rest is revoked'

later 2
gives 0 "keys create ci --expires-at 90d --secret-file $work/old.key" ci ''
gives 0 'keys list -o csv' '*' ''
old=$(sed -n 's/^\(key_[^,]*\),.*,ci$/\1/p' "$work/out")
gives 0 "keys create ci-2 --expires-at 90d --secret-file $work/new.key" ci-2 ''
secrets+=("$(cat "$work/old.key")" "$(cat "$work/new.key")")
gives 0 "members list --key-file $work/new.key" outsider@example.com ''
gives 0 "keys revoke $old --reason rotation" 'revoked  ci' '=1 revoked.'
gives 3 "members list --key-file $work/old.key" '' 'Check the API key'
gives 0 "members list --key-file $work/new.key" outsider@example.com ''
gives 0 "keys show $old" revoked ''
tell 'the key of the build server is rotated; the old one opens nothing'

later 3
mkdir "$work/folder"
for number in {1..12}; do
    printf '# Report %s\n' "$number" >"$work/folder/report-$number.md"
done
upload="documents upload $work/folder/*.md --journal $work/journal"
# The upload is slow, and is interrupted when the first file is there.
# Split into words on purpose.
# shellcheck disable=SC2086
factify $upload --rate 60 >/dev/null 2>"$work/interrupted" &
uploading=$!
started+=("$uploading")
uploaded() { [ "$(factify documents list --output ids | wc -l)" -ge 1 ]; }
await 'first document' uploaded
kill -s TERM "$uploading"
wait "$uploading" && fail 'the upload was not interrupted' || :
gives 0 "$upload --wait" '*' 'already uploaded'
counts 12 'documents list'
gives 0 "$upload" '*' '=12 already uploaded.'
counts 12 'documents list'
gives 0 'documents list --sort name -o ids' doc_ ''
cp "$work/out" "$work/documents"
gives 0 "documents wait - <$work/documents" ready '=12 ready.'
tell 'a folder is uploaded, interrupted and repeated: 12 documents, each once'

later 2
while read -r document; do
    gives 0 "sharing general-access $document restricted" restricted ''
    gives 0 "sharing grant $document member@example.com outsider@example.com --role viewer" granted '=2 granted.'
done <"$work/documents"
first=$(head -1 "$work/documents")
gives 0 "sharing update $first $person --role collaborator" collaborator '=1 updated.'
gives 0 "sharing list $first" 'collaborator  outsider' ''
as "$FACTIFY_SANDBOX_OUTSIDER_KEY" gives 0 "documents show $first -o ids" "=$first" ''
gives 0 "sharing general-access $(tail -1 "$work/documents") organization" organization ''
tell 'the folder is shared with a group; one person becomes a collaborator, one document is for all'

FACTIFY_KEY=$FACTIFY_SANDBOX_OUTSIDER_USER_TOKEN run 0 factify documents upload - --file-name plan.md -o ids < <(printf '# Plan\n')
plan=$out
later 10
gives 0 "offboard $person --new-owner $admin --dry-run" planned 'nothing was changed'
gives 0 "members show $person -o ids" "=$person" ''
tell 'somebody leaves: the plan changes nothing'
gives 0 "offboard $person --new-owner $admin --yes" done ' 0 left.'
gives 3 "members show $person" '' 'has no such member'
gives 0 'members list' '*' ''
lacks "$out" outsider@example.com
while read -r document; do
    gives 0 "sharing revoke $document $person" 'had none' '=1 had no access.'
    as "$FACTIFY_SANDBOX_OUTSIDER_USER_TOKEN" gives 3 "documents show $document" '' 'not_found'
done < <(printf '%s\n' "$plan" | cat - "$work/documents")
gives 0 "documents list --ownership owned -o ids" "$plan" ''
tell 'the person is offboarded, has no access to any document, and the plan has a new owner'

later 5
gives 0 'quota show -o csv' 'organization,tier,used,limit' ''
gives 0 'quota history -o csv' 'date,requests' ''
[ "$(wc -l <"$work/out")" -gt 5 ] || fail 'the report has too few days'
reads 0 'quota history' 'd["total_requests"] >= sum(i["request_count"] for i in d["daily_usage"])' True
tell 'the report of the use is written as CSV'

ended
