use std::fmt;

use factify_types::{DocumentId, InviteId};

use crate::error::Error;
use crate::sharing::AccessWay;

/// The result of [`OrganizationResource::offboard`](super::super::OrganizationResource::offboard): what the person
/// had, and its state now. Check [`is_complete`](Self::is_complete).
#[derive(Debug)]
#[must_use = "the person may still have access"]
#[non_exhaustive]
pub struct OffboardReport {
    /// Whether the person was a member when the call began. If not, check the ID: the call cannot know whether it is
    /// that of the person.
    pub was_member: bool,
    /// What the person had when the call found it. A second call finds only what is left.
    pub items: Vec<OffboardItem>,
    /// What could not be read. There may be more items.
    pub unread: Vec<Error>,
    /// The documents about which the API does not tell the caller who has access. The person may have access: ask those
    /// who created them.
    pub hidden: Vec<OffboardDocument>,
    /// The documents that everybody with the link can open, and so the person too.
    pub open_to_anyone: Vec<OffboardDocument>,
}

/// A document in an [`OffboardReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OffboardDocument {
    /// The document.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
}

impl fmt::Display for OffboardDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "document {} {:?}", self.id, self.title)
    }
}

/// One thing that a person has in an organization.
#[derive(Debug)]
#[non_exhaustive]
pub struct OffboardItem {
    /// What it is.
    pub subject: OffboardSubject,
    /// Its state now.
    pub state: OffboardState,
}

/// What a person has in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OffboardSubject {
    /// The membership.
    Membership,
    /// A pending invite that the person sent, or that was sent to the person.
    Invite {
        /// The invite.
        id: InviteId,
        /// The address that it was sent to.
        email: String,
    },
    /// A document that the person owns.
    OwnDocument {
        /// The document.
        id: DocumentId,
        /// Its title.
        title: String,
    },
    /// A document of somebody else that the person has access to.
    SharedDocument {
        /// The document.
        id: DocumentId,
        /// Its title.
        title: String,
    },
    /// A document that the person may have access to: it could not be read who has access.
    UnreadDocument {
        /// The document.
        id: DocumentId,
        /// Its title.
        title: String,
    },
}

/// The state of an item.
#[derive(Debug)]
#[non_exhaustive]
pub enum OffboardState {
    /// Nothing was done yet: this is a dry run, or no time was left. Then call again.
    Planned,
    /// The person does not have it now: the membership has ended, the invite is revoked or has expired, the access is
    /// revoked, the document has another owner.
    Done,
    /// The person became a member again while the call ran, and was removed again. Call again: as a member, the person
    /// may have got more.
    CameBack,
    /// The document has no new owner, because the call named none. Call again with
    /// [`transfer_documents_to`](super::super::OffboardCall::transfer_documents_to).
    NeedsNewOwner,
    /// There is still access, or may be, by other ways.
    StillHasAccess(Vec<AccessWay>),
    /// Somebody joined with the invite before it was revoked. It may be another person: check the members.
    Accepted,
    /// It failed. The error says whether it took effect.
    Failed(Error),
}

impl OffboardReport {
    /// What the call cannot find, because the API does not show it, or not in this organization.
    pub const NOT_COVERED: &'static [&'static str] = &[
        "API keys that the person knows: the API does not say who uses a key",
        "documents that the API does not list for the caller, such as those of other organizations",
        "share links: the API has no list of them",
        "policies: the API does not say what they allow to whom",
        "pending invites to an address of the person that the call does not name",
        "access that others give the person later, for example by a pending access request",
    ];

    pub(super) fn new() -> Self {
        Self {
            was_member: false,
            items: Vec::new(),
            unread: Vec::new(),
            hidden: Vec::new(),
            open_to_anyone: Vec::new(),
        }
    }

    /// Whether the call could read everything, and the person has nothing of it now, except what everybody with the link
    /// can open. It is false if a document is [hidden](Self::hidden) from the caller.
    pub fn is_complete(&self) -> bool {
        self.unread.is_empty() && self.hidden.is_empty() && self.left().next().is_none()
    }

    /// The items that are not done.
    pub fn left(&self) -> impl Iterator<Item = &OffboardItem> {
        let items = self.items.iter();
        items.filter(|item| !matches!(item.state, OffboardState::Done))
    }
}

/// One line for each item, one for each thing that could not be read, and one with the counts.
impl fmt::Display for OffboardReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            writeln!(f, "{item}")?;
        }
        for error in &self.unread {
            writeln!(f, "not read: {error}")?;
        }
        for document in &self.hidden {
            writeln!(
                f,
                "{document}: the API does not tell the caller who has access"
            )?;
        }
        for document in &self.open_to_anyone {
            writeln!(f, "{document}: everybody with the link can open it")?;
        }
        if !self.was_member {
            writeln!(f, "the person was not a member")?;
        }
        let left = self.left().count();
        write!(f, "{} done, {left} left", self.items.len() - left)?;
        match self.unread.len() + self.hidden.len() {
            0 => Ok(()),
            count => write!(f, ", {count} not read"),
        }
    }
}

impl fmt::Display for OffboardSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Membership => f.write_str("membership"),
            Self::Invite { id, email } => write!(f, "invite {id} to {email:?}"),
            Self::OwnDocument { id, title } => write!(f, "own document {id} {title:?}"),
            Self::SharedDocument { id, title } => write!(f, "shared document {id} {title:?}"),
            Self::UnreadDocument { id, title } => {
                write!(
                    f,
                    "document {id} {title:?}, which the person may have access to"
                )
            }
        }
    }
}

impl fmt::Display for OffboardState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Planned => f.write_str("planned"),
            Self::Done => f.write_str("done"),
            Self::NeedsNewOwner => f.write_str("needs a new owner"),
            Self::StillHasAccess(ways) => {
                f.write_str("the person still has access, or may have: ")?;
                for (at, way) in ways.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{way}")?;
                }
                Ok(())
            }
            Self::CameBack => f.write_str("the person joined again, and was removed again"),
            Self::Accepted => f.write_str("somebody has joined with it"),
            Self::Failed(error) if error.attempts() > 0 => error.fmt(f),
            Self::Failed(error) => write!(f, "{error} ({})", error.outcome()),
        }
    }
}

impl fmt::Display for OffboardItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.state)
    }
}
