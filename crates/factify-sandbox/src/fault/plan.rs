use std::collections::VecDeque;

use bytes::Bytes;
use factify_core::OperationInfo;
use http::Request;

use super::Fault;
use crate::routes;

/// Which requests get which faults.
///
/// ```
/// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
/// use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
///
/// let sandbox = Sandbox::new(1);
/// let client = sandbox.blocking_client(Persona::Admin);
/// let organization = client.organization(sandbox.organization_id());
/// let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
///
/// // The first response is lost, and the second request finds the invite revoked by the first.
/// sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
/// let error = organization.invites().revoke(invite.id).send().unwrap_err();
/// assert!(error.is_failed_precondition());
/// assert_eq!(error.outcome(), factify::Outcome::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A plan can also be read from text, in the form that `factify sandbox --fault` takes, and printed in this form. A
/// schedule prints what is left of it.
///
/// ```
/// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
/// use factify::sandbox::FaultPlan;
///
/// for text in [
///     "none",
///     "always:drop_after",
///     "always:delay=500ms@createOrganizationInvite",
///     "schedule:none,drop_after,unavailable+processed",
///     "random:seed=7,one_in=10:drop_before,html=502",
/// ] {
///     let plan: FaultPlan = text.parse()?;
///     assert_eq!(plan.to_string(), text);
/// }
/// # Ok::<(), factify::sandbox::InvalidFaultPlan>(())
/// ```
///
/// As JSON, it has the fields of `PUT /_sandbox/faults`: `always`, `schedule` or `random`, and `only`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultPlan {
    pub(super) rule: Rule,
    /// The `operationId` of the requests that count.
    pub(super) only: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    Schedule(VecDeque<Option<Fault>>),
    Random(Random),
    Always(Fault),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Random {
    pub(super) seed: u64,
    pub(super) one_in: u32,
    pub(super) faults: Vec<Fault>,
    stream: fastrand::Rng,
}

impl Default for Rule {
    fn default() -> Self {
        Self::Schedule(VecDeque::new())
    }
}

impl From<Rule> for FaultPlan {
    fn from(rule: Rule) -> Self {
        Self { rule, only: None }
    }
}

impl FaultPlan {
    /// One entry for each request, in order. Later requests have no fault.
    pub fn schedule(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Rule::Schedule(faults.into_iter().collect()).into()
    }

    /// Every request gets this fault.
    pub fn always(fault: Fault) -> Self {
        Rule::Always(fault).into()
    }

    /// One request in `one_in` gets one of these faults; the seed decides. 0 counts as 1.
    pub fn random(seed: u64, one_in: u32, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults = faults.into_iter().collect();
        Rule::Random(Random {
            seed,
            one_in: one_in.max(1),
            faults,
            stream: fastrand::Rng::with_seed(seed),
        })
        .into()
    }

    /// Applies the plan only to the requests of one operation. Other requests have no fault, and do not count
    /// in a schedule.
    ///
    /// ```
    /// # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
    /// use factify::{Operation, invites::RevokeOrganizationInvite};
    /// use factify::sandbox::{Fault, FaultPlan};
    ///
    /// let plan = FaultPlan::always(Fault::DropAfter).only(&RevokeOrganizationInvite::INFO);
    /// # let _ = plan;
    /// ```
    #[must_use]
    pub fn only(mut self, operation: &OperationInfo) -> Self {
        self.only = Some(operation.id);
        self
    }

    /// The fault of a request.
    pub(crate) fn next(&mut self, request: &Request<Bytes>) -> Option<Fault> {
        if self.only.is_some() && self.only != routes::operation_id(request) {
            return None;
        }
        match &mut self.rule {
            Rule::Schedule(faults) => faults.pop_front().flatten(),
            Rule::Always(fault) => Some(fault.clone()),
            Rule::Random(random) => {
                let is_hit = random.stream.u32(..random.one_in) == 0;
                let fault = is_hit.then(|| random.stream.choice(random.faults.iter()));
                fault.flatten().cloned()
            }
        }
    }
}
