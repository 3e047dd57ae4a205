use std::time::Duration;

use factify_core::policies::Policy;
use factify_core::{OrganizationId, Timestamp};
use serde::Serialize;

use super::{Nothing, body};
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

pub(super) fn outbox(sandbox: &Sandbox, _: Nothing) -> Result<Outbox, Refusal> {
    let items = sandbox.outbox().into_iter().map(Sent::from).collect();
    Ok(Outbox { items })
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

pub(super) fn advance(sandbox: &Sandbox, by: Advance) -> Result<Clock, Refusal> {
    sandbox.advance(Duration::from_secs(by.seconds));
    Ok(Clock { now: sandbox.now() })
}

#[derive(Serialize)]
pub(super) struct CurrentFaults {
    plan: FaultPlan,
    text: String,
    hits: u64,
}

pub(super) fn faults(sandbox: &Sandbox, _: Nothing) -> Result<CurrentFaults, Refusal> {
    let (plan, hits) = sandbox.faults();
    Ok(CurrentFaults {
        text: plan.to_string(),
        plan,
        hits,
    })
}

pub(super) fn set_faults(sandbox: &Sandbox, fields: Plan) -> Result<CurrentFaults, Refusal> {
    let plan = FaultPlan::try_from(fields);
    sandbox.inject(plan.map_err(|error| super::invalid("body", &error.to_string()))?);
    faults(sandbox, Nothing {})
}

pub(super) fn clear_faults(sandbox: &Sandbox, _: Nothing) -> Result<CurrentFaults, Refusal> {
    sandbox.inject(FaultPlan::default());
    faults(sandbox, Nothing {})
}

body! {
    pub(super) struct AddPolicy {
        /// The name of the policy
        name: String,
        /// The organization, or else the first one
        organization_id: Option<OrganizationId>,
    }
}

pub(super) fn add_policy(sandbox: &Sandbox, policy: AddPolicy) -> Result<Policy, Refusal> {
    let organization = super::users::organization(sandbox, policy.organization_id)?;
    Ok(sandbox.add_policy(organization, &policy.name))
}
