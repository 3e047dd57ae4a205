#!/usr/bin/env bash
# Two processes share one pace over a real Redis server. Then the server goes away in the middle.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --locked --example fleet_pace
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export REDIS_URL="redis://127.0.0.1:$port"
output=$(mktemp)
trap 'kill "$redis" 2>/dev/null || true; rm -f "$output"' EXIT
redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no >/dev/null &
redis=$!
for _ in $(seq 100); do
    redis-cli -p "$port" ping >/dev/null 2>&1 && break
    sleep 0.1
done

check() {
    env -u FACTIFY_KEY timeout 60 cargo run --quiet --locked --example fleet_pace 2>&1 | tee "$output"
    grep -qx '400 invites were created.' "$output"
    # Not one request was refused.
    test "$(grep -cx 'Process [01]: 200 created, 0 requests refused.' "$output")" = 2
}
check
if grep 'Redis is away' "$output"; then exit 1; fi

(sleep 3 && kill -9 "$redis") &
check
test "$(grep -c '^Redis is away' "$output")" = 2
