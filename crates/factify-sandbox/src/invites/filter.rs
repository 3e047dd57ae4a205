//! The filters of a list of invites.

use std::str::FromStr;

use factify_core::{
    ErrorReason, OrganizationInvite, OrganizationInviteStatus, PageSize, Timestamp, UserId,
};

use crate::handle;
use crate::respond::Refusal;

#[derive(Default)]
pub(crate) struct Filter {
    status: Vec<OrganizationInviteStatus>,
    email_contains: Option<String>,
    email_exact: Option<String>,
    sender_id: Option<UserId>,
    created_after: Option<Timestamp>,
    created_before: Option<Timestamp>,
    pub(crate) page_size: Option<PageSize>,
    pub(crate) page_token: Option<String>,
}

impl Filter {
    pub(crate) fn parse(query: &str) -> Result<Self, Refusal> {
        let mut list = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "status" => {
                    let status = OrganizationInviteStatus::from(&*value);
                    if matches!(status, OrganizationInviteStatus::Unknown(_)) {
                        let message = "There is no such status";
                        let reason = ErrorReason::InvalidEnumValue;
                        return Err(Refusal::invalid(reason, "status", message));
                    }
                    list.status.push(status);
                }
                "email.contains" => list.email_contains = Some(value.to_lowercase()),
                "email.exact" => list.email_exact = Some(value.into_owned()),
                "sender_id" => list.sender_id = Some(handle::id(&value, "sender_id")?),
                "created.after" => list.created_after = Some(read(&value, "created.after")?),
                "created.before" => list.created_before = Some(read(&value, "created.before")?),
                "page_size" => list.page_size = Some(page_size(&value)?),
                "page_token" => {
                    list.page_token = Some(value.into_owned()).filter(|token| !token.is_empty());
                }
                _ => {}
            }
        }
        let invalid =
            |param, message| Refusal::invalid(ErrorReason::InvalidFieldValue, param, message);
        if list.email_contains.is_some() && list.email_exact.is_some() {
            return Err(invalid("email", "contains and exact exclude each other"));
        }
        match (list.created_after, list.created_before) {
            (Some(after), Some(before)) if after >= before => {
                Err(invalid("created", "after must be before before"))
            }
            _ => Ok(list),
        }
    }

    pub(crate) fn matches(&self, invite: &OrganizationInvite) -> bool {
        let contains = |text: &String| invite.email.to_lowercase().contains(text);
        (self.status.is_empty() || self.status.contains(&invite.status))
            && self.email_contains.as_ref().is_none_or(contains)
            && self
                .email_exact
                .as_ref()
                .is_none_or(|email| invite.email == *email)
            && self
                .sender_id
                .is_none_or(|sender| invite.sender.id == sender)
            && self
                .created_after
                .is_none_or(|time| invite.created_at >= time)
            && self
                .created_before
                .is_none_or(|time| invite.created_at <= time)
    }
}

fn read<T: FromStr<Err: std::fmt::Display>>(text: &str, param: &'static str) -> Result<T, Refusal> {
    text.parse().map_err(|fault: T::Err| {
        Refusal::invalid(ErrorReason::InvalidFieldValue, param, &fault.to_string())
    })
}

fn page_size(text: &str) -> Result<PageSize, Refusal> {
    PageSize::new(read(text, "page_size")?).map_err(|fault| {
        let reason = ErrorReason::InvalidFieldValue;
        Refusal::invalid(reason, "page_size", &fault.to_string())
    })
}
