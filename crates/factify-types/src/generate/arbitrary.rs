//! `arbitrary::Arbitrary`, for fuzzing.

use alloc::string::String;

use ::arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, InviteId, OrganizationId, PolicyId, UserId,
    VersionId,
};
use super::{for_each_enum, for_each_id};
use crate::{
    EmailAddress, ErrorBody, ErrorDetail, Id, IdRef, Organization, OrganizationInvite,
    OrganizationInviteStatus, Pagination, Timestamp, User,
};

const SYMBOLS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// As many of the characters as there is data for, at least one and at most `max`.
fn text_of(u: &mut Unstructured<'_>, symbols: &[u8], max: usize) -> Result<String> {
    let length = u.int_in_range(1..=max)?;
    (0..length)
        .map(|_| u.choose(symbols).map(|symbol| char::from(*symbol)))
        .collect()
}

macro_rules! ids {
    ($($Id:ty),+ $(,)?) => {$(
        /// Any ID, also one that no UUID has.
        impl<'a> Arbitrary<'a> for $Id {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                let mut text = String::from(<Self as Id>::PREFIX);
                for _ in text.len()..Self::LEN {
                    text.push(char::from(*u.choose(SYMBOLS)?));
                }
                text.parse().map_err(|_| Error::IncorrectFormat)
            }
        }
    )+};
}

for_each_id!(ids);

macro_rules! enums {
    ($($Enum:ty),+ $(,)?) => {$(
        /// A known value, or now and then an unknown one.
        impl<'a> Arbitrary<'a> for $Enum {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                if u.ratio(1, 8)? {
                    return <&str>::arbitrary(u).map(Self::from);
                }
                u.choose(Self::KNOWN).cloned()
            }
        }
    )+};
}

for_each_enum!(enums);

/// A valid reference, or now and then one that is not.
impl<'a> Arbitrary<'a> for IdRef<UserId> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 8)? {
            return <&str>::arbitrary(u).map(Self::from);
        }
        UserId::arbitrary(u).map(Self::from)
    }
}

/// Any time of the years 1 to 9999, to the nanosecond.
impl<'a> Arbitrary<'a> for Timestamp {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let seconds = Self::MIN.unix_seconds()..=Self::MAX.unix_seconds();
        let (seconds, nanos) = (u.int_in_range(seconds)?, u.int_in_range(0..=999_999_999)?);
        Self::from_unix(seconds, nanos).ok_or(Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for EmailAddress {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = text_of(u, b"abcxyzABC0129!#$%&'*+/=?^_`{|}~-", 20)?;
        text.push('@');
        for _ in 0..u.int_in_range(1..=3)? {
            text.push_str(&text_of(u, b"abcxyzABC0129", 12)?);
            text.push('.');
        }
        text.push_str("com");
        text.parse().map_err(|_| Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for User {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (id, name, email) = <(IdRef<UserId>, String, String)>::arbitrary(u)?;
        let mut user = Self::new(id, name, email);
        user.given_name = u.arbitrary()?;
        user.family_name = u.arbitrary()?;
        user.profile_image_url = u.arbitrary()?;
        Ok(user)
    }
}

/// An invite that the API could answer with: `accepted_at` and `accepted_by` are there or not
/// together.
impl<'a> Arbitrary<'a> for OrganizationInvite {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let status: OrganizationInviteStatus = u.arbitrary()?;
        let accepted = status == OrganizationInviteStatus::Accepted;
        let mut invite = Self::new(
            u.arbitrary()?,
            u.arbitrary()?,
            String::arbitrary(u)?,
            status,
            u.arbitrary()?,
            u.arbitrary()?,
            u.arbitrary()?,
        );
        invite.message = u.arbitrary()?;
        if accepted {
            invite.accepted_at = Some(u.arbitrary()?);
            invite.accepted_by = Some(u.arbitrary()?);
        }
        Ok(invite)
    }
}

impl<'a> Arbitrary<'a> for Organization {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut organization = Self::new(u.arbitrary()?, String::arbitrary(u)?, u.arbitrary()?);
        organization.logo_image_url = u.arbitrary()?;
        Ok(organization)
    }
}

/// Any combination, also such that lead nowhere.
impl<'a> Arbitrary<'a> for Pagination {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let token = |token: Option<String>| token.filter(|token| !token.is_empty());
        let mut pagination = Self::new();
        pagination.has_more = u.arbitrary()?;
        pagination.next_page_token = token(u.arbitrary()?);
        pagination.prev_page_token = token(u.arbitrary()?);
        Ok(pagination)
    }
}

impl<'a> Arbitrary<'a> for ErrorBody {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            code: u.arbitrary()?,
            message: u.arbitrary()?,
            details: u.arbitrary()?,
            retry_after_seconds: None,
        })
    }
}

impl<'a> Arbitrary<'a> for ErrorDetail {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            reason: u.arbitrary()?,
            param: u.arbitrary()?,
            request_id: u.arbitrary()?,
        })
    }
}
