#!/usr/bin/env bash
# Every command of `factify` against `factify sandbox`: standard output, standard error and exit
# code, as a table and as JSON, at a terminal and in a pipe.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --locked -p factify-cli
COMMAND_LOG=$(mktemp)
export COMMAND_LOG
trap 'rm -f "$COMMAND_LOG"' EXIT
for part in tests/command/*.sh; do
    [ "$part" = tests/command/lib.sh ] || bash "$part"
done
python3 tests/command/complete.py "$COMMAND_LOG"
