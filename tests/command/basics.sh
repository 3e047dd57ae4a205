#!/usr/bin/env bash
# Help, errors, keys, guesses, completions and man pages.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --invites 4

run 0 factify --version
is "$out" "factify $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml) (Factify API v1beta)"
run 0 factify invites revoke --help
has "$out" 'factify invites revoke [OPTIONS] [ORG] <INVITE>...'
run 0 factify --help
has "$out" '7    all calls finished, but an invite was already accepted'
while IFS= read -r line; do
    row=$(sed -E 's/^ +([0-9]+) +(.*)$/| \1 | \2 |/' <<<"$line")
    grep -qF "$row" docs/commands.md || fail "docs/commands.md has no row '$row'"
done < <(sed -n '/^Exit codes:/,$p' "$work/out" | tail -n +2)
run 2 factify
has "$err" 'Usage: factify'

# The key: from the environment or a file, and wrong ones.
printf '%s\n' "$FACTIFY_KEY" >"$work/key"
run 0 env -u FACTIFY_KEY factify invites list --limit 1 --key-file "$work/key"
run 2 factify invites list --key-file "$FACTIFY_KEY"
has "$err" 'the file of --key-file cannot be read'
run 2 env -u FACTIFY_KEY factify invites list
has "$err" 'Set FACTIFY_KEY, or name a file that contains the key with --key-file'
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

# What people guess.
gives 2 'revoke inv_01h2xcejqtf2nbrexx3vqjhp41' '' "tip: you may mean 'factify invites revoke'"
gives 2 'invites delete inv_01h2xcejqtf2nbrexx3vqjhp41' '' "tip: you may mean 'factify invites revoke'"
gives 2 ls '' "tip: you may mean 'factify documents list'"
for area in orgs members invites keys documents versions sharing access-requests policies quota; do
    gives 2 "$area ls" '' "tip: you may mean 'factify $area list'"
done
for area in orgs members invites keys documents versions policies; do
    gives 2 "$area get" '' "tip: you may mean 'factify $area show'"
done
gives 2 'invites list -o yaml' '' "tip: every JSON document is also YAML: '--output json'"
gives 2 'invites list --status paused' '' '[possible values: pending, accepted, expired, revoked]'
gives 2 'invites list --created-before never' '' 'it is neither a time such as'
for status in PENDING Pending; do
    gives 0 "invites list --status $status -o ids" inv_ ''
done
# Times in the forms that the tables show, and others. The invites are between one day and one week old.
for old in yesterday '1 d' 1d; do
    gives 0 "invites list --created-before '$old' -o ids" inv_ ''
done
for old in '2020-11-24 12:00' '2020-11-24 12:00:05' '2020-11-24 12:00 +09:00' 2020-11-24T12:00:00Z 2020-11-24 '8 d' '2 mo' '1 y'; do
    gives 0 "invites list --created-before '$old' -o ids" '' ''
    gives 0 "invites list --created-after '$old' -o ids" inv_ ''
done

# Errors as JSON: one object per line of standard error.
errors() { python3 -c "import json, sys; d = [json.loads(line) for line in open(sys.argv[1])]; print(($1))" "$work/err" || fail 'no JSON lines'; }
gives 2 '--error-format json invites list --status paused' '' '{"error":{"kind":"usage",'
run 3 factify invites resend inv_01h2xcejqtf2nbrexx3vqjhp41 --error-format json
is "$(errors '[sorted(line) for line in d]')" "[['error'], ['message']]"
is "$(errors 'd[0]["error"]["kind"], d[0]["error"]["code"], d[0]["error"]["reason"], d[0]["error"]["outcome"], d[0]["error"]["retryable"], d[0]["error"]["request_id"][:4]')" \
    "('api', 'not_found', 'resource_not_found', 'not_applied', False, 'req_')"
run 3 env FACTIFY_KEY=ffy_test_wrong factify invites list --error-format json
is "$(errors 'd[0]["error"]["code"], len(d)')" "('unauthenticated', 1)"
run 2 env -u FACTIFY_KEY factify invites list --error-format json
is "$(errors 'd[0]["error"]["kind"], len(d)')" "('usage', 1)"

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
    has "$out" factify
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
has "$err" "the man pages cannot be written there: "

ended
