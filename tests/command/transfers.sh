#!/usr/bin/env bash
# Files become documents, and come back.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
mkdir "$work/files" "$work/back"
printf '# Report\n\nSales rise.\n' >"$work/files/report.md"
printf 'branch,reams\nScranton,12\n' >"$work/files/sales 年.csv"
: >"$work/files/empty.pdf"
run 2 factify documents upload "$work"/files/*
has "$err" 'empty.pdf: it is empty'
has "$err" 'Nothing was sent.'
rm "$work/files/empty.pdf"
run 2 factify documents upload "$work/files"
has "$err" 'it is a folder: name its files'
run 0 factify documents upload "$work"/files/* --journal "$work/journal" --wait -o jsonl
is "$(wc -l <"$work/out")" 2
is "$err" '2 uploaded.'
run 0 factify documents upload --files-from - --journal "$work/journal" -o ids < <(printf '%s\n' "$work"/files/*)
is "$err" '2 already uploaded.'
mapfile -t uploaded <"$work/out"
reads 0 "documents upload $work/files/* --journal $work/journal" \
    'sorted({(i["result"], *i["upload"]) for i in d["items"]})' "[('already_uploaded', 'id', 'title', 'file', 'bytes')]"
printf 'more' >>"$work/files/report.md"
run 6 factify documents upload "$work"/files/* --journal "$work/journal"
has "$err" 'it has changed since it was uploaded as doc_'
has "$err" 'factify versions upload doc_'
gives 0 "documents upload - --file-name notes.md --title Notes -o ids < <(printf x)" doc_ '=1 uploaded.'
notes=$out
run 2 factify documents upload - < <(printf 'x')
has "$err" 'name it with --file-name'
at_terminal 0 "stty cols 40; factify documents upload $work/files/report.md"
has "$out" '1 uploaded.'
at_terminal 2 "factify documents upload - --file-name a.md"
has "$out" 'standard input is a terminal'
run 0 factify documents wait "${uploaded[@]}" "$notes"
is "$err" '3 ready.'
run 3 factify documents wait doc_01h2xcejqtf2nbrexx3vqjhp41
has "$err" 'not_found'
run 0 factify documents download "${uploaded[@]}" --to "$work/back"
is "$(cat "$work/back/sales 年.csv")" "$(cat "$work/files/sales 年.csv")"
run 1 factify documents download "${uploaded[@]}" --to "$work/back"
has "$err" 'exists: give --force to replace it'
# The names have the ids, so that they mean the same documents in the next run.
run 0 factify documents download "${uploaded[@]}" --to "$work/back" --skip-existing
is "$err" '2 downloaded.'
run 0 factify documents download "${uploaded[@]}" --to "$work/back" --skip-existing
is "$err" '2 already there.'
gives 0 "documents download $notes --to -" '=x' '*'
at_terminal 2 "factify documents download $notes --to -"
has "$out" 'standard output is a terminal'
run 0 factify documents export-url "$notes" -o json
is "$(json 'sorted(d)')" "['expires_at', 'headers', 'url']"
run 0 factify documents export-url "$notes" --curl
has "$out" 'header = "x-sandbox-download: 1"'
is "$(curl --silent --config "$work/out")" x
gives 0 "versions upload $notes '$work/files/sales 年.csv' -o ids" ver_ '=1 uploaded.'
version=$out
run 0 factify documents wait "$notes"
gives 0 "versions text $version" $'=branch\treams\nScranton\t12' ''
run 0 factify versions record "$version"
has "$out" '1 row: branch, reams'
run 0 factify versions record "$version" -o json
is "$(json '"spreadsheet" in d')" True
run 2 factify versions text "$version" -o json
for command in 'documents download' 'documents export-url'; do
    gives 2 "$command $version" '' 'that is a version id; a document id starts with doc_'
    gives 3 "$command doc_01h2xcejqtf2nbrexx3vqjhp41" '' 'not_found'
done
gives 3 "versions upload doc_01h2xcejqtf2nbrexx3vqjhp41 $work/files/report.md" '' 'not_found'
for command in text record; do
    gives 2 "versions $command $notes" '' 'that is a document id; a version id starts with ver_'
    gives 3 "versions $command ver_01h2xcejqtf2nbrexx3vqjhp41" '' 'not_found'
done

ended
