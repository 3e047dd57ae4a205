//! Who has access to a document.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::documents::DocumentPermissionSet;
use crate::parameter::Parameter;
use crate::{
    DocumentId, EmailAddress, ErrorReason, IdRef, InvalidEmailAddress, InvalidId, PrincipalId,
    RecipientId, Timestamp, UserId,
};

model! {
    /// Who has access to a document. Schema `ListDocumentAccessResponse`, v1beta.
    pub struct DocumentAccess {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The access of all others.
        pub general_access_level: Option<GeneralAccessLevel>,
        /// Those who have access of their own.
        pub recipients: Vec<Recipient>,
    }
}

model! {
    /// A user, a bot or an organization with access to a document. Schema `Recipient`, v1beta.
    pub struct Recipient {
        /// The ID. It is a reference, so another text is kept unchanged.
        pub id: IdRef<RecipientId>,
        /// Whether it is a user, a bot or an organization. The API calls this field `type`.
        #[wire = "type"]
        pub kind: RecipientType,
        /// The role.
        pub document_role: DocumentRole,
        /// The display name.
        pub name: Option<String>,
        /// The email address of a user.
        pub email: Option<String>,
    }
}

/// A role on a document for somebody. Schema `RecipientGrant`, v1beta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub struct RecipientGrant {
    /// Who gets the role.
    pub recipient: GrantRecipient,
    /// The role.
    pub role: DocumentRole,
}

impl RecipientGrant {
    /// A role for a user, a bot or an email address.
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// use factify::UserId;
    /// use factify::sharing::{DocumentRole, RecipientGrant};
    ///
    /// const USER: UserId = UserId::literal("user_01h2xcejqtf2nbrexx3vqjhp41");
    /// let grant = RecipientGrant::new(USER, DocumentRole::Viewer);
    /// assert_eq!(grant.recipient.as_str(), USER.as_str());
    /// ```
    pub fn new(recipient: impl Into<GrantRecipient>, role: DocumentRole) -> Self {
        Self {
            recipient: recipient.into(),
            role,
        }
    }
}

generate_by_proptest!(RecipientGrant);

impl Parameter for RecipientGrant {
    const REASON: ErrorReason = ErrorReason::InvalidEnumValue;

    fn check(&self) -> Result<(), String> {
        self.role.check()
    }
}

/// Who gets access: a user, a bot, or the owner of an email address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum GrantRecipient {
    /// A user or a bot.
    Principal(PrincipalId),
    /// The owner of an email address, who may not have an account yet.
    Email(EmailAddress),
}

generate_by_proptest!(GrantRecipient);

impl GrantRecipient {
    /// The text that the API uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Principal(id) => id.as_str(),
            Self::Email(address) => address.as_str(),
        }
    }

    /// Whether a text of a response names the same recipient.
    pub fn is_same_as(&self, text: &str) -> bool {
        match self {
            Self::Principal(id) => id == text,
            Self::Email(address) => address.is_same_as(text),
        }
    }
}

impl fmt::Display for GrantRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<I: Into<PrincipalId>> From<I> for GrantRecipient {
    fn from(id: I) -> Self {
        Self::Principal(id.into())
    }
}

impl From<EmailAddress> for GrantRecipient {
    fn from(address: EmailAddress) -> Self {
        Self::Email(address)
    }
}

impl Serialize for GrantRecipient {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for GrantRecipient {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for GrantRecipient {
    type Err = InvalidGrantRecipient;

    /// Reads an email address, if the text has an `@`, or else an ID.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('@') {
            let address = text.parse().map_err(InvalidGrantRecipient::Email)?;
            return Ok(Self::Email(address));
        }
        let id = PrincipalId::parse(text).map_err(InvalidGrantRecipient::Id)?;
        Ok(Self::Principal(id))
    }
}

/// Why a text names no recipient of a grant. Use the ID of a user or a bot, or an email address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidGrantRecipient {
    /// It has no `@`, and is not the ID of a user or a bot.
    Id(InvalidId),
    /// It has an `@`, and is not an email address.
    Email(InvalidEmailAddress),
}

impl fmt::Display for InvalidGrantRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(error) => error.fmt(f),
            Self::Email(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for InvalidGrantRecipient {}

model! {
    /// The results of grants, one for each recipient. Schema `GrantDocumentAccessResponse`, v1beta.
    ///
    /// The API responds with a success even if grants failed, so look at them:
    ///
    /// ```
    /// # extern crate factify_types as factify;
    /// use factify::sharing::GrantResults;
    ///
    /// fn check(results: GrantResults) -> Result<(), Box<dyn std::error::Error>> {
    ///     for failure in results.failures() {
    ///         let recipient = failure.recipient.as_deref().unwrap_or_default();
    ///         println!("{recipient}: {}", failure.error.as_deref().unwrap_or_default());
    ///     }
    ///     // Or stop at the first failure.
    ///     results.into_result()?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use = "some grants may have failed, although the request succeeded"]
    pub struct GrantResults {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// One result for each recipient.
        pub results: Vec<AccessGrantResult>,
        /// The number of recipients.
        pub total: i32,
        /// The number of grants that succeeded.
        pub successful: i32,
        /// The number of grants that failed.
        pub failed: i32,
    }
}

impl GrantResults {
    /// The grants that the API does not call a success.
    pub fn failures(&self) -> impl Iterator<Item = &AccessGrantResult> {
        self.results.iter().filter(|result| !result.success)
    }

    /// Whether there are results, and the counters agree with them or are absent.
    pub fn is_consistent(&self) -> bool {
        let is = |counter: i32, count: usize| usize::try_from(counter) == Ok(count);
        let all = self.results.len();
        let failed = self.failures().count();
        let has_counters = (self.total, self.successful, self.failed) != (0, 0, 0);
        let is_counted =
            is(self.total, all) && is(self.failed, failed) && is(self.successful, all - failed);
        all > 0 && (is_counted || !has_counters)
    }

    /// The results, if all grants succeeded.
    ///
    /// # Errors
    /// If one of them failed, if there are no results, or if the counters contradict them.
    pub fn into_result(self) -> Result<Vec<AccessGrantResult>, GrantsFailed> {
        if !self.is_consistent() || self.failures().next().is_some() {
            return Err(GrantsFailed(self));
        }
        Ok(self.results)
    }
}

/// The error of [`GrantResults::into_result`]: not all grants succeeded. [`results`](Self::results) says which of them,
/// and why. Grant those again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantsFailed(GrantResults);

impl GrantsFailed {
    /// All results.
    pub fn results(&self) -> &GrantResults {
        &self.0
    }
}

impl fmt::Display for GrantsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.0.failures().count();
        let total = self.0.results.len();
        write!(f, "{failed} of {total} grants of access failed")?;
        let Some(first) = self.0.failures().next() else {
            let GrantResults {
                total,
                successful,
                failed,
                ..
            } = &self.0;
            return write!(
                f,
                ", but the counters say {successful} granted and {failed} failed of {total}"
            );
        };
        let recipient = first.recipient.as_deref().unwrap_or_default();
        let error = first.error.as_deref().unwrap_or("no reason is given");
        write!(f, "; the first is that for {recipient:?}: {error:?}")
    }
}

impl core::error::Error for GrantsFailed {}

model! {
    /// The result of one grant. Schema `AccessGrantResult`, v1beta.
    pub struct AccessGrantResult {
        /// The recipient, as the request named it.
        pub recipient: Option<String>,
        /// Whether it succeeded.
        pub success: bool,
        /// Why it failed, in the API's words.
        pub error: Option<String>,
    }
}

model! {
    /// The response to a change of somebody's access. Schemas `RevokeDocumentAccessResponse` and
    /// `UpdateDocumentAccessResponse`, v1beta.
    ///
    /// A call returns it only if `success` is true. False, or no value, is an error.
    pub struct AccessChange {
        /// Whether it succeeded.
        pub success: Option<bool>,
        /// Why it failed, in the API's words.
        pub error: Option<String>,
    }
}

model! {
    /// The access of all who have none of their own. Schemas `GetGeneralAccessResponse` and
    /// `SetGeneralAccessResponse`, v1beta.
    pub struct GeneralAccess {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The level.
        pub general_access_level: Option<GeneralAccessLevel>,
    }
}

model! {
    /// A new link to a document. Schema `CreateShareLinkResponse`, v1beta.
    pub struct CreatedShareLink {
        /// The link.
        pub share_link: Option<ShareLink>,
        /// A short URL, if there is one.
        pub short_url: Option<String>,
    }
}

model! {
    /// A link to a document. Schema `ShareLink`, v1beta.
    pub struct ShareLink {
        /// Its ID. The API documents no form.
        pub id: Option<String>,
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The user who created it.
        pub creator_id: Option<IdRef<UserId>>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
    }
}

model! {
    /// What the caller may do with a document. Schema `InspectAccessResponse`, v1beta.
    pub struct InspectedAccess {
        /// The document.
        pub document_id: Option<IdRef<DocumentId>>,
        /// The permissions.
        pub permission_set: Option<DocumentPermissionSet>,
    }
}

open_enum! {
    /// A role on a document. Schema `DocumentRole`, v1beta.
    DocumentRole {
        /// Can view it.
        Viewer = "viewer",
        /// Can comment on it.
        Commenter = "commenter",
        /// Can change it.
        Collaborator = "collaborator",
        /// Can manage the document, and change who has access.
        Admin = "admin",
        /// Owns it.
        Owner = "owner",
    }
}

open_enum! {
    /// The kind of a [`Recipient`]. Schema `RecipientType`, v1beta.
    RecipientType {
        /// A person.
        User = "user",
        /// A program.
        Bot = "bot",
        /// All members of an organization.
        Organization = "organization",
    }
}

open_enum! {
    /// The access of all who have none of their own. Schema `GeneralAccessLevel`, v1beta.
    GeneralAccessLevel {
        /// None.
        Restricted = "restricted",
        /// The members of the organization have access.
        Organization = "organization",
        /// Everybody with the link has access.
        AnyoneWithLink = "anyone_with_link",
    }
}
