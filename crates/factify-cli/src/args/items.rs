//! The arguments that name an organization and its items.

use std::fmt::Display;
use std::str::FromStr;

use factify_core::sharing::GrantRecipient;
use factify_core::{
    AccessRequestId, ApiKeyId, DocumentId, EmailAddress, InviteId, OrganizationId, PolicyId,
    PrincipalId, UserId, VersionId,
};

use crate::failure::Failure;

/// One of the arguments that name an organization and its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word<T> {
    Organization(OrganizationId),
    Item(T),
    /// `-`: the items are on standard input.
    StandardInput,
}

/// What a list of such arguments names.
pub(crate) struct Words<T> {
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) items: Vec<T>,
    pub(crate) standard_input: bool,
}

impl<T> Words<T> {
    /// Reads an organization at the start, and items after it.
    pub(crate) fn new(words: Vec<Word<T>>) -> Result<Self, Failure> {
        let (mut organization, mut items, mut standard_input) = (None, Vec::new(), false);
        for (index, word) in words.into_iter().enumerate() {
            match word {
                Word::Organization(id) if index == 0 => organization = Some(id),
                Word::Organization(id) => {
                    return Err(Failure::usage(format!(
                        "{id} is not the first argument: name one organization, before the other arguments"
                    )));
                }
                Word::Item(item) => items.push(item),
                Word::StandardInput => standard_input = true,
            }
        }
        Ok(Self {
            organization,
            items,
            standard_input,
        })
    }
}

/// An argument, or a line of standard input, that names an item.
pub(crate) trait Item: FromStr<Err: Display> {
    /// What it is, with an article.
    const WHAT: &'static str;

    /// What to do with an email address, if it is no such item.
    const OF_ADDRESS: &'static str = "";

    /// Equal for all that name the same thing.
    fn key(&self) -> String;
}

macro_rules! ids {
    ($($Id:ty = $what:literal $(, with an address $of_address:literal)?;)+) => {
        $(impl Item for $Id {
            const WHAT: &'static str = $what;
            $(const OF_ADDRESS: &'static str = $of_address;)?

            fn key(&self) -> String {
                self.to_string()
            }
        })+
    };
}

ids! {
    AccessRequestId = "an access request id";
    ApiKeyId = "an API key id";
    DocumentId = "a document id";
    InviteId = "an invite id", with an address
        "`factify invites list --email-exact ADDRESS` shows the ids of its invites";
    OrganizationId = "an organization id";
    PolicyId = "a policy id";
    PrincipalId = "a user or bot id", with an address "`factify members list` shows the ids of people";
    UserId = "a user id", with an address "`factify members list` shows the ids of people";
    VersionId = "a version id";
}

impl Item for GrantRecipient {
    const WHAT: &'static str = "a user or bot id, or an email address";

    fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

impl Item for EmailAddress {
    const WHAT: &'static str = "an email address";

    /// Each of two invites to one mailbox would invalidate the token of the other.
    fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

pub(crate) fn word<T: Item>(text: &str) -> Result<Word<T>, String> {
    if text == "-" {
        return Ok(Word::StandardInput);
    }
    // An email address may begin like an organization's id.
    if text.starts_with(OrganizationId::PREFIX) && !text.contains('@') {
        let organization = text.parse().map_err(|error| format!("{error}"))?;
        return Ok(Word::Organization(organization));
    }
    item(text)
}

/// An item or `-`, where no organization is expected.
pub(crate) fn item<T: Item>(text: &str) -> Result<Word<T>, String> {
    if text == "-" {
        return Ok(Word::StandardInput);
    }
    text.parse().map(Word::Item).map_err(|error: T::Err| {
        if text.contains('@') && !T::OF_ADDRESS.is_empty() {
            return format!("{error}; {}", T::OF_ADDRESS);
        }
        match text.to_lowercase().parse::<T>() {
            Ok(_) => format!("{error}; ids are in lower case"),
            Err(_) => error.to_string(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORGANIZATION: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

    #[test]
    fn a_word_is_an_organization_an_item_or_standard_input() {
        assert_eq!(word::<InviteId>("-"), Ok(Word::StandardInput));
        let organization = Word::Organization(OrganizationId::literal(ORGANIZATION));
        assert_eq!(word::<InviteId>(ORGANIZATION), Ok(organization));
        let address = word::<EmailAddress>("org_chart@example.com");
        assert!(matches!(address, Ok(Word::Item(_))));
        let hint = word::<InviteId>("user_01h2xcejqtf2nbrexx3vqjhp41").unwrap_err();
        assert!(hint.contains("that is a user id; an invite id starts with inv_"));
    }
}
