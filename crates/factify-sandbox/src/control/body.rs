//! The bodies of control requests.

use factify_core::{InviteId, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, RandomPlan};

/// A field of a body, for the description.
#[derive(Serialize)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) required: bool,
    pub(crate) what: &'static str,
}

/// A body that a control request can have.
pub(crate) trait Body: for<'de> Deserialize<'de> {
    const FIELDS: &'static [Field];
}

/// Declares a body. The comments of the fields describe them to clients.
macro_rules! body {
    (
        $(#[$attribute:meta])*
        $visible:vis struct $Name:ident {
            $(#[doc = $what:literal] $(#[$of_field:meta])* $seen:vis $field:ident: $Type:ty,)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $visible struct $Name {
            $(#[doc = $what] $(#[$of_field])* $seen $field: $Type,)*
        }

        impl crate::control::Body for $Name {
            const FIELDS: &'static [crate::control::Field] = &[$(crate::control::Field {
                name: stringify!($field),
                kind: <$Type as crate::control::FieldType>::NAME,
                required: <$Type as crate::control::FieldType>::REQUIRED,
                what: $what.trim_ascii(),
            },)*];
        }
    };
}
pub(crate) use body;

/// A type of fields.
pub(crate) trait FieldType {
    const NAME: &'static str;
    const REQUIRED: bool = true;
}

macro_rules! types {
    ($($Type:ty = $name:literal,)+) => {
        $(impl FieldType for $Type {
            const NAME: &'static str = $name;
        })+
    };
}

types! {
    String = "text",
    u64 = "number",
    InviteId = "invite id",
    OrganizationId = "organization id",
    Fault = "fault",
    Vec<Option<Fault>> = "list of faults",
    RandomPlan = "object of seed, one_in and faults",
    crate::world::KeyState = "active, expired or revoked",
    super::users::Role = "admin or member",
}

impl<T: FieldType> FieldType for Option<T> {
    const NAME: &'static str = T::NAME;
    const REQUIRED: bool = false;
}
