//! Offboarding a person, and whether the report is true.

use std::time::Duration;

use factify_core::organizations::{OffboardReport, OffboardState, OffboardSubject};
use factify_core::{Client, DocumentId, Error, OrganizationId, UserId, blocking};
use factify_sandbox::{Persona, Sandbox};

use crate::call::{Call, Said, Sending};
use crate::network::Network;
use crate::world::{OTHERS, World};

/// The name of the call, and what it can return.
pub const NAME: &str = "organizations.offboard";
pub const RESULTS: [&str; 2] = ["complete", "left"];

#[derive(Debug)]
pub struct Offboard {
    organization: OrganizationId,
    person: UserId,
    new_owner: UserId,
    deadline: Duration,
    is_dry_run: bool,
}

pub fn draw(
    sandbox: &Sandbox,
    organization: OrganizationId,
    random: &mut fastrand::Rng,
    deadline: Duration,
) -> Box<dyn Call> {
    Box::new(Offboard {
        organization,
        person: sandbox.user_id(OTHERS[random.usize(..OTHERS.len())]),
        new_owner: sandbox.user_id(Persona::Admin),
        deadline,
        is_dry_run: random.u8(..4) == 0,
    })
}

pub fn result(report: &OffboardReport) -> &'static str {
    RESULTS[usize::from(!report.is_complete())]
}

/// What the report says was true at some time of the call.
pub fn check(report: &OffboardReport, person: UserId, world: &World, span: (Duration, Duration)) {
    let was_no_member = || world.was(span, |then| !then.members.contains(&person));
    let was_closed = |document: DocumentId| {
        let is_link_known = report.open_to_anyone.iter().any(|open| open.id == document);
        world.was_closed(span, document, person, is_link_known)
    };
    for item in &report.items {
        if !matches!(item.state, OffboardState::Done) {
            continue;
        }
        match item.subject {
            OffboardSubject::Membership => assert!(was_no_member(), "{item}"),
            OffboardSubject::OwnDocument { id, .. }
            | OffboardSubject::SharedDocument { id, .. } => {
                assert!(was_closed(id), "{item}");
            }
            _ => {}
        }
    }
    if report.is_complete() {
        assert!(was_no_member(), "{report:?}");
        for document in world.sandbox.documents().into_iter().take(3) {
            assert!(was_closed(document.id), "{report:?}");
        }
    }
}

impl Offboard {
    fn said(&self, report: Result<OffboardReport, Error>) -> Said {
        report.map_or_else(Said::Failed, |report| Said::Offboarded(self.person, report))
    }
}

impl Call for Offboard {
    fn name(&self) -> &'static str {
        NAME
    }

    fn is_safe(&self) -> bool {
        self.is_dry_run
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn repeats_requests(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async {
            let organization = client.organization(self.organization);
            let call = organization.offboard(self.person).deadline(self.deadline);
            let call = call.transfer_documents_to(self.new_owner);
            let call = if self.is_dry_run {
                call.dry_run()
            } else {
                call
            };
            self.said(call.send().await)
        })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let organization = client.organization(self.organization);
        let call = organization.offboard(self.person).deadline(self.deadline);
        let call = call.transfer_documents_to(self.new_owner);
        let call = if self.is_dry_run {
            call.dry_run()
        } else {
            call
        };
        self.said(call.send())
    }
}
