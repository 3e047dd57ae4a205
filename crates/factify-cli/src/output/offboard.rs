//! The report of an offboarding.

use factify_core::organizations::{
    OffboardDocument, OffboardItem, OffboardReport, OffboardState, OffboardSubject,
};
use factify_core::{EmailAddress, OrganizationId, UserId};
use serde::Serialize;

use super::revocations::{Way, ways};
use super::{Cell, Column, Record};
use crate::error_object::ErrorObject;

impl Record for OffboardItem {
    const COLUMNS: &'static [Column] = &[
        Column::new("WHAT"),
        Column::new("ID").left_out(2),
        Column::new("RESULT"),
        Column::new("DETAIL").shortened_to(12).left_out(1),
        Column::new("TITLE").shortened_to(10),
    ];

    fn json(&self) -> impl Serialize + '_ {
        Item::from(self)
    }

    /// Only if it is done.
    fn id(&self) -> Option<&str> {
        id(&self.subject).filter(|_| matches!(self.state, OffboardState::Done))
    }

    fn cells(&self) -> Vec<Cell> {
        let detail = match &self.state {
            OffboardState::StillHasAccess(found) => ways(found),
            OffboardState::Failed(error) => error.to_string(),
            _ => String::new(),
        };
        vec![
            Cell::plain(&what(&self.subject).replace('_', " ")),
            Cell::plain(id(&self.subject).unwrap_or_default()),
            Cell::plain(&result(&self.state).replace('_', " ")),
            Cell::plain(&detail),
            Cell::plain(title(&self.subject)),
        ]
    }
}

/// The whole report, for JSON.
#[derive(Serialize)]
pub(crate) struct Offboarding<'r> {
    #[serde(flatten)]
    of: OffboardingOf<'r>,
    complete: bool,
    was_member: bool,
    items: Vec<Item<'r>>,
    /// What could not be read.
    unread: Vec<ErrorObject>,
    /// Documents whose access the API does not show to the caller.
    hidden: Vec<Named<'r>>,
    /// Documents that everybody with the link can open.
    open_to_anyone: Vec<Named<'r>>,
    /// What no call can find out.
    not_covered: &'static [&'static str],
}

/// Which person, and what the report was asked for.
#[derive(Serialize)]
pub(crate) struct OffboardingOf<'r> {
    pub(crate) organization_id: OrganizationId,
    pub(crate) user_id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'r EmailAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_owner: Option<UserId>,
    pub(crate) dry_run: bool,
}

impl<'r> Offboarding<'r> {
    pub(crate) fn new(report: &'r OffboardReport, of: OffboardingOf<'r>) -> Self {
        Self {
            of,
            complete: report.is_complete(),
            was_member: report.was_member,
            items: report.items.iter().map(Item::from).collect(),
            unread: report.unread.iter().map(ErrorObject::from).collect(),
            hidden: report.hidden.iter().map(Named::from).collect(),
            open_to_anyone: report.open_to_anyone.iter().map(Named::from).collect(),
            not_covered: OffboardReport::NOT_COVERED,
        }
    }
}

impl Record for Offboarding<'_> {
    const COLUMNS: &'static [Column] = &[];

    fn json(&self) -> impl Serialize + '_ {
        self
    }

    fn id(&self) -> Option<&str> {
        None
    }

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}

#[derive(Serialize)]
struct Item<'r> {
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'r str,
    result: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    still_by: Vec<Way>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject>,
}

impl<'r> From<&'r OffboardItem> for Item<'r> {
    fn from(item: &'r OffboardItem) -> Self {
        let (still_by, error) = match &item.state {
            OffboardState::StillHasAccess(found) => (found.iter().map(Way::from).collect(), None),
            OffboardState::Failed(error) => (Vec::new(), Some(error.into())),
            _ => (Vec::new(), None),
        };
        Self {
            what: what(&item.subject),
            id: id(&item.subject),
            title: title(&item.subject),
            result: result(&item.state),
            still_by,
            error,
        }
    }
}

#[derive(Serialize)]
struct Named<'r> {
    id: &'r str,
    title: &'r str,
}

impl<'r> From<&'r OffboardDocument> for Named<'r> {
    fn from(document: &'r OffboardDocument) -> Self {
        Self {
            id: document.id.as_str(),
            title: &document.title,
        }
    }
}

fn what(subject: &OffboardSubject) -> &'static str {
    match subject {
        OffboardSubject::Membership => "membership",
        OffboardSubject::Invite { .. } => "invite",
        OffboardSubject::OwnDocument { .. } => "own_document",
        OffboardSubject::SharedDocument { .. } => "shared_document",
        _ => "document",
    }
}

fn id(subject: &OffboardSubject) -> Option<&str> {
    match subject {
        OffboardSubject::Invite { id, .. } => Some(id.as_str()),
        OffboardSubject::OwnDocument { id, .. }
        | OffboardSubject::SharedDocument { id, .. }
        | OffboardSubject::UnreadDocument { id, .. } => Some(id.as_str()),
        _ => None,
    }
}

/// The title of a document, or the address of an invite.
fn title(subject: &OffboardSubject) -> &str {
    match subject {
        OffboardSubject::Invite { email, .. } => email,
        OffboardSubject::OwnDocument { title, .. }
        | OffboardSubject::SharedDocument { title, .. }
        | OffboardSubject::UnreadDocument { title, .. } => title,
        _ => "",
    }
}

fn result(state: &OffboardState) -> &'static str {
    match state {
        OffboardState::Planned => "planned",
        OffboardState::Done => "done",
        OffboardState::CameBack => "came_back",
        OffboardState::NeedsNewOwner => "needs_new_owner",
        OffboardState::StillHasAccess(_) => "still_has_access",
        OffboardState::Accepted => "accepted",
        OffboardState::Failed(error) => error.outcome().as_str(),
        _ => "unknown",
    }
}
