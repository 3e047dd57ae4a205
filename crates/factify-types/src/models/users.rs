//! Users.

use alloc::string::String;
use alloc::vec::Vec;

use crate::organizations::Organization;
use crate::{IdRef, PrincipalId, UserId};

model! {
    /// A user, as a snapshot in another model. Schema `User`, v1beta.
    pub struct User {
        /// The user's ID. It is a reference, so another text is kept unchanged.
        pub id: IdRef<UserId>,
        /// The display name.
        pub name: String,
        /// The email address.
        pub email: String,
        /// The given name.
        pub given_name: Option<String>,
        /// The family name.
        pub family_name: Option<String>,
        /// The URL of the profile image.
        pub profile_image_url: Option<String>,
    }
}

model! {
    /// A user or a bot that did something. Schema `Subject`, v1beta.
    pub struct Subject {
        /// The ID. Its prefix matches the kind. It is a reference, so another text is kept unchanged.
        pub id: IdRef<PrincipalId>,
        /// The display name.
        pub name: String,
        /// Whether it is a user or a bot. The API calls this field `type`.
        #[wire = "type"]
        pub kind: SubjectType,
    }
}

open_enum! {
    /// The kind of a [`Subject`]. Schema `SubjectType`, v1beta.
    SubjectType {
        /// A person.
        User = "user",
        /// A program.
        Bot = "bot",
    }
}

model! {
    /// The user who calls, with their organizations. Schema `GetMeResponse`, v1beta.
    pub struct Me {
        /// The user.
        pub user: User,
        /// The organizations that the user is a member of.
        pub organizations: Vec<Organization>,
    }
}

model! {
    /// The preferences of a user. Schema `GetUserPreferencesResponse`, v1beta.
    pub struct UserPreferences {
        /// Whether the user has completed the tour of a document.
        pub has_completed_document_tour: bool,
        /// Whether the user has completed the introduction to the hub.
        pub has_completed_hub_onboarding: bool,
    }
}
