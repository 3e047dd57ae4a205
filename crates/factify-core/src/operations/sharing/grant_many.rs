//! Gives access to any number of recipients: a state machine without I/O.

use std::collections::HashSet;
use std::time::Duration;

use factify_types::DocumentId;
use factify_types::sharing::{GrantResults, RecipientGrant};

use super::GrantDocumentAccess;
use super::grant_report::{GrantReport, GrantState};
use crate::client::Machine;
use crate::error::{Error, Outcome};
use crate::operation::Operation;
use crate::operations::ensure::Unverified;
use crate::transport::Now;

/// The documented maximum of recipients in a request.
const MOST: usize = 50;

/// It sends the grants in groups, one after the other, and stops at the first error.
#[derive(Debug)]
pub(crate) struct GrantMany {
    /// The request without recipients.
    pub(crate) request: GrantDocumentAccess,
    report: GrantReport,
    /// How many grants have a response, or an error.
    done: usize,
    deadline: Duration,
    in_doubt: bool,
}

/// The next step for the driver of a [`GrantMany`].
#[derive(Debug)]
#[must_use]
pub(crate) enum Step {
    Grant(GrantDocumentAccess, Duration),
    #[allow(dead_code)] // It never waits.
    Sleep(Duration),
    Done(Box<Result<GrantReport, Error>>),
}

impl Machine for GrantMany {
    const NAME: &'static str = "sharing.grant_many";

    fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }
}

impl GrantMany {
    pub(crate) fn new(document_id: DocumentId, recipients: Vec<RecipientGrant>) -> Self {
        Self {
            request: GrantDocumentAccess::new(document_id, Vec::new()),
            report: GrantReport::new(recipients),
            done: 0,
            deadline: Duration::ZERO,
            in_doubt: false,
        }
    }

    pub(crate) fn start(&mut self, now: Now, deadline: Duration) -> Step {
        self.deadline = now.monotonic.saturating_add(deadline);
        let mut named = HashSet::new();
        for reported in &self.report.grants {
            let name = reported.grant.recipient.as_str();
            if !named.insert(name.to_lowercase()) {
                let error = Error::invalid(format!("{name} is among the recipients twice"));
                return Step::Done(Box::new(Err(error)));
            }
        }
        // An invalid grant must not be found after others were sent.
        let groups = self.report.grants.len().div_ceil(MOST);
        for group in 0..groups {
            if let Err(invalid) = self.group(group * MOST).validate() {
                return Step::Done(Box::new(Err(invalid.into())));
            }
        }
        self.woke(now)
    }

    pub(crate) fn woke(&mut self, now: Now) -> Step {
        if self.done == self.report.grants.len() {
            return self.end();
        }
        let left = self.deadline.saturating_sub(now.monotonic);
        if left.is_zero() {
            return self.failed(Unverified::timed_out());
        }
        Step::Grant(self.group(self.done), left)
    }

    /// The request with the recipients from this position on.
    fn group(&self, start: usize) -> GrantDocumentAccess {
        let grants = self.report.grants.iter().skip(start).take(MOST);
        let mut request = self.request.clone();
        request.recipients = grants.map(|reported| reported.grant.clone()).collect();
        request
    }

    /// The step after the response to a group.
    pub(crate) fn granted(&mut self, now: Now, result: Result<GrantResults, Error>) -> Step {
        let results = match result {
            Ok(results) => results,
            Err(error) => return self.failed(error),
        };
        self.in_doubt = true;
        let is_consistent = results.is_consistent();
        let mut results = results.results;
        let group = self.report.grants.iter_mut().skip(self.done).take(MOST);
        for reported in group {
            let recipient = &reported.grant.recipient;
            let found = results.iter().position(|result| {
                let name = result.recipient.as_deref();
                name.is_some_and(|name| recipient.is_same_as(name))
            });
            reported.state = match found.map(|at| results.remove(at)) {
                Some(result) if !result.success => {
                    GrantState::Failed(result.error.unwrap_or_default())
                }
                Some(_) if is_consistent => GrantState::Granted,
                _ => GrantState::Unknown,
            };
            self.done += 1;
        }
        self.woke(now)
    }

    fn failed(&mut self, error: Error) -> Step {
        if self.done == 0 {
            // The error says all.
            return Step::Done(Box::new(Err(error)));
        }
        if error.outcome() != Outcome::NotApplied {
            let group = self.report.grants.iter_mut().skip(self.done).take(MOST);
            group.for_each(|reported| reported.state = GrantState::Unknown);
        }
        self.report.error = Some(error);
        self.end()
    }

    fn end(&mut self) -> Step {
        let report = std::mem::replace(&mut self.report, GrantReport::new(Vec::new()));
        Step::Done(Box::new(Ok(report)))
    }
}
