//! Values for the tests of those who use this crate.

#[cfg(feature = "arbitrary1")]
mod arbitrary;
#[cfg(feature = "proptest1")]
mod proptest;

use crate::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, InviteId, OrganizationId, PolicyId, UserId,
    VersionId,
};

/// Calls a macro with every kind of ID.
macro_rules! for_each_id {
    ($callback:ident) => {
        $callback!(
            AccessRequestId,
            ApiKeyId,
            BotId,
            DocumentId,
            InviteId,
            OrganizationId,
            PolicyId,
            UserId,
            VersionId,
        );
    };
}

/// Calls a macro with every open enumeration.
macro_rules! for_each_enum {
    ($callback:ident) => {
        $callback!(
            crate::ErrorCode,
            crate::ErrorReason,
            crate::OrganizationInviteStatus,
            crate::OrganizationRole,
        );
    };
}

use {for_each_enum, for_each_id};
