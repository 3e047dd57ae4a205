use anstyle::{AnsiColor, Style};
use factify_core::InviteId;
use factify_core::invites::{
    Ensured, EnsuredState, OrganizationInvite, OrganizationInviteStatus as Status,
};
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use super::time::local;
use super::{Cell, Record};

impl Record for OrganizationInvite {
    const COLUMNS: &'static [&'static str] =
        &["ID", "STATUS", "CREATED", "EXPIRES", "EMAIL", "SENDER"];

    type Json = Self;

    fn json(&self) -> &Self {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self, zone: &TimeZone) -> Vec<Cell> {
        vec![
            Cell::plain(self.id.as_str()),
            Cell::styled(self.status.as_str(), color(&self.status)),
            Cell::plain(&local(self.created_at, zone)),
            Cell::plain(&local(self.expires_at, zone)),
            Cell::plain(&self.email),
            Cell::plain(&self.sender.email),
        ]
    }
}

/// The result of revoking an invite.
pub(crate) struct Revocation {
    id: InviteId,
    pub(crate) ensured: Ensured,
}

impl Revocation {
    pub(crate) fn new(id: InviteId, ensured: Ensured) -> Self {
        Self { id, ensured }
    }
}

impl Serialize for Revocation {
    /// Writes the known fields of the invite.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Known {
            id: InviteId,
            status: Status,
        }

        let (id, status) = (self.id, self.ensured.state.status());
        match &self.ensured.invite {
            Some(invite) => invite.serialize(serializer),
            None => Known { id, status }.serialize(serializer),
        }
    }
}

impl Record for Revocation {
    const COLUMNS: &'static [&'static str] = &["ID", "RESULT", "EMAIL"];

    type Json = Self;

    fn json(&self) -> &Self {
        self
    }

    /// Only revoked invites: somebody has joined with an accepted one.
    fn id(&self) -> Option<&str> {
        (self.ensured.state.status() == Status::Revoked).then_some(self.id.as_str())
    }

    fn cells(&self, _: &TimeZone) -> Vec<Cell> {
        let Ensured { state, invite, .. } = &self.ensured;
        let (status, invite) = (state.status(), invite.as_ref());
        let accepted_by = invite.and_then(|invite| invite.accepted_by.as_ref());
        let result = match (state, accepted_by) {
            (EnsuredState::AlreadyRevoked, _) => "already revoked",
            (EnsuredState::AlreadyAccepted, Some(user)) => &format!("accepted by {}", user.email),
            _ => status.as_str(),
        };
        vec![
            Cell::plain(self.id.as_str()),
            Cell::styled(result, color(&status)),
            Cell::plain(invite.map_or("", |invite| &invite.email)),
        ]
    }
}

fn color(status: &Status) -> Style {
    match status {
        Status::Pending => AnsiColor::Yellow.on_default(),
        Status::Accepted => AnsiColor::Red.on_default(),
        Status::Revoked => AnsiColor::Green.on_default(),
        _ => Style::new().dimmed(),
    }
}
