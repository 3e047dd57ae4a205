//! Users.

use alloc::string::String;

use crate::{IdRef, UserId};

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
