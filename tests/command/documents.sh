#!/usr/bin/env bash
# Documents, their versions and their policies; see transfers.sh for files.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
no_document=doc_01h2xcejqtf2nbrexx3vqjhp41
no_version=ver_01h2xcejqtf2nbrexx3vqjhp41
no_policy=pol_01h2xcejqtf2nbrexx3vqjhp41
nobody=user_01h2xcejqtf2nbrexx3vqjhp41
member=$(user member)
printf '# Report\n' >"$work/report.md"
printf 'branch,reams\nScranton,12\n' >"$work/sales.csv"
run 0 factify documents upload "$work/report.md" --title 'レポート 👩‍👩‍👧‍👦 דוח' -o ids
report=$out
run 0 factify documents upload "$work/sales.csv" --access-level private -o ids
sales=$out

gives 0 'documents list' レポート ''
gives 0 'documents list --title-contains sales --source-format csv --access-level private -o ids' "=$sales" ''
gives 0 'documents list --sort name --limit 1 -o ids' "=$sales" ''
gives 0 'documents list --query nothing' '' '=No documents.'
reads 0 'documents list' 'sorted(d), len(d["items"])' "(['items', 'pagination'], 2)"
gives 2 'documents list --source-format odt' '' '[possible values: pdf, docx, xlsx, csv, markdown]'
gives 3 'documents list --page-token unknown' '' 'page_token'
at_widths 'documents list'
gives 0 "documents show $report" レポート ''
reads 0 "documents show $report" 'd["items"][0]["id"]' "$report"
reads 6 "documents show $report $no_document" 'len(d["items"])' 1
gives 2 "documents show $nobody" '' 'that is a user id; a document id starts with doc_'
gives 3 "documents show $no_document" '' 'not_found'

gives 0 "documents process $report --async" process '*'
gives 0 "documents wait $report $sales" ready '=2 ready.'
bulk 6 "documents process $sales $no_document" "[('already_processed',), ('not_applied', 'not_found')]"
gives 2 "documents process $report $sales --version $no_version" '' '--version'
gives 3 "documents process $no_document" '' 'not_found'
bulk 6 "documents wait $report $no_document" "[('not_applied', 'not_found'), ('ready',)]"
gives 2 "documents wait $report --within soon" '' '--within'
gives 3 "documents wait $no_document" '' 'not_found'

gives 0 "documents update $report --description 'Sales rise'" レポート ''
reads 0 "documents update $report --title Report" 'd["document"]["title"], d["document"]["description"]' "('Report', 'Sales rise')"
gives 2 "documents update $report" '' '<--title <TEXT>|--description <TEXT>>'
gives 3 "documents update $no_document --title x" '' 'not_found'
gives 0 "documents trash $report" trashed '=1 trashed.'
bulk 6 "documents trash $sales $no_document" "[('not_applied', 'not_found'), ('trashed',)]"
gives 2 'documents trash' '' '<DOC>...'
gives 3 "documents trash $no_document" '' 'not_found'
gives 0 'documents list --trash-state trashed --title-contains Report -o ids' "=$report" ''
gives 0 "documents restore $report" restored '=1 restored.'
bulk 6 "documents restore $sales $no_document" "[('not_applied', 'not_found'), ('restored',)]"
gives 2 'documents restore report' '' 'it does not start with doc_'
gives 3 "documents restore $no_document" '' 'not_found'

gives 0 "documents duplicates $report" '' '=No duplicates.'
run 0 factify documents upload "$work/report.md" --title Copy -o ids
copy=$out
gives 0 "documents duplicates $report" Copy ''
reads 0 "documents duplicates $report --file-contents-hash $(sha256sum "$work/report.md" | cut -c 1-64)" \
    'list(d), [i["document_id"] for i in d["items"]]' "(['items'], ['$copy'])"
gives 2 "documents duplicates $report --file-contents-hash abc" '' 'it has 3 characters'
gives 3 "documents duplicates $no_document" '' 'not_found'
gives 0 "documents timeline $report" document_created ''
reads 0 "documents timeline $report --limit 1" 'sorted(d), d["items"][0]["event_type"][:9]' "(['items', 'pagination'], 'document_')"
gives 2 "documents timeline $report --limit many" '' '--limit'
gives 3 "documents timeline $no_document" '' 'not_found'
gives 0 "documents entry-page $report" http ''
reads 0 "documents entry-page $report" 'list(d)' "['download_url']"
gives 2 'documents entry-page' '' '<DOC>'
gives 3 "documents entry-page $no_document" '' 'not_found'
gives 0 'documents quota' unlimited ''
reads 0 'documents quota' 'sorted(d)' "['available', 'limit', 'used']"
gives 2 'documents quota extra' '' "unexpected argument 'extra'"
FACTIFY_KEY=ffy_test_wrong gives 3 'documents quota' '' 'Check the API key'

# Versions.
gives 0 "versions list $report" ready ''
reads 0 "versions list $report" 'sorted(d), len(d["items"])' "(['items', 'pagination'], 1)"
version=$(json 'd["items"][0]["id"]')
gives 2 "versions list $version" '' 'that is a version id; a document id starts with doc_'
gives 3 "versions list $no_document" '' 'not_found'
at_widths "versions list $report"
gives 0 "versions show $version" ready ''
reads 6 "versions show $version $no_version" 'len(d["items"])' 1
gives 2 "versions show $report" '' 'that is a document id; a version id starts with ver_'
gives 3 "versions show $no_version" '' 'not_found'
gives 0 "versions update $version --title 'First draft'" 'First draft' ''
reads 0 "versions update $version --description x" 'd["title"], d["description"]' "('First draft', 'x')"
gives 2 "versions update $version" '' '<--title <TEXT>|--description <TEXT>>'
gives 3 "versions update $no_version --title x" '' 'not_found'

# Policies.
control policies '{"name":"No printing"}' >"$work/out"
policy=$(json 'd["id"]')
gives 0 "policies list $report" '' '=No policies.'
gives 0 "policies attach $report $policy" 'No printing' '=1 attached.'
bulk 6 "policies attach $sales $policy $no_policy" "[('attached',), ('not_applied', 'not_found')]"
is "$(json '[i["document_policy"]["document_id"] for i in d["items"] if "document_policy" in i]')" "['$sales']"
gives 2 "policies attach $report" '' '<POLICY>...'
gives 3 "policies attach $report $no_policy" '' 'not attached'
reads 0 "policies list $report" 'sorted(d), d["items"][0]["policy"]["name"]' "(['items', 'pagination'], 'No printing')"
gives 2 'policies list' '' '<DOC>'
gives 3 "policies list $no_document" '' 'not_found'
at_widths "policies list $report"
gives 0 "policies show $report $policy" 'No printing' ''
reads 6 "policies show $report $policy $no_policy" 'len(d["items"])' 1
gives 2 "policies show $report $report" '' 'that is a document id; a policy id starts with pol_'
gives 3 "policies show $report $no_policy" '' 'has no such policy'
gives 0 "policies detach $report $policy" detached '=1 detached.'
bulk 6 "policies detach $sales $policy $no_policy" "[('detached',), ('not_applied', 'not_found')]"
gives 2 "policies detach $policy $policy" '' 'that is a policy id; a document id starts with doc_'
gives 3 "policies detach $report $policy" '' 'not detached'

# Another owner. The caller loses a private document.
bulk 6 "documents transfer $sales $no_document --new-owner $member" "[('not_applied', 'not_found'), ('transferred',)]"
gives 0 "documents transfer $report --new-owner $member" transferred '=1 transferred.'
gives 2 "documents transfer $report" '' '--new-owner <USER>'
gives 3 "documents transfer $sales --new-owner $member" '' 'not transferred'
as "$FACTIFY_SANDBOX_MEMBER_KEY" gives 0 'documents list --ownership owned -o ids' "$sales" ''

ended
