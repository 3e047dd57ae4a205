//! Which requests get the faults of a plan.

use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::{ListOrganizationInvites, RevokeOrganizationInvite};
use factify_core::{
    ClientConfig, Limits, Operation, RequestBody, RetryPolicy, blocking, blocking::Client,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};
use http::Request;

/// Lists, revokes, lists and revokes again, without retries. Returns which of the calls had a fault: `x`,
/// or `-` for none.
fn faults(plan: FaultPlan) -> String {
    let sandbox = Sandbox::builder().seed(1).invites(1).build();
    sandbox.inject(plan);
    let config: ClientConfig = sandbox.config(Persona::Admin);
    let client = Client::new(sandbox.transport(), config.retry(RetryPolicy::never()));
    let invites = client.organization(sandbox.organization_id()).invites();
    let id = sandbox.invites()[0].id;
    (0..4)
        .map(|n| {
            let error = if n % 2 == 0 {
                invites.list().send().err()
            } else {
                invites.revoke(id).send().err()
            };
            // The API itself refuses the second revocation.
            match error.filter(|error| !error.is_failed_precondition()) {
                Some(_) => 'x',
                None => '-',
            }
        })
        .collect()
}

#[test]
fn a_plan_applies_to_all_requests_or_to_one_operation() {
    let list = &ListOrganizationInvites::INFO;
    let revoke = &RevokeOrganizationInvite::INFO;
    let always = || FaultPlan::always(Fault::DropBefore);
    let second = || FaultPlan::schedule([None, Some(Fault::DropBefore)]);
    let random = || FaultPlan::random(1, 1, [Fault::DropBefore]);
    for (plan, expected) in [
        (FaultPlan::default(), "----"),
        (always(), "xxxx"),
        (always().only(list), "x-x-"),
        (always().only(revoke), "-x-x"),
        (always().only(list).only(revoke), "-x-x"),
        (second(), "-x--"),
        (second().only(list), "--x-"),
        (second().only(revoke), "---x"),
        (random(), "xxxx"),
        (random().only(revoke), "-x-x"),
        (FaultPlan::random(1, 1, []).only(revoke), "----"),
    ] {
        let shown = format!("{plan:?}");
        assert_eq!(faults(plan), expected, "{shown}");
    }
}

#[test]
fn an_item_that_cannot_be_read_hides_no_other() {
    for (index, expected) in [(0, "x--"), (2, "--x"), (3, "---")] {
        let sandbox = Sandbox::builder().seed(1).invites(3).build();
        sandbox.inject(FaultPlan::always(Fault::UnreadableItem(index)));
        let client = sandbox.blocking_client(Persona::Admin);
        let invites = client.organization(sandbox.organization_id()).invites();
        let read = invites.list().items().map(|item| {
            let Err(error) = item else { return '-' };
            assert_eq!(error.unreadable_item().unwrap().index(), index);
            let report = error.report().to_string();
            assert!(
                report.ends_with("You can still read the other items of the list."),
                "{report}"
            );
            'x'
        });
        assert_eq!(read.collect::<String>(), expected, "{index}");
        // A response without items is unchanged.
        invites.revoke(sandbox.invites()[0].id).send().unwrap();
    }
}

#[test]
fn an_error_of_the_sandbox_does_not_name_the_production_api() {
    let sandbox = Sandbox::new(1);
    sandbox.inject(FaultPlan::always(Fault::Refuse));
    let client = sandbox.blocking_client(Persona::Admin);
    let invites = client.organization(sandbox.organization_id()).invites();
    let error = invites.list().send().unwrap_err().to_string();
    assert!(
        error.contains("sandbox.invalid could not be reached"),
        "{error}"
    );
}

#[test]
fn a_percent_encoded_path_has_the_faults_of_its_operation() {
    let sandbox = Sandbox::new(1);
    sandbox.inject(FaultPlan::always(Fault::DropBefore).only(&ListOrganizationInvites::INFO));
    let transport = sandbox.transport();
    let limits = Limits::new(Duration::from_secs(1), 1 << 20);
    for (segment, is_dropped) in [("invites", true), ("%69nvite%73", true), ("x", false)] {
        let id = sandbox.organization_id();
        let path = format!("/v1beta/organizations/{id}/{segment}");
        let request = Request::get(path).body(RequestBody::from(Bytes::new()));
        let sent = blocking::HttpTransport::send(&transport, request.unwrap(), &limits);
        assert_eq!(sent.is_err(), is_dropped, "{segment}");
    }
}
