use factify_types::users::Me;

use crate::operations::declare::check::ResponseBody;
use crate::operations::declare::operation;

operation! {
    /// Reads the authenticated user, with their organizations.
    ///
    /// It works only with the token of a user, not with an API key.
    #[id = "getMe", sdk = "users.getMe"]
    #[idempotent]
    #[GET = "/v1beta/me"]
    #[response(me: Me)]
    #[call(Client::me)]
    #[advice = super::advice]
    pub struct GetMe {}
}

impl ResponseBody for Me {}
