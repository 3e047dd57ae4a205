use factify_types::members::OrganizationMember;
use factify_types::organizations::OrganizationRole;
use factify_types::{IdRef, OrganizationId, UserId};

use crate::error::Error;
use crate::members::ListOrganizationMembers;
use crate::page::{MAX_PAGE_SIZE, Page, Walked, WholeList};

/// Looks for a user among the members of an organization: a state machine without I/O.
#[derive(Debug)]
pub(crate) struct MemberSearch {
    organization_id: OrganizationId,
    user_id: UserId,
    list: WholeList,
    /// The address of the user, if it was found.
    email: Option<String>,
    /// Whether the user may be among the members: one is unreadable, or there are none at all.
    is_unclear: bool,
}

/// What a [`MemberSearch`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    Member,
    /// The user owns the organization.
    Owner,
    NotMember,
    /// The user may be a member.
    Unclear,
}

impl MemberSearch {
    pub(crate) fn new(organization_id: OrganizationId, user_id: UserId) -> Self {
        Self {
            organization_id,
            user_id,
            list: WholeList::new(),
            email: None,
            is_unclear: true,
        }
    }

    pub(crate) fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    /// The address of the user, if it was found.
    pub(crate) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The page to read next.
    pub(crate) fn request(&self) -> ListOrganizationMembers {
        let mut list = ListOrganizationMembers::new(self.organization_id);
        list.page_size = Some(MAX_PAGE_SIZE);
        list.page_token = self.list.token();
        list
    }

    /// The result, or `None` if there is another page to read.
    ///
    /// # Errors
    /// If the list cannot be read to its end.
    pub(crate) fn arrived(
        &mut self,
        page: &Page<OrganizationMember>,
    ) -> Result<Option<Membership>, Error> {
        if self.list.is_at_start() {
            // Every organization has members.
            self.is_unclear = page.items().len() == 0;
        }
        for member in page.items() {
            match member {
                Ok(member) if member.user.id.as_str() == self.user_id.as_str() => {
                    self.email = Some(member.user.email.clone());
                    return Ok(Some(match member.role {
                        OrganizationRole::Owner => Membership::Owner,
                        _ => Membership::Member,
                    }));
                }
                Ok(member) => {
                    // An ID of another kind may be the user, too.
                    self.is_unclear |= matches!(member.user.id, IdRef::Other(_));
                    self.list.saw(&member.user.id);
                }
                Err(error) => {
                    self.is_unclear = true;
                    self.list.saw(error.json());
                }
            }
        }
        match self.list.arrived(&page.pagination)? {
            Walked::NextPage | Walked::Again => Ok(None),
            Walked::Done if self.is_unclear => Ok(Some(Membership::Unclear)),
            Walked::Done => Ok(Some(Membership::NotMember)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Operation;

    const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";
    const OTHER: &str = "user_01h2xcejqtf2nbrexx3vqjhp42";

    fn member((id, role): (&str, &str)) -> String {
        format!(
            r#"{{"user":{{"id":"{id}","name":"A","email":"a@example.com"}},"role":"{role}",
            "joined_at":"2026-01-15T01:30:15Z"}}"#
        )
    }

    /// What a search finds on a page with these members, and the address.
    fn found(members: &[(&str, &str)]) -> (Membership, Option<String>) {
        let organization_id = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
        let mut search = MemberSearch::new(organization_id, USER.parse().unwrap());
        assert_eq!(search.organization_id(), organization_id);
        assert_eq!(search.request().organization_id, organization_id);
        let items: Vec<_> = members.iter().copied().map(member).collect();
        let body = format!(r#"{{"items":[{}],"pagination":{{}}}}"#, items.join(","));
        let page = ListOrganizationMembers::decode_body(body.as_bytes()).unwrap();
        let found = search.arrived(&page).unwrap().unwrap();
        (found, search.email().map(Into::into))
    }

    #[test]
    fn a_user_is_not_a_member_only_if_every_member_is_somebody_else() {
        let email = || Some("a@example.com".to_owned());
        let odd = "usr_01h2xcejqtf2nbrexx3vqjhp41";
        for (members, expected) in [
            (&[(OTHER, "owner")][..], (Membership::NotMember, None)),
            (&[], (Membership::Unclear, None)),
            (&[(odd, "member")], (Membership::Unclear, None)),
            (
                &[(odd, "member"), (odd, "member")],
                (Membership::Unclear, None),
            ),
            (
                &[(odd, "member"), (USER, "member")],
                (Membership::Member, email()),
            ),
            (
                &[(OTHER, "owner"), (USER, "admin")],
                (Membership::Member, email()),
            ),
            (
                &[(USER, "owner"), (OTHER, "member")],
                (Membership::Owner, email()),
            ),
        ] {
            assert_eq!(found(members), expected, "{members:?}");
        }
    }
}
