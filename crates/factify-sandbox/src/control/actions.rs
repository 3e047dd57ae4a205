use std::time::Duration;

use factify_core::policies::Policy;
use factify_core::{OrganizationId, Timestamp};
use serde::Serialize;

use super::{body, invalid};
use crate::fault::{FaultPlan, Plan};
use crate::outbox::Email;
use crate::respond::Refusal;
use crate::sandbox::Sandbox;

#[derive(Serialize)]
pub(super) struct Outbox {
    items: Vec<Sent>,
}

#[derive(Serialize)]
struct Sent {
    #[serde(flatten)]
    email: Email,
    token: String,
}

impl From<Email> for Sent {
    fn from(email: Email) -> Self {
        Self {
            token: email.expose_token().to_owned(),
            email,
        }
    }
}

pub(super) fn outbox(sandbox: &Sandbox) -> Outbox {
    Outbox {
        items: sandbox.outbox().into_iter().map(Sent::from).collect(),
    }
}

body! {
    pub(super) struct Advance {
        /// How far the clock moves
        seconds: u64,
    }
}

#[derive(Serialize)]
pub(super) struct Clock {
    now: Timestamp,
}

pub(super) fn advance(sandbox: &Sandbox, by: &Advance) -> Result<Clock, Refusal> {
    let time = Duration::from_secs(by.seconds);
    if sandbox.now().checked_add(time).is_none() {
        return Err(invalid("seconds", "The clock cannot move so far"));
    }
    sandbox.advance(time);
    Ok(Clock { now: sandbox.now() })
}

#[derive(Serialize)]
pub(super) struct CurrentFaults {
    plan: FaultPlan,
    text: String,
    hits: u64,
}

pub(super) fn faults(sandbox: &Sandbox) -> CurrentFaults {
    let (plan, hits) = sandbox.faults();
    CurrentFaults {
        text: plan.to_string(),
        plan,
        hits,
    }
}

pub(super) fn set_faults(sandbox: &Sandbox, plan: &Plan) -> Result<CurrentFaults, Refusal> {
    let plan = FaultPlan::try_from(plan);
    sandbox.inject(plan.map_err(|error| invalid("body", &error.to_string()))?);
    Ok(faults(sandbox))
}

pub(super) fn clear_faults(sandbox: &Sandbox) -> CurrentFaults {
    sandbox.inject(FaultPlan::default());
    faults(sandbox)
}

body! {
    pub(super) struct AddPolicy {
        /// The name of the policy
        name: String,
        /// The organization, or else the first one
        organization_id: Option<OrganizationId>,
    }
}

pub(super) fn add_policy(sandbox: &Sandbox, policy: &AddPolicy) -> Result<Policy, Refusal> {
    let organization = super::users::organization(sandbox, policy.organization_id)?;
    Ok(sandbox.add_policy(organization, &policy.name))
}
