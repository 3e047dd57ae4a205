//! `proptest::arbitrary::Arbitrary`, for property tests.

use alloc::string::String;

use ::proptest::collection::vec;
use ::proptest::option;
use ::proptest::prelude::*;
use ::proptest::sample::select;

use super::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, InviteId, OrganizationId, PolicyId, UserId,
    VersionId,
};
use super::{for_each_enum, for_each_id};
use crate::{
    EmailAddress, ErrorBody, ErrorCode, ErrorDetail, ErrorReason, Id, IdRef, Organization,
    OrganizationInvite, OrganizationInviteStatus, Pagination, Timestamp, User,
};

/// Any Unicode, of 0 to 40 characters.
fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..=40).prop_map(String::from_iter)
}

macro_rules! arbitrary {
    ($(#[$doc:meta])* $Type:ty, $strategy:expr) => {
        $(#[$doc])*
        impl Arbitrary for $Type {
            type Parameters = ();
            type Strategy = BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> BoxedStrategy<Self> {
                $strategy.boxed()
            }
        }
    };
}

macro_rules! ids {
    ($($Id:ty),+ $(,)?) => {$(
        arbitrary! {
            /// Any ID, also one that no UUID has.
            $Id,
            "[0-9a-hjkmnp-tv-z]{26}".prop_filter_map("not an id", |suffix| {
                let mut text = String::from(<$Id as Id>::PREFIX);
                text.push_str(&suffix);
                text.parse::<$Id>().ok()
            })
        }
    )+};
}

for_each_id!(ids);

macro_rules! enums {
    ($($Enum:ty),+ $(,)?) => {$(
        arbitrary! {
            /// A known value, or now and then an unknown one.
            $Enum,
            prop_oneof![
                7 => select(<$Enum>::KNOWN),
                1 => text().prop_map(|text| <$Enum>::from(text.as_str())),
            ]
        }
    )+};
}

for_each_enum!(enums);

arbitrary! {
    /// A valid reference, or now and then one that is not.
    IdRef<UserId>,
    prop_oneof![
        7 => any::<UserId>().prop_map(Self::from),
        1 => text().prop_map(|text| Self::from(text.as_str())),
    ]
}

arbitrary! {
    /// Any time of the years 1 to 9999, to the nanosecond.
    Timestamp,
    {
        let seconds = Self::MIN.unix_seconds()..=Self::MAX.unix_seconds();
        let parts = (seconds, 0..1_000_000_000_u32);
        parts.prop_filter_map("not a time", |(seconds, nanos)| Self::from_unix(seconds, nanos))
    }
}

arbitrary! {
    EmailAddress,
    {
        let local = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~é漢-]{1,15}(\\.[a-z0-9+]{1,15})?";
        let domain = "([a-z0-9é]([a-z0-9-]{0,20}[a-z0-9])?\\.){1,3}[a-z]{2,6}";
        (local, domain).prop_filter_map("not an address", |(local, domain)| {
            alloc::format!("{local}@{domain}").parse::<Self>().ok()
        })
    }
}

arbitrary! {
    User,
    {
        let names = (option::of(text()), option::of(text()), option::of(text()));
        (any::<IdRef<UserId>>(), text(), text(), names).prop_map(
            |(id, name, email, (given, family, image))| {
                let mut user = Self::new(id, name, email);
                user.given_name = given;
                user.family_name = family;
                user.profile_image_url = image;
                user
            },
        )
    }
}

arbitrary! {
    /// An invite that the API could answer with: `accepted_at` and `accepted_by` are there or not
    /// together.
    OrganizationInvite,
    {
        let ids = (any::<InviteId>(), any::<OrganizationId>());
        let times = (any::<Timestamp>(), any::<Timestamp>(), any::<Timestamp>());
        let people = (any::<User>(), any::<User>());
        let status = any::<OrganizationInviteStatus>();
        (ids, text(), status, people, times, option::of(text())).prop_map(
            |((id, organization), email, status, (sender, guest), times, message)| {
                let accepted = status == OrganizationInviteStatus::Accepted;
                let (created, expires, joined) = times;
                let mut invite =
                    Self::new(id, organization, email, status, sender, created, expires);
                invite.message = message;
                invite.accepted_at = accepted.then_some(joined);
                invite.accepted_by = accepted.then_some(guest);
                invite
            },
        )
    }
}

arbitrary! {
    Organization,
    (any::<OrganizationId>(), text(), any::<Timestamp>(), option::of(text())).prop_map(
        |(id, name, created_at, logo)| {
            let mut organization = Self::new(id, name, created_at);
            organization.logo_image_url = logo;
            organization
        },
    )
}

arbitrary! {
    /// Any combination, also such that lead nowhere.
    Pagination,
    {
        let token = || {
            option::of(text()).prop_map(|token| token.filter(|token| !token.is_empty()))
        };
        (any::<bool>(), token(), token()).prop_map(|(has_more, next, previous)| {
            let mut pagination = Self::new();
            pagination.has_more = has_more;
            pagination.next_page_token = next;
            pagination.prev_page_token = previous;
            pagination
        })
    }
}

arbitrary! {
    ErrorBody,
    {
        let (code, details) = (any::<ErrorCode>(), vec(any::<ErrorDetail>(), 0..4));
        (option::of(code), option::of(text()), details).prop_map(|(code, message, details)| Self {
            code,
            message,
            details,
            retry_after_seconds: None,
        })
    }
}

arbitrary! {
    ErrorDetail,
    {
        let reason = option::of(any::<ErrorReason>());
        (reason, option::of(text()), option::of(text())).prop_map(|(reason, param, request_id)| {
            Self { reason, param, request_id }
        })
    }
}
