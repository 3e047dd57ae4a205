# Functions for the scripts in this folder. Each script runs against its own sandbox.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

PATH="${CARGO_TARGET_DIR:-$PWD/target}/debug:$PATH"
# The commands that ran and the operations that they attempted.
log=${COMMAND_LOG:-/dev/null}
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
# What no command may print.
secrets=()
escape=$'\e['

# Some may have ended already.
end_all() {
    for process in "${started[@]}"; do
        kill "$process" 2>/dev/null || :
    done
    rm -rf "$work"
}

# serve [OPTION...]: a sandbox, with its variables in the environment.
serve() {
    run 0 factify sandbox --print-env "$@"
    eval "$out"
    started+=("$FACTIFY_SANDBOX_PID")
    for name in OWNER ADMIN MEMBER OUTSIDER; do
        local key=FACTIFY_SANDBOX_${name}_KEY token=FACTIFY_SANDBOX_${name}_USER_TOKEN
        secrets+=("${!key}" "${!token}")
    done
}

# as KEY COMMAND...: runs the command with another key or a user token.
as() {
    local FACTIFY_KEY=$1
    export FACTIFY_KEY
    "${@:2}"
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
    case $code in
    # Only a command that did something counts.
    0 | 6 | 7) printf 'ran %s\n' "$*" >>"$log" ;;
    esac
    for secret in "${secrets[@]}"; do
        [[ $out$err != *"$secret"* ]] || fail "a secret was printed: $*"
    done
}

# gives CODE COMMAND OUT ERR: runs `factify COMMAND` and checks its exit code, output and errors.
# OUT and ERR are: a part of the text, =TEXT for all of it, nothing for no output, * for any.
gives() {
    [ $# -eq 4 ] || fail "a case has 4 parts: $*"
    eval "run $1 factify $2 --verbose"
    sed -nE 's/^([A-Za-z]+) attempt [0-9]+: .*/did \1/p' "$work/err" >>"$log"
    err=$(sed -E '/^([A-Za-z]+ attempt [0-9]+: |waiting [0-9]+ ms )/d' "$work/err")
    matches "$out" "$3"
    matches "$err" "$4"
}
matches() {
    case $2 in
    '*') ;;
    '') is "$1" '' ;;
    =*) is "$1" "${2#=}" ;;
    *) has "$1" "$2" ;;
    esac
}

# reads CODE COMMAND EXPRESSION VALUE: runs `factify COMMAND -o json` and evaluates Python on d, the document.
reads() {
    gives "$1" "$2 --output json" '*' '*'
    is "$(json "$3")" "$4"
}

# bulk CODE COMMAND ITEMS: runs `factify COMMAND -o json`. Each item has a result, and an error if it was not done.
# ITEMS is a list in Python: the results, sorted, with the code of the error.
bulk() {
    gives "$1" "$2 --output json" '*' '*'
    is "$(json 'sorted((i["result"], (lambda e: e.get("code", e["kind"]))(i["error"])) if "error" in i else (i["result"],) for i in d["items"])')" "$3"
    is "$(json '{"kind", "message", "outcome", "retryable"} <= set.intersection(*([set(i["error"]) for i in d["items"] if "error" in i] or [{"kind", "message", "outcome", "retryable"}]))')" True
}

# at_terminal CODE COMMAND [INPUT]: like run, with a terminal for input, output and errors.
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

# at_widths COMMAND: its table fits terminals of 40, 80 and 200 columns.
at_widths() {
    for columns in 40 80 200; do
        at_terminal 0 "stty cols $columns; factify $1"
        fits "$columns"
    done
}

# fits COLUMNS [TITLES ROWS]: no row of the table is wider, and its last column starts at its title.
fits() {
    python3 tests/command/table.py "$work/out" "$@" || fail "it does not fit $1 columns"
}

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
# user NAME: the id of a user of the sandbox.
user() { factify members list --output csv | sed -n "s/^\(user_[0-9a-z]*\),.*,$1@example.com$/\1/p"; }
# control NAME [BODY]: a request to the sandbox itself.
control() { curl --silent --fail-with-body ${2:+--json "$2"} "$FACTIFY_BASE_URL/_sandbox/$1"; }
# token_for EMAIL: the token of the last email to this address.
token_for() {
    control outbox | python3 -c '
import json, sys
print([email["token"] for email in json.load(sys.stdin)["items"] if email["to"] == sys.argv[1]][-1])' "$1"
}

# ended: the last line of each script.
ended() { printf '%s: %d runs of the command ended as they should\n' "$(basename "$0" .sh)" "$count"; }
