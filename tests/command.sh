#!/usr/bin/env bash
# Every command of `factify` against `factify sandbox`: standard output, standard error and exit
# code, as a table and as JSON, at a terminal and in a pipe.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --locked -p factify-cli
PATH="${CARGO_TARGET_DIR:-$PWD/target}/debug:$PATH"
work=$(mktemp -d)
started=()
# Variables of this machine, such as colors, a proxy or a key, would change the output.
while IFS= read -r name; do
    case $name in
    PATH | HOME | TMPDIR | LD_LIBRARY_PATH | LLVM_PROFILE_FILE) ;;
    *) unset "$name" 2>/dev/null || export -n "${name?}" ;;
    esac
done < <(compgen -e)
# The terminal, and the shell that `script` runs in it. Other shells may end at Ctrl-C.
export SHELL="$BASH" TERM=xterm LC_ALL=C
# Given as a rule, because not every machine has the names of time zones.
export TZ=JST-9
trap end_all EXIT
count=0

# Some may have ended already.
end_all() {
    for process in "${started[@]}"; do
        kill "$process" 2>/dev/null || :
    done
    rm -rf "$work"
}

# await WHAT COMMAND...: until the command succeeds, on a machine that may be busy.
await() {
    local what=$1 deadline=$((SECONDS + 60))
    shift
    until "$@"; do
        if [ "$SECONDS" -gt "$deadline" ]; then
            printf 'FAILED at line %s: no %s within a minute\n' "${BASH_LINENO[*]}" "$what" >&2
            exit 1
        fi
        sleep 0.05
    done
}

# run CODE COMMAND...: runs the command and checks its exit code; its output is in $out and $err.
run() {
    local expected=$1 code=0
    shift
    timeout --foreground --kill-after 5 120 "$@" >"$work/out" 2>"$work/err" || code=$?
    out=$(cat "$work/out")
    err=$(cat "$work/err")
    count=$((count + 1))
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*"
    case "$out$err" in
    *"${FACTIFY_KEY:-no key yet}"*) fail "a key was printed: $*" ;;
    esac
}

# at_terminal CODE COMMAND [INPUT]: the same with a terminal for input, output and errors.
at_terminal() {
    local terminal=$work/terminal$count
    mkdir "$terminal"
    : >"$work/out"
    run "$1" script --quiet --return --command "stty echo; tty >'$terminal/name'
        { $2
        }
        code=\$?; : >'$terminal/over'; exit \$code" /dev/null < <(type_in "$terminal" "${3-}")
}

# type_in TERMINAL TEXT: types the text when a question is shown, and ends with the command.
type_in() {
    if [ -n "$2" ]; then
        await question asks "$1"
        # The echo goes off after the question.
        [[ $(tail -c 2 "$work/out") != ': ' ]] || await 'hidden input' is_silent "$1"
        printf '%s' "$2"
    fi
    await 'end at the terminal' is_over "$1"
}
asks() { is_over "$1" || [[ $(tail -c 2 "$work/out") == [:\]]' ' ]]; }
is_silent() { is_over "$1" || [[ $(stty -F "$(cat "$1/name")" -a) == *' -echo '* ]]; }
is_over() { [[ ! -d $1 || -e $1/over ]]; }

fail() {
    printf 'FAILED at line %s: %s\n-- standard output:\n%s\n-- standard error:\n%s\n' "${BASH_LINENO[*]}" "$1" "$out" "$err" >&2
    exit 1
}
has() { [[ "$1" == *"$2"* ]] || fail "no '$2'"; }
lacks() { [[ "$1" != *"$2"* ]] || fail "there is '$2'"; }
is() { [ "$1" = "$2" ] || fail "'$1' instead of '$2'"; }
has_line() { [[ -e $1 && $(wc -l <"$1") -gt 0 ]]; }
has_ended() { [[ $'\n'$(jobs -rp)$'\n' != *$'\n'"$1"$'\n'* ]]; }
# json EXPRESSION: evaluates Python on d, the JSON document on standard output.
json() { python3 -c "import json, sys; d = json.load(open(sys.argv[1])); print(($1))" "$work/out" || fail 'no JSON'; }
token_for() {
    python3 - "$FACTIFY_BASE_URL" "$1" <<'PYTHON'
import json, sys, urllib.request
sent = json.load(urllib.request.urlopen(sys.argv[1] + "/_sandbox/outbox", timeout=60))["items"]
print([email["token"] for email in sent if email["to"] == sys.argv[2]][-1])
PYTHON
}
escape=$'\e['

run 0 factify sandbox --print-env --invites 4 --seed 11
eval "$out"
started+=("$FACTIFY_SANDBOX_PID")

run 0 factify --version
is "$out" "factify $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml) (Factify API v1beta)"
run 0 factify invites revoke --help
has "$out" 'factify invites revoke [OPTIONS] [ORG] <INVITE>...'
run 0 factify --help
has "$out" '7    all calls finished, but an invite was already accepted'
while IFS= read -r line; do
    row=$(sed -E 's/^ +([0-9]+) +(.*)$/| \1 | \2 |/' <<<"$line")
    grep -qF "$row" README.md || fail "README.md has no row '$row'"
done < <(sed -n '/^Exit codes:/,$p' "$work/out" | tail -n +2)
run 2 factify
has "$err" 'Usage: factify'

# List: a table with ages or local times, JSON and CSV in UTC.
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
# fits COLUMNS TITLES: no line of the output is wider, measured without colors, and it has these titles.
fits() {
    python3 - "$work/out" "$1" "$2" <<'PYTHON' || fail "it does not fit $1 columns"
import re, sys, unicodedata
path, columns, titles = sys.argv[1:]
text = re.sub(r"\x1b\[[0-9;]*m", "", open(path, newline="").read()).replace("\r\n", "\n")
# A family and a flag are shown as one emoji.
text = text.replace("👩‍👩‍👧‍👦", "👪").replace("🇯🇵", "👪")
lines = [line for line in text.splitlines() if line.startswith(("ID", "inv_"))]
wide = lambda symbol: {"W": 2, "F": 2}.get(unicodedata.east_asian_width(symbol), 1)
width = lambda text: sum(wide(symbol) for symbol in text if unicodedata.category(symbol) not in ("Mn", "Cf"))
assert lines[0].split() == titles.split(), lines[0]
assert len(lines) == 11, lines
assert max(map(width, lines)) <= int(columns), lines
# The last column starts in each line at its title.
start = lines[0].rindex(" ") + 1
for line in lines:
    before = line[: line.rindex(" ") + 1]
    assert width(before) == start, line
PYTHON
}
for columns in 40 80 200; do
    at_terminal 0 "stty cols $columns; factify invites list"
    case $columns in
    40) fits $columns 'ID EMAIL' ;;
    80) fits $columns 'ID STATUS CREATED EXPIRES EMAIL' ;;
    200) fits $columns 'ID STATUS CREATED EXPIRES SENDER EMAIL' ;;
    esac
    has "$out" '…'
    lacks "$out" "${addresses[3]}"
done
at_terminal 0 'stty cols 40; COLUMNS=80 factify invites list'
fits 80 'ID STATUS CREATED EXPIRES EMAIL'
at_terminal 0 'stty cols 200; COLUMNS=0 factify invites list'
fits 200 'ID STATUS CREATED EXPIRES SENDER EMAIL'
at_terminal 0 'stty cols 40; factify invites list -o wide'
fits 400 'ID STATUS CREATED EXPIRES SENDER EMAIL'
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
is "$(json 'sorted((i["email"], i["status"], i["message"]) for i in d["items"])')" \
    "[('dwight@example.com', 'pending', 'Join us'), ('pam@example.com', 'pending', 'Join us')]"
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

# Resend.
run 0 factify invites resend "$first"
has "$out" "$first  pending"
is "$err" '1 sent again.'
run 2 factify invites resend "$first" user_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'that is a user id; an invite id starts with inv_'

# Accept: the token is on standard input or in a file.
outsider=$FACTIFY_SANDBOX_OUTSIDER_KEY
run 0 factify invites create outsider@example.com -o ids
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
run 0 env FACTIFY_KEY="$outsider" factify invites accept -o json <"$work/token"
is "$(json 'list(d), d["organization"]["id"]')" "(['organization'], '$FACTIFY_ORG')"
is "$err" 'The invitation is accepted.'
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
run 0 factify invites revoke "$first"
has "$out" "$first  revoked  guest2@example.net"
is "$err" '1 revoked.'
run 0 factify invites revoke "$FACTIFY_ORG" "$first" "$first" -o json
is "$(json 'd["items"][0]["status"], len(d["items"])')" "('revoked', 1)"
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

# The key: from the environment or a file, and wrong ones.
printf '%s\n' "$FACTIFY_KEY" >"$work/key"
run 0 env -u FACTIFY_KEY factify invites list --limit 1 --key-file "$work/key"
run 2 factify invites list --key-file "$FACTIFY_KEY"
has "$err" 'the file of --key-file cannot be read'
run 2 env -u FACTIFY_KEY factify invites list
has "$err" 'Set FACTIFY_KEY, or name a file that contains the key with --key-file.'
run 3 env FACTIFY_KEY=ffy_test_wrong factify invites list
has "$err" 'Check the API key'
lacks "$err" 'ffy_test_wrong'
run 2 factify invites list ffy_prod_mistake
lacks "$err" 'ffy_prod_mistake'
run 3 env FACTIFY_KEY="$FACTIFY_SANDBOX_MEMBER_KEY" factify invites list
has "$err" 'permission_denied'
run 2 env -u FACTIFY_ORG factify invites list
has "$err" 'which organization?'
run 2 factify invites list "$FACTIFY_ORG" --org org_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'The argument says org_'
run 2 factify invites list --created-before 2m
has "$err" 'minutes or months'
run 2 factify invites list --sender admin@example.com
has "$err" 'sender.id'
run 2 factify invites list --base-url http://api.example.com
has "$err" 'sends the token in the clear'
# A port that is in use but without a listener.
python3 -c '
import socket, time
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
print("127.0.0.1", taken.getsockname()[1], sep=":", flush=True)
time.sleep(600)' >"$work/silent" &
started+=($!)
await 'port' has_line "$work/silent"
silent=$(cat "$work/silent")
run 3 factify invites list --base-url "http://$silent" --retries 0
has "$err" "$silent could not be reached (1 attempt, nothing was changed)"

# A lost output is an error, and --color also applies to help and usage errors.
for option in --help --version; do
    run 1 bash -c "factify $option >/dev/full"
    has "$err" 'error: standard output cannot be written'
done
for command in --help 'invites list' 'completions bash'; do
    run 1 bash -c "factify $command 1</dev/null"
    has "$err" 'standard output cannot be written: it is open only for reading'
done
for arguments in '--color never --nonsense' '--nonsense --color=never'; do
    at_terminal 2 "factify invites list $arguments"
    lacks "$out" "$escape"
done
at_terminal 0 'factify --color never --help'
lacks "$out" "$escape"
at_terminal 2 'factify invites list --nonsense'
has "$out" "$escape"

# Completions and man pages.
for shell in bash zsh fish elvish powershell; do
    run 0 factify completions "$shell"
    has "$out" revoke
done
run 0 factify completions bash
cp "$work/out" "$work/completions"
run 0 bash -n "$work/completions"
is "$err" ''
run 0 factify man "$work/man/new"
for page in factify factify-invites factify-invites-revoke factify-sandbox; do
    grep -q '^\.TH' "$work/man/new/$page.1" || fail "no man page $page"
    ! grep -q EXTRA "$work/man/new/$page.1" || fail "a section without a name in $page"
done
for page in factify factify-invites-revoke; do
    grep -q '^\.SH "EXIT CODES"' "$work/man/new/$page.1" || fail "no exit codes in $page"
done
run 1 factify man "$work/out/man"

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
run 0 factify sandbox --print-env --user pam@example.com=admin --fault always:unavailable@listOrganizationInvites
run 3 bash -c "$out
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

# Requests to any path, and profiles.
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
run 0 "${profiled[@]}" invites list --limit 1 -o ids
run 2 "${profiled[@]}" invites list --base-url https://elsewhere.example
has "$err" 'the key of the profile "work" is for'

echo "$count runs of the command ended as they should"
