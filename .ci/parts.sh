# shellcheck shell=bash
# Parts of the checks that .ci/run makes briefly and .ci/long makes at length. Both source this file.

export CARGO_TERM_COLOR=never

install_tools() {
    python3 -m venv .tools
    .tools/bin/pip install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
    export PATH="$PWD/.tools/bin:$PATH"
}

# simulate FROM TO
simulate() {
    # Without link-time optimization: compiling would take longer than running.
    CARGO_PROFILE_RELEASE_LTO=off FACTIFY_SIMULATE="$1..$2" cargo test --release --locked -p factify-sandbox --test simulation -- --nocapture
}

# mutate PART PARTS: one part of the mutants of the code that decides after an error.
mutate() {
    command -v cargo-mutants >/dev/null || cargo install --quiet --debug --locked --root .tools --target-dir target/tools cargo-mutants --version 27.1.0
    # Two at a time, each in its own copy.
    # A mutant that does not terminate counts as caught: code 3. Many of them only mean a slow machine.
    PROPTEST_CASES=16 PATH="$PWD/.tools/bin:$PATH" cargo mutants --shard "$1/$2" --sharding round-robin \
        --jobs 2 --timeout 10 --no-shuffle --output target --package factify-core || [ $? -eq 3 ]
    [ ! -s target/mutants.out/missed.txt ] || { cat target/mutants.out/missed.txt; return 1; }
}

# fuzz SECONDS: each target.
fuzz() {
    local target failed=
    for target in id_parse timestamp record response request serve exchange pager wait_headers base_url transport; do
        # The transports' threads run on while leaks would be looked for.
        (cd fuzz && cargo +nightly fuzz run "$target" "$(mktemp -d)" "corpus/$target" -- \
            -dict="dictionaries/$target.dict" -max_total_time="$1" -verbosity=0 -detect_leaks="$([ "$target" != transport ] && echo 1 || echo 0)") || failed="$failed $target"
    done
    [ -z "$failed" ] || { echo "failed:$failed"; return 1; }
}
