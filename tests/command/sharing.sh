#!/usr/bin/env bash
# Who has access to a document, and requests for access.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
no_document=doc_01h2xcejqtf2nbrexx3vqjhp41
nobody=user_01h2xcejqtf2nbrexx3vqjhp41
no_request=acr_01h2xcejqtf2nbrexx3vqjhp41
admin=$(user admin)
member=$(user member)
outsider_token=$FACTIFY_SANDBOX_OUTSIDER_USER_TOKEN
member_token=$FACTIFY_SANDBOX_MEMBER_USER_TOKEN
run 0 factify documents upload - --file-name report.md -o ids < <(printf '# Report\n')
report=$out

gives 0 "sharing list $report" 'owner  admin' 'General access: all members of the organization can open it too.'
reads 0 "sharing list $report" 'sorted(d), d["general_access_level"]' \
    "(['document_id', 'general_access_level', 'recipients'], 'organization')"
gives 2 "sharing list $admin" '' 'that is a user id; a document id starts with doc_'
gives 3 "sharing list $no_document" '' 'not_found'
gives 0 "sharing grant $report member@example.com --role viewer" 'granted  viewer' '=1 granted.'
bulk 6 "sharing grant $report $member nobody@example.com --role commenter --no-notification" \
    "[('granted',), ('not_applied', 'refused')]"
is "$(json 'sorted(i["recipient"] for i in d["items"])')" "['nobody@example.com', '$member']"
gives 2 "sharing grant $report $member" '' '--role <ROLE>'
gives 2 "sharing grant $report $member --role owner" '' '[possible values: viewer, commenter, collaborator, admin]'
gives 3 "sharing grant $report $admin --role viewer" '' 'refused: "The owner has access already"'
gives 3 "sharing grant $no_document $member --role viewer" '' 'not granted'
gives 0 "sharing show $report $member" commenter ''
reads 6 "sharing show $report $member $nobody" '[i["document_role"] for i in d["items"]]' "['commenter']"
gives 3 "sharing show $report $nobody" '' 'has no such recipient'
gives 0 "sharing update $report $member --role collaborator" 'updated  collaborator' '=1 updated.'
bulk 6 "sharing update $report $member $nobody --role viewer" "[('not_applied', 'refused'), ('updated',)]"
gives 2 "sharing update $report member@example.com --role viewer" '' 'it does not start with user_'
gives 3 "sharing update $report $nobody --role viewer" '' 'The recipient has no access of its own'
at_widths "sharing list $report 2>/dev/null"

# Access of one's own is not the only way to a document.
gives 7 "sharing revoke $report $member" 'still has access  is a member of org_' 'warning: 1 user still has access, or may have'
gives 0 "sharing general-access $report anyone_with_link" anyone_with_link ''
bulk 7 "sharing revoke $report $member" "[('still_has_access',)]"
is "$(json '[way["description"] for way in d["items"][0]["access"]["still_by"]]')" "['everybody with the link has access']"
reads 0 "sharing general-access $report restricted" 'd["general_access_level"]' restricted
gives 0 "sharing general-access $report" restricted ''
gives 2 "sharing general-access $report everybody" '' '[possible values: restricted, organization, anyone_with_link]'
gives 3 "sharing general-access $no_document" '' 'could not be read'
gives 3 "sharing general-access $no_document restricted" '' 'not set'
gives 0 "sharing revoke $report $member" 'had none' '=1 had no access.'
gives 0 "sharing grant $report $member --role viewer -o ids" "=$member" '=1 granted.'
as "$member_token" gives 0 "documents show $report -o ids" "=$report" ''
bulk 0 "sharing revoke $report $member" "[('removed',)]"
as "$member_token" gives 3 "documents show $report" '' 'not_found'
bulk 7 "sharing revoke $report $member $admin" "[('had_no_access',), ('still_has_access',)]"
is "$(json '[way["description"] for i in d["items"] for way in i["access"]["still_by"]]')" "['owns the document']"
gives 2 "sharing revoke $report" '' '<USER>...'
gives 3 "sharing revoke $no_document $member" '' 'There may still be access to the document.'

gives 0 "sharing link $report" https://app.factify.com/s/ ''
reads 0 "sharing link $report" 'sorted(d)' "['share_link', 'short_url']"
gives 2 'sharing link' '' '<DOC>'
gives 3 "sharing link $no_document" '' 'not created'

# Requests for access.
as "$outsider_token" gives 0 "access-requests status $report" no ''
as "$outsider_token" gives 0 "access-requests create $report --permission view --message Please" pending ''
as "$member_token" reads 0 "access-requests create $report --permission edit" 'd["access_request"]["permission"]' edit
as "$member_token" gives 2 "access-requests create $report --permission own" '' '[possible values: view, edit, comment]'
as "$member_token" gives 3 "access-requests create $report --permission edit" '' 'You have asked for access already'
as "$outsider_token" reads 0 "access-requests status $report" 'd' "{'has_pending_request': True}"
gives 2 'access-requests status' '' '<DOC>'
gives 3 "access-requests status $no_document" '' 'not_found'
gives 0 "access-requests list $report" 'outsider@example.com' ''
at_widths "access-requests list $report"
reads 0 "access-requests list $report" 'sorted(d), [i["permission"] for i in d["items"]]' "(['has_more', 'items'], ['view', 'edit'])"
first=$(json 'd["items"][0]["id"]')
second=$(json 'd["items"][1]["id"]')
gives 0 "access-requests show $report $first" outsider@example.com ''
gives 3 "access-requests show $report acr_01h2xcejqtf2nbrexx3vqjhp41" '' 'has no such pending request'
gives 2 "access-requests list $report --limit 0" '' '--limit'
gives 3 "access-requests list $no_document" '' 'not_found'
gives 0 "access-requests approve $report $first" approved '=1 approved.'
bulk 6 "access-requests approve $report $first $no_request" "[('approved',), ('not_applied', 'not_found')]"
is "$(json '[i["access_request"]["request_status"] for i in d["items"] if "access_request" in i]')" "['approved']"
gives 2 "access-requests approve $report $member" '' 'that is a user id'
gives 3 "access-requests approve $report $no_request" '' 'not approved'
bulk 6 "access-requests deny $report $second $no_request" "[('denied',), ('not_applied', 'not_found')]"
gives 0 "access-requests deny $report $second" denied '=1 denied.'
gives 2 "access-requests deny $report" '' '<REQUEST>...'
gives 3 "access-requests deny $report $no_request" '' 'not denied'
gives 0 "access-requests list $report" '' '=No pending requests.'
as "$outsider_token" gives 0 "access-requests inspect $report" '*' ''
as "$outsider_token" reads 0 "access-requests inspect $report" 'isinstance(d, dict)' True
gives 2 "access-requests inspect $first" '' 'a document id starts with doc_'
as "$member_token" gives 3 "access-requests inspect $report" '' 'not_found'

ended
