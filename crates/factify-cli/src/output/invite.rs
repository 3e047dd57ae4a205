use anstyle::{AnsiColor, Style};
use factify_core::InviteId;
use factify_core::invites::{
    Ensured, EnsuredState, OrganizationInvite, OrganizationInviteStatus as Status,
};
use serde::{Serialize, Serializer};

use super::{Cell, Column, Record};

impl Record for OrganizationInvite {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("STATUS").left_out(1),
        Column::new("CREATED").left_out(2),
        Column::new("EXPIRES").left_out(3),
        Column::new("SENDER").shortened_to(12).left_out(4),
        Column::new("EMAIL").shortened_to(12),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(self.id.as_str()),
            Cell::styled(self.status.as_str(), color(&self.status)),
            Cell::time(self.created_at),
            Cell::time(self.expires_at),
            Cell::plain(&self.sender.email),
            Cell::plain(&self.email),
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
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("RESULT").shortened_to(10),
        Column::new("EMAIL").shortened_to(12).left_out(1),
    ];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    /// Only revoked invites: somebody has joined with an accepted one.
    fn id(&self) -> Option<&str> {
        (self.ensured.state.status() == Status::Revoked).then_some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
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
