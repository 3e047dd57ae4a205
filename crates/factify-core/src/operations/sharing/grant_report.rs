use std::fmt;

use factify_types::sharing::RecipientGrant;

use crate::error::Error;

/// The result of [`SharingResource::grant_many`](super::SharingResource::grant_many): the state of each grant.
///
/// ```
/// # extern crate factify_core as factify;
/// use factify::sharing::{GrantReport, GrantState};
///
/// fn print(report: &GrantReport) {
///     for grant in &report.grants {
///         let recipient = &grant.grant.recipient;
///         match &grant.state {
///             GrantState::Granted => println!("{recipient} has access"),
///             GrantState::Failed(why) => println!("{recipient}: {why}"),
///             state => println!("{recipient}: {state}"),
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "some grants may have failed"]
#[non_exhaustive]
pub struct GrantReport {
    /// One for each recipient, in the order of the call.
    pub grants: Vec<ReportedGrant>,
    /// The error that ended the call early, if there was one.
    pub error: Option<Error>,
}

/// A grant and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedGrant {
    /// The grant.
    pub grant: RecipientGrant,
    /// Its state.
    pub state: GrantState,
}

/// The state of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantState {
    /// The recipient has the role.
    Granted,
    /// The API refused it, in these words, which can be empty.
    Failed(String),
    /// It is not known: the request ended with an error, or its response does not name the recipient or contradicts
    /// itself.
    Unknown,
    /// It was not applied, because of the error that ended the call.
    NotApplied,
}

impl fmt::Display for GrantState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Granted => f.write_str("granted"),
            Self::Failed(why) => write!(f, "refused: {why:?}"),
            Self::Unknown => f.write_str("it is not known whether it was granted"),
            Self::NotApplied => f.write_str("not granted"),
        }
    }
}

impl GrantReport {
    pub(super) fn new(grants: Vec<RecipientGrant>) -> Self {
        let grants = grants.into_iter().map(|grant| ReportedGrant {
            grant,
            state: GrantState::NotApplied,
        });
        Self {
            grants: grants.collect(),
            error: None,
        }
    }

    /// The grants that are not certain to be granted.
    pub fn failures(&self) -> impl Iterator<Item = &ReportedGrant> {
        let grants = self.grants.iter();
        grants.filter(|grant| grant.state != GrantState::Granted)
    }

    /// Nothing, if all grants succeeded.
    ///
    /// # Errors
    /// With the report, if one of them did not.
    pub fn into_result(self) -> Result<(), NotAllGranted> {
        if self.failures().next().is_none() {
            return Ok(());
        }
        Err(NotAllGranted(self))
    }
}

/// The error of [`GrantReport::into_result`]: not all grants succeeded. [`report`](Self::report) says which of them, and
/// why. Call again for those.
#[derive(Debug)]
pub struct NotAllGranted(GrantReport);

impl NotAllGranted {
    /// The report.
    pub fn report(&self) -> &GrantReport {
        &self.0
    }
}

impl fmt::Display for NotAllGranted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failed, total) = (self.0.failures().count(), self.0.grants.len());
        write!(f, "{failed} of {total} grants of access did not succeed")?;
        if let Some(first) = self.0.failures().next() {
            write!(
                f,
                "; the first is that for {}: {}",
                first.grant.recipient, first.state
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for NotAllGranted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.error.as_ref().map(|error| error as _)
    }
}
