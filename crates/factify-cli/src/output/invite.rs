use anstyle::{AnsiColor, Style};
use factify_core::invites::{Ensured, OrganizationInvite, OrganizationInviteStatus as Status};
use jiff::tz::TimeZone;

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
pub(crate) struct Revocation(pub(crate) Ensured);

impl Record for Revocation {
    const COLUMNS: &'static [&'static str] = &["ID", "RESULT", "EMAIL"];

    type Json = OrganizationInvite;

    fn json(&self) -> &OrganizationInvite {
        self.0.invite()
    }

    /// Only revoked invites: somebody has joined with an accepted one.
    fn id(&self) -> Option<&str> {
        match &self.0 {
            Ensured::Revoked(invite) | Ensured::AlreadyRevoked(invite) => Some(invite.id.as_str()),
            _ => None,
        }
    }

    fn cells(&self, _: &TimeZone) -> Vec<Cell> {
        let invite = self.0.invite();
        let result = match (&self.0, &invite.accepted_by) {
            (Ensured::AlreadyRevoked(_), _) => "already revoked",
            (Ensured::AlreadyAccepted(_), Some(user)) => &format!("accepted by {}", user.email),
            _ => invite.status.as_str(),
        };
        vec![
            Cell::plain(invite.id.as_str()),
            Cell::styled(result, color(&invite.status)),
            Cell::plain(&invite.email),
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
