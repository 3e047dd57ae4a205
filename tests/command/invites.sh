#!/usr/bin/env bash
# Invites.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --invites 4 --seed 11

# List: a table with ages or local times, JSON and CSV in UTC.
gives 0 'invites list' 'EMAIL' ''
run 0 factify invites list
is "$(wc -l <"$work/out")" 5
has "$out" 'ID                              STATUS   CREATED  EXPIRES  SENDER '
has "$out" '  1 d      in 5 d   '
lacks "$out" "$escape"
is "$err" ''
run 0 factify invites list -o wide
is "$(wc -l <"$work/out")" 5
has "$out" '+09:00'
run 0 factify invites list -o csv
is "$(wc -l <"$work/out")" 5
is "$(head -1 "$work/out")" 'id,status,created,expires,sender,email'
is "$(python3 -c 'import csv, sys; print({len(row) for row in csv.reader(open(sys.argv[1]))})' "$work/out")" '{6}'
has "$out" 'Z,owner@example.com,guest'
is "$err" ''
run 0 factify invites list "$FACTIFY_ORG" --output json
is "$(json 'sorted(d)')" "['items', 'pagination']"
is "$(json 'd["pagination"]["has_more"], len(d["items"])')" '(False, 4)'
is "$(json 'all(i["created_at"].endswith("Z") for i in d["items"])')" True
run 0 factify invites list --output jsonl --limit 3
is "$(wc -l <"$work/out")" 3
run 0 factify invites list --output json --limit 3
is "$(json 'd["pagination"]["has_more"], len(d["items"])')" '(True, 3)'
run 0 factify invites list --page-token "$(json 'd["pagination"]["next_page_token"]')" -o table -o ids
is "$(wc -l <"$work/out")" 1
run 0 factify invites list --status revoked,pending -v -v --timeout 0.5 --timeout 60 -o ids
is "$(wc -l <"$work/out")" 4
run 0 env TZ=Nowhere/Land factify invites list --limit 1
lacks "$err" 'TZ'
run 0 env TZ=Nowhere/Land factify invites list --limit 1 -o wide
has "$out" '+00:00'
has "$err" 'warning: TZ names no time zone'
run 2 env TZ=Nowhere/Land factify invites list --created-after 2026-01-15
has "$err" 'give a time such as'
has "$err" 'Nothing was sent.'
run 0 factify invites list --output ids --email-exact guest2@example.net
first=$out
is "${#first}" 30
run 0 factify invites list -o ids --created-after 2d
is "$(wc -l <"$work/out")" 1
# The invites are 6, 4.5, 3 and 1.5 days old, and this date began 5 to 6 days ago.
run 0 factify invites list -o ids --created-before "$(date -d '5 days ago' +%F)" --status pending --status expired
is "$(wc -l <"$work/out")" 1
run 0 factify invites list -o json --email-exact guest1@example.net
sender=$(json 'd["items"][0]["sender"]["id"]')
run 0 factify invites list -o jsonl --sender "$sender" --email-contains GUEST
is "$(wc -l <"$work/out")" 2
lacks "$out" guest2@
run 0 factify invites list -o ids --sender "$sender" --email-contains GUEST1
is "$(wc -l <"$work/out")" 1
run 0 factify invites list -o ids --sender "$sender" --email-contains GUEST2
is "$out" ''
run 0 factify invites list -o ids --sender user_01h2xcejqtf2nbrexx3vqjhp41 --email-contains GUEST
is "$out" ''
at_terminal 0 'factify invites list --limit 1'
has "$out" "$escape"
run 0 factify invites list --email-contains nobody
is "$out$err" 'No invites.'
run 0 factify invites list --email-contains nobody -o ids
is "$out$err" ''
run 0 factify invites list --email-contains nobody -o csv
is "$out$err" 'id,status,created,expires,sender,email'
run 3 factify invites list org_01h2xcejqtf2nbrexx3vqjhp41 -o csv
is "$out" ''
run 2 factify invites list -o yaml
has "$err" '[possible values: table, wide, json, jsonl, ids, csv]'
at_terminal 0 'NO_COLOR=1 factify invites list --limit 1'
lacks "$out" "$escape"
at_terminal 0 'factify invites list --limit 1 --color never'
lacks "$out" "$escape"
run 0 factify invites list --limit 1 --color always
has "$out" "$escape"
run 0 bash -c 'factify invites list -o jsonl | head -1'
is "$err" ''
run 0 factify invites create slow@example.com slower@example.com -v --rate 60 -o ids
run 0 factify invites resend "$(head -1 "$work/out")" "$(tail -1 "$work/out")" -v --rate 12
has "$err" 'for the rate limit or the server'
run 0 factify invites revoke --email-contains slow --yes
run 0 factify invites list --limit 1 -v
has "$err" 'listOrganizationInvites attempt 1: status 200 after '

# Tables fit the terminal, with addresses in any script. In a pipe nothing is cut.
addresses=('山田太郎さん@例え.テスト' '👩‍👩‍👧‍👦🇯🇵@example.org' 'משתמש@example.org'
    "long$(printf 'x%.0s' {1..200})@example.org")
run 0 factify invites create "${addresses[@]}"
for columns in 40 80 200; do
    at_terminal 0 "stty cols $columns; factify invites list"
    case $columns in
    40) fits $columns 'ID EMAIL' 10 ;;
    80) fits $columns 'ID STATUS CREATED EXPIRES EMAIL' 10 ;;
    200) fits $columns 'ID STATUS CREATED EXPIRES SENDER EMAIL' 10 ;;
    esac
    has "$out" '…'
    lacks "$out" "${addresses[3]}"
done
at_terminal 0 'stty cols 40; COLUMNS=80 factify invites list'
fits 80 'ID STATUS CREATED EXPIRES EMAIL' 10
at_terminal 0 'stty cols 200; COLUMNS=0 factify invites list'
fits 200 'ID STATUS CREATED EXPIRES SENDER EMAIL' 10
at_terminal 0 'stty cols 40; factify invites list -o wide'
fits 400 'ID STATUS CREATED EXPIRES SENDER EMAIL' 10
has "$out" "${addresses[3]}"
for format in table wide csv; do
    run 0 env COLUMNS=40 factify invites list -o "$format"
    for address in "${addresses[@]}"; do
        has "$out" "$address"
    done
done
run 0 factify invites revoke --email-contains @ --created-after 1h --yes -o csv
is "$(wc -l <"$work/out")" 5
is "$(head -1 "$work/out")" 'id,result,email'

# Create.
run 0 factify invites create dwight@example.com pam@example.com --message 'Join us' -o json
is "$err" '2 invited.'
is "$(json 'sorted((i["email"], i["result"], i["invite"]["status"], i["invite"]["message"]) for i in d["items"])')" \
    "[('dwight@example.com', 'invited', 'pending', 'Join us'), ('pam@example.com', 'invited', 'pending', 'Join us')]"
is "$(json 'all(i["id"] == i["invite"]["id"] for i in d["items"])')" True
printf 'Hello\n' >"$work/message"
run 0 factify invites create "$FACTIFY_ORG" - --message-file "$work/message" -o ids < <(printf 'jim@example.com\n\nkelly@example.com\n')
is "$(wc -l <"$work/out")" 2
run 0 factify invites create - -o jsonl < <(printf '\xef\xbb\xbfmarked@example.com\r\n')
is "$(json 'd["email"]')" marked@example.com
run 0 factify invites revoke --email-exact marked@example.com --yes
run 2 factify invites create pam@example.com --message-file /dev/zero
has "$err" 'it has more than'
run 3 factify invites create owner@example.com
has "$err" 'error: owner@example.com in org_'
has "$err" ': not invited'
has "$err" '[request req_'
has "$err" 'nothing was changed'
run 6 factify invites create owner@example.com angela@example.com
has "$err" '1 invited, 1 not done.'
run 2 factify invites create angela@example.com nobody
has "$err" "'nobody'"
is "$out" ''
run 2 factify invites create angela@example.com --message x --message-file "$work/message"
run 2 factify invites create angela@example.com --message "$(printf 'x%.0s' {1..2001})"
has "$err" 'the maximum is 2000'

# Show.
gives 0 "invites show $first" guest2@example.net ''
reads 6 "invites show $first inv_01h2xcejqtf2nbrexx3vqjhp41" '[(i["id"], i["status"]) for i in d["items"]]' "[('$first', 'pending')]"
gives 2 "invites show $FACTIFY_ORG" '' 'give at least an invite id'
gives 3 'invites show inv_01h2xcejqtf2nbrexx3vqjhp41' '' 'has no such invite'

# Resend.
gives 0 "invites resend $first" "$first  pending" "=1 sent again."
run 0 factify invites resend "$first"
has "$out" "$first  pending"
is "$err" '1 sent again.'
run 2 factify invites resend "$first" user_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'that is a user id; an invite id starts with inv_'

# Accept: the token is on standard input or in a file.
outsider=$FACTIFY_SANDBOX_OUTSIDER_KEY
gives 0 'invites create outsider@example.com -o ids' inv_ '=1 invited.'
joined=$out
token_for outsider@example.com >"$work/token"
token=$(cat "$work/token")
for words in "" invites "invites list" "invites create" "invites resend" "invites revoke" \
    "invites list --sender" "invites accept -o" "invites accept --timeout" completions; do
    # Split into words on purpose. shellcheck disable=SC2086
    run 2 factify $words "$token"
    lacks "$out$err" "$token"
done
run 1 factify man "$work/out/$token"
lacks "$err" "$token"
for command in 'invites accept' 'invites list' completions; do
    # Split into words on purpose.
    # shellcheck disable=SC2086
    run 2 factify $command "--$token"
    lacks "$err" "$token"
done
run 2 factify invites accept "$token"
lacks "$err" "$token"
has "$err" 'The token must not be an argument'
run 3 env FACTIFY_KEY="$FACTIFY_SANDBOX_MEMBER_KEY" factify invites accept --token-file "$work/token"
lacks "$err" "$token"
as "$outsider" gives 0 "invites accept -o json <'$work/token'" '*' '=The invitation is accepted.'
is "$(json 'list(d), d["organization"]["id"]')" "(['organization'], '$FACTIFY_ORG')"
run 3 env FACTIFY_KEY="$outsider" factify invites accept --token-file "$work/token"
run 0 factify invites create late@example.com -o ids
late=$out
at_terminal 3 'factify invites accept --output table' "$(token_for late@example.com)"$'\n'
has "$out" 'Token of the invitation:'
lacks "$out" "$(token_for late@example.com)"

at_terminal 3 'factify invites accept 2>/dev/null' "$(token_for late@example.com)"$'\n'
has "$out" 'Token of the invitation:'
lacks "$out" "$(token_for late@example.com)"
# A terminal that is not the controlling one.
at_terminal 3 'setsid --wait factify invites accept' "$(token_for late@example.com)"$'\n'
has "$out" 'Token of the invitation:'
lacks "$out" "$(token_for late@example.com)"
at_terminal 0 'factify invites accept; echo "code $?"; stty -a' $'\003'
has "$out" 'code 130'
has "$out" 'Interrupted: nothing was changed.'
has "$out" ' echo '
lacks "$out" '-echo '

# Revoke: by id, from standard input, by filter, and again.
gives 0 "invites revoke $first" "$first  revoked  guest2@example.net" '=1 revoked.'
run 0 factify invites revoke "$FACTIFY_ORG" "$first" "$first" -o json
is "$(json '[(i["id"], i["result"], i["invite"]["status"]) for i in d["items"]]')" "[('$first', 'already_revoked', 'revoked')]"
is "$err" '1 already revoked.'
run 7 factify invites revoke "$joined"
has "$out" 'accepted by outsider@example.com'
has "$err" '1 invite had already been accepted: somebody has joined.'
run 7 factify invites revoke "$joined" "$first" -o ids
is "$out" "$first"
run 6 factify invites revoke "$first" inv_01h2xcejqtf2nbrexx3vqjhp41
has "$err" '1 already revoked, 1 not done.'
lacks "$err" 'run this again'
has "$err" 'Check the ids'
run 3 factify invites revoke inv_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'Check the ids'
run 2 factify invites revoke user_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'that is a user id; an invite id starts with inv_'
run 2 factify invites revoke
run 2 factify invites revoke - </dev/zero
has "$err" 'it is too long for an invite id'
run 2 factify invites revoke "$first" --status pending
run 2 factify invites revoke --email-contains guest
has "$err" 'cannot ask for confirmation'
run 0 factify invites revoke --email-contains guest --dry-run -o ids
is "$(wc -l <"$work/out")" 3
is "$err" '3 pending invites would be revoked; nothing was changed.'
run 0 factify invites revoke "$late" --dry-run
has "$out" "$late  pending"
at_terminal 0 'factify invites revoke --email-contains guest; echo "code $?"' $'\003'
has "$out" 'code 130'
has "$out" 'Interrupted: nothing was changed.'
at_terminal 2 'factify invites revoke --email-contains guest 2>/dev/null'
at_terminal 1 'setsid --wait factify invites revoke --email-contains guest' $'n\n'
has "$out" 'Nothing was changed.'
at_terminal 1 'factify invites revoke --email-contains guest' $'n\n'
has "$out" 'Revoke 3 pending invites of org_'
has "$out" 'Nothing was changed.'
at_terminal 0 'factify invites revoke --email-contains guest --output ids' $'y\n'
has "$out" '3 revoked.'
run 0 factify invites list --email-contains jim -o ids
cp "$work/out" "$work/ids"
run 0 factify invites revoke - <"$work/ids"
is "$err" '1 revoked.'
run 0 factify invites revoke - </dev/null
has "$err" 'There was nothing to do.'
run 0 factify invites revoke --status pending --created-after 1d --yes -o ids
is "$(wc -l <"$work/out")" 5
run 0 factify invites list --status pending
is "$out" ''

# A progress bar at a terminal, and none in a pipe.
run 0 factify invites create - -o ids --rate 100000 < <(printf 'guest%d@example.org\n' {1..60})
cp "$work/out" "$work/ids"
at_terminal 0 "factify invites revoke - --output ids --rate 600 <$work/ids"
has "$out" 'Revoking'
has "$out" '/60'
has "$out" '60 revoked.'
run 0 factify invites revoke - --rate 100000 <"$work/ids"
lacks "$err" 'Revoking'
is "$err" '60 already revoked.'

# Show: from the list, because the API has no call for one invite.
run 0 factify invites show "$(head -1 "$work/ids")"
has "$out" guest
run 6 factify invites show "$(head -1 "$work/ids")" inv_01h2xcejqtf2nbrexx3vqjhp41 -o json
is "$(json 'len(d["items"]), d["items"][0]["status"]')" "(1, 'revoked')"
has "$err" 'has no such invite'
run 3 factify invites show inv_01h2xcejqtf2nbrexx3vqjhp41 --error-format json

ended
