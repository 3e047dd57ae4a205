use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{IdRef, UserId};

/// A user, as a snapshot in another model. Schema `User`, v1beta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The user's ID. A reference, so one of another kind is kept as it came.
    pub id: IdRef<UserId>,
    /// The display name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// The given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Where the profile image is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_image_url: Option<String>,
}

impl User {
    /// A user with what is always there.
    pub fn new(
        id: impl Into<IdRef<UserId>>,
        name: impl Into<String>,
        email: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            email: email.into(),
            given_name: None,
            family_name: None,
            profile_image_url: None,
        }
    }
}
