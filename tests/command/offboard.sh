#!/usr/bin/env bash
# A person leaves.
# shellcheck source=tests/command/lib.sh
source "$(dirname "$0")/lib.sh"
serve --no-rate-limit
member=$(user member)
admin=$(user admin)
owner=$(user owner)
member_token=$FACTIFY_SANDBOX_MEMBER_USER_TOKEN
# The person owns a document and can open another. An invite to the same address is pending.
FACTIFY_KEY=$member_token run 0 factify documents upload - --file-name own.md -o ids < <(printf x)
own=$out
run 0 factify documents upload - --file-name shared.md --access-level private -o ids < <(printf y)
shared=$out
gives 0 "sharing grant $shared $member --role viewer" granted '*'

gives 2 'offboard member@example.com' '' 'it does not start with user_'
gives 2 "offboard $member $admin" '' 'name one user'
gives 2 "offboard $member --yes --dry-run" '' 'cannot be used with'
gives 2 "offboard $member" '' 'cannot ask for confirmation'
gives 3 "offboard $owner --yes" '' 'owns the organization and cannot be removed'
gives 0 "offboard $member --new-owner $owner --dry-run" 'membership' 'nothing was changed'
has "$out" "$own"
has "$out" "$shared"
has "$err" "Not covered: API keys that the person knows"
reads 0 "offboard $member --new-owner $owner --dry-run" 'd["user_id"] == "'$member'", d["dry_run"], d["complete"], {i["result"] for i in d["items"]}' "(True, True, False, {'planned'})"
at_terminal 1 "factify offboard $member" $'n\n'
has "$out" "Remove $member from $FACTIFY_ORG, with 3 items?"
gives 0 "members show $member -o ids" "=$member" ''
gives 0 "sharing list $shared" "$member" ''
reads 0 "offboard $member --new-owner $owner --yes" 'd["dry_run"], d["complete"], d["was_member"], [i["result"] for i in d["items"]]' \
    "(False, True, True, ['done', 'done', 'done'])"
gives 3 "members show $member" '' 'has no such member'
as "$member_token" gives 3 "documents show $shared" '' 'not_found'
as "$member_token" gives 3 "documents show $own" '' 'not_found'
gives 0 "offboard $member --yes" '' 'The person was not a member. Check the id.'
gives 0 "offboard user_01h2xcejqtf2nbrexx3vqjhp41 --yes -o json" '"user_id":"user_01h2xcejqtf2nbrexx3vqjhp41"' 'The person was not a member. Check the id.'

# Without a new owner, the documents of the person stay.
run 0 factify documents list -o ids
gives 0 "members add $member --role member" "$member" '*'
FACTIFY_KEY=$member_token run 0 factify documents upload - --file-name left.md -o ids < <(printf z)
at_terminal 7 "factify offboard $member" $'y\n'
has "$out" 'needs new owner'
has "$out" 'name a new owner with --new-owner USER'
has "$out" 'Not covered: API keys that the person knows'

ended
