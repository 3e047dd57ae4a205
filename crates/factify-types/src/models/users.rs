//! Users.

use alloc::string::String;

use crate::{IdRef, UserId};

model! {
    /// A user, as a snapshot in another model. Schema `User`, v1beta.
    pub struct User {
        /// The user's ID. A reference, so one of another kind is kept as it came.
        pub id: IdRef<UserId>,
        /// The display name.
        pub name: String,
        /// The email address.
        pub email: String,
        /// The given name.
        pub given_name: Option<String>,
        /// The family name.
        pub family_name: Option<String>,
        /// Where the profile image is.
        pub profile_image_url: Option<String>,
    }
}
