use std::collections::HashMap;

use factify_core::UserId;

use crate::rate_limit::Usage;

/// The tokens of users who have signed in. They never expire.
#[derive(Default)]
pub(crate) struct UserTokens {
    by_token: HashMap<String, (UserId, Usage)>,
    by_user: HashMap<UserId, String>,
}

impl UserTokens {
    pub(super) fn add(&mut self, user: UserId, token: String) {
        self.by_token
            .insert(token.clone(), (user, Usage::default()));
        self.by_user.insert(user, token);
    }

    pub(crate) fn user(&self, token: &str) -> Option<UserId> {
        self.by_token.get(token).map(|(user, _)| *user)
    }

    pub(crate) fn usage_mut(&mut self, token: &str) -> Option<&mut Usage> {
        self.by_token.get_mut(token).map(|(_, usage)| usage)
    }

    pub(crate) fn of(&self, user: UserId) -> Option<&str> {
        self.by_user.get(&user).map(String::as_str)
    }
}
