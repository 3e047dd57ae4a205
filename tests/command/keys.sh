#!/usr/bin/env bash
# API keys. Their secrets go to files.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
nowhere=org_01h2xcejqtf2nbrexx3vqjhp41
no_key=key_01h2xcejqtf2nbrexx3vqjhp41

gives 0 'keys list' admin ''
reads 0 'keys list --limit 2' 'd["pagination"]["has_more"], len(d["items"])' '(True, 2)'
gives 2 'keys list admin' '' 'it does not start with org_'
gives 3 "keys list $nowhere" '' 'not_found'

# A secret is in its file, which only the user can read, and nowhere else.
gives 0 "keys create ci --secret-file $work/ci.key" 'active' ''
is "$(stat -c %a "$work/ci.key")" 600
is "$(wc -l <"$work/ci.key")" 1
secrets+=("$(cat "$work/ci.key")")
ci=${out##*$'\n'}
ci=${ci%% *}
gives 0 "keys list --key-file $work/ci.key" "$ci" ''
reads 0 "keys create yearly --expires-at 90d --secret-file $work/yearly.key" 'list(d), d["api_key"]["name"]' "(['api_key'], 'yearly')"
secrets+=("$(cat "$work/yearly.key")")
yearly=$(json 'd["api_key"]["id"]')
gives 0 'keys create plain --secret-file -' ffy_test_ 'Created key_'
is "$(wc -l <"$work/out")" 1
secrets+=("$out")
as "$out" gives 0 'keys list -o ids' key_ ''
# Nothing is created that cannot be kept.
gives 2 "keys create again --secret-file $work/ci.key" '' 'File exists'
gives 2 "keys create again --secret-file $work/none/ci.key" '' 'cannot be created'
gives 2 'keys create again' '' '--secret-file <FILE>'
gives 2 "keys create '' --secret-file $work/new.key" '' 'it has 0 characters, but must have 1 to 63'
gives 3 "keys create again --expires-at 2y --secret-file $work/new.key" '' 'at most 8760 hours ahead'
[ ! -e "$work/new.key" ] || fail 'a file without a secret is left'
gives 0 'keys list -o csv' '*' ''
lacks "$out" again

gives 0 "keys show $ci" ci ''
reads 0 "keys show $ci" 'd["items"][0]["is_active"]' True
reads 6 "keys show $ci $no_key" 'len(d["items"])' 1
gives 2 "keys show $(user owner)" '' 'an API key id starts with key_'
gives 3 "keys show $no_key" '' 'has no such API key'

bulk 6 "keys revoke $yearly $no_key --reason 'found in a log'" "[('not_applied', 'not_found'), ('revoked',)]"
is "$(json '[i["api_key"]["is_active"] for i in d["items"] if "api_key" in i]')" '[False]'
bulk 0 "keys revoke $yearly" "[('revoked',)]"
gives 0 "keys revoke - <<<$ci" 'revoked  ci' '=1 revoked.'
gives 2 "keys revoke $ci --reason ''" '' 'it has 0 characters, but must have 1 to 500'
gives 3 "keys revoke $no_key" '' 'Check the ids'
gives 3 "keys list --key-file $work/ci.key" '' 'Check the API key'
gives 0 'keys list --include-revoked' revoked ''
gives 0 'keys list' '*' ''
lacks "$out" revoked
at_widths 'keys list --include-revoked'

ended
