use factify_types::users::UserPreferences;

use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads the preferences of the user who calls.
    ///
    /// It works only with the token of a user, not with an API key.
    #[id = "getUserPreferences", sdk = "users.preferences.get"]
    #[idempotent]
    #[GET = "/v1beta/user-preferences"]
    #[response(preferences: UserPreferences)]
    #[call(Client::user_preferences)]
    #[advice = super::advice]
    pub struct GetUserPreferences {}
}

impl ResponseBody for UserPreferences {}
