#!/usr/bin/env bash
# Organizations, members, the use of an organization, and who you are.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
nowhere=org_01h2xcejqtf2nbrexx3vqjhp41
nobody=user_01h2xcejqtf2nbrexx3vqjhp41
member=$(user member)
owner=$(user owner)
owner_token=$FACTIFY_SANDBOX_OWNER_USER_TOKEN
printf '\x89PNG\r\n\x1a\n0000' >"$work/logo.png"
printf 'no picture' >"$work/logo.txt"

# Organizations.
gives 0 'orgs list' 'Dunder Mifflin' ''
gives 0 'orgs list --role owner,admin -o ids' "=$FACTIFY_ORG" ''
gives 0 'orgs list --role member' '' '=No organizations.'
gives 2 'orgs list --role boss' '' '[possible values: owner, admin, member]'
reads 0 'orgs list' 'sorted(d), [i["name"] for i in d["items"]]' "(['items', 'pagination'], ['Dunder Mifflin'])"
gives 0 'orgs show' 'Dunder Mifflin' ''
gives 0 "orgs show $FACTIFY_ORG -o csv" 'id,created,name' ''
gives 2 'orgs show user_01h2xcejqtf2nbrexx3vqjhp41' '' 'that is a user id; an organization id starts with org_'
gives 3 "orgs show $nowhere" '' 'not_found'
reads 6 "orgs show $FACTIFY_ORG $nowhere" 'len(d["items"])' 1
gives 0 'orgs profile' 'Dunder Mifflin' ''
reads 0 "orgs profile $FACTIFY_ORG" 'd' "{'display_name': 'Dunder Mifflin'}"
gives 2 'orgs profile Dunder' '' 'it does not start with org_'
gives 3 "orgs profile $nowhere" '' 'not_found'
gives 0 'orgs create Sabre' 'Sabre' ''
reads 0 "orgs create Kapoor --owner $(user admin)" 'd["organization"]["name"]' Kapoor
gives 2 "orgs create ''" '' 'it has 0 characters, but must have 1 to 255'
gives 3 "orgs create Kapoor --owner $member" '' 'not created'
gives 0 "orgs update --name 'Dunder Mifflin 紙'" '紙' ''
reads 0 'orgs update --name 👩‍👩‍👧‍👦' 'd["organization"]["name"]' '👩‍👩‍👧‍👦'
gives 2 'orgs update' '' '<--name <TEXT>|--logo-image-url <URL>>'
gives 3 "orgs update $nowhere --name x" '' 'not_found'
gives 0 "orgs upload-logo $work/logo.png" http ''
reads 0 "orgs upload-logo $work/logo.png" 'list(d)' "['logo_url']"
gives 0 "orgs update --logo-image-url $(json 'd["logo_url"]')" '*' ''
gives 2 "orgs upload-logo $work/logo.txt" '' 'it is neither JPEG, PNG, WebP nor SVG'
gives 2 "orgs upload-logo $work/none.png" '' 'cannot be read'
FACTIFY_KEY=ffy_test_wrong gives 3 "orgs upload-logo $work/logo.png" '' 'Check the API key'
at_widths 'orgs list'

# Members.
gives 0 'members list' member@example.com ''
reads 0 'members list --limit 2' 'd["pagination"]["has_more"], len(d["items"])' '(True, 2)'
gives 2 'members list --limit 0' '' '--limit'
as "$FACTIFY_SANDBOX_OUTSIDER_KEY" gives 3 'members list' '' 'not_found'
gives 0 "members show $member" member@example.com ''
reads 0 "members show $member" 'd["items"][0]["role"]' member
reads 6 "members show $member $nobody" 'len(d["items"])' 1
gives 2 'members show member@example.com' '' 'it does not start with user_'
gives 3 "members show $nobody" '' 'has no such member'
gives 0 "members update $member --role admin" admin '=1 updated.'
bulk 6 "members update $member $nobody --role member" "[('not_applied', 'not_found'), ('updated',)]"
is "$(json '[i["member"]["role"] for i in d["items"] if "member" in i]')" "['member']"
gives 2 "members update $member --role owner" '' '[possible values: admin, member]'
gives 3 "members update $owner --role member" '' 'The owner can be neither changed nor removed'
gives 0 "members remove $member" removed '=1 removed.'
bulk 0 "members remove $member $member" "[('not_a_member',)]"
bulk 6 "members remove $member $owner" "[('not_a_member',), ('not_applied', 'failed_precondition')]"
gives 2 'members remove' '' '<USER>...'
gives 3 "members remove $owner" '' 'not removed'
gives 0 "members add $member --role member" member@example.com '=1 added.'
gives 0 "members remove - < <(printf '%s\n' $member)" removed '=1 removed.'
bulk 6 "members add $member $nobody --role admin" "[('added',), ('not_applied', 'not_found')]"
gives 2 "members add $member" '' '--role <ROLE>'
gives 3 "members add $member --role member" '' 'The user is already a member'
at_widths 'members list'

# The use of an organization, and limits of keys.
key=$(factify keys list -o csv | sed -n 's/^\(key_[^,]*\),.*,member$/\1/p')
no_key=key_01h2xcejqtf2nbrexx3vqjhp41
gives 0 'quota show' free ''
reads 0 'quota show' 'd["quota"]["organization_id"]' "$FACTIFY_ORG"
gives 2 "quota show $key" '' 'that is an API key id; an organization id starts with org_'
gives 3 "quota show $nowhere" '' 'not_found'
gives 0 'quota history -o csv' 'date,requests' ''
reads 0 'quota history --date-after 1d' 'd["organization_id"]' "$FACTIFY_ORG"
gives 2 'quota history --date-after soon' '' 'it is neither a time such as'
gives 3 "quota history $nowhere" '' 'not_found'
gives 0 'quota list' '' '=No quotas.'
gives 0 "quota set $key 100" '100' ''
reads 0 "quota set $key 10" 'd["quota"]["limit"]' 10
gives 2 "quota set $key 0" '' 'it must be at least 1'
gives 3 "quota set $no_key 10" '' 'not_found'
gives 0 'quota list' "$key" ''
reads 0 'quota list' '[(i["api_key_id"], i["limit"]) for i in d["quotas"]]' "[('$key', 10)]"
gives 3 "quota list $nowhere" '' 'not_found'
at_widths 'quota list'
bulk 6 "quota delete $key $no_key" "[('deleted',), ('not_applied', 'not_found')]"
gives 0 "quota delete $key" deleted '=1 deleted.'
gives 2 "quota delete $member" '' 'that is a user id; an API key id starts with key_'
gives 3 "quota delete $no_key" '' 'Check the ids'

# Who you are. API keys cannot ask for it.
as "$owner_token" gives 0 'me show' owner@example.com ''
as "$owner_token" reads 0 'me show' 'd["user"]["id"], [i["id"] for i in d["organizations"]] == ["'"$FACTIFY_ORG"'"]' "('$owner', True)"
gives 2 'me show extra' '' "unexpected argument 'extra'"
gives 3 'me show' '' 'Use the token of a user: an API key cannot do this.'
as "$owner_token" gives 0 'me preferences' 'DOCUMENT TOUR DONE' ''
as "$owner_token" reads 0 'me preferences' 'sorted(d)' "['has_completed_document_tour', 'has_completed_hub_onboarding']"
gives 2 'me preferences --limit 1' '' "unexpected argument '--limit'"
gives 3 'me preferences' '' 'Use the token of a user: an API key cannot do this.'

ended
