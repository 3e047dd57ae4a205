use factify_core::users::{GetMe, GetUserPreferences, Me, UserPreferences};

use crate::respond::Refusal;
use crate::routes::{Context, Handle};

impl Handle for GetMe {
    fn handle(self, context: &mut Context<'_>) -> Result<Me, Refusal> {
        let caller = context.caller()?;
        let mut me = Me::new(caller.user.clone());
        let all = context.world.organizations().iter();
        let own = all.filter(|organization| organization.role(caller.id).is_some());
        me.organizations = own
            .map(|organization| organization.profile.clone())
            .collect();
        Ok(me)
    }
}

impl Handle for GetUserPreferences {
    fn handle(self, _: &mut Context<'_>) -> Result<UserPreferences, Refusal> {
        Ok(UserPreferences::new())
    }
}
