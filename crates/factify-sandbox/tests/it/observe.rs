//! What an observer of a client sees.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use factify_core::{
    AttemptReport, CallReport, ClientConfig, ErrorKind, Observer, Outcome, blocking,
};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox};

#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        let AttemptReport {
            operation,
            attempt: number,
            status,
            error,
            wait,
            ..
        } = attempt;
        let status = status.map(|status| status.as_u16());
        let line = format!("{operation} {number} {status:?} {error:?} {wait:?}");
        self.0.lock().unwrap().push(line);
    }

    fn called(&self, call: &CallReport<'_>) {
        let CallReport {
            attempts,
            elapsed,
            error,
            request_id,
            ..
        } = call;
        let error = error.map(|error| (error.kind(), error.outcome()));
        let line = format!("{attempts} {elapsed:?} {error:?} {}", request_id.is_some());
        self.0.lock().unwrap().push(line);
    }
}

fn config(sandbox: &Sandbox, notes: &Arc<Notes>) -> ClientConfig {
    let config = sandbox.config(Persona::Admin);
    config
        .observer(Arc::clone(notes) as Arc<dyn Observer>)
        .jitter_seed(1)
}

#[test]
fn an_observer_sees_attempts_waits_and_calls() {
    let (sandbox, notes) = (Sandbox::new(1), Arc::new(Notes::default()));
    let client = blocking::Client::new(sandbox.transport(), config(&sandbox, &notes));
    let invites = client.organization(sandbox.organization_id()).invites();
    sandbox.inject(FaultPlan::schedule([
        Some(Fault::RateLimited {
            retry_after: Some(3),
        }),
        Some(Fault::Delay(Duration::from_secs(2))),
    ]));
    let invite = invites
        .create("a@example.com".parse().unwrap())
        .send()
        .unwrap();
    sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
    invites.resend(invite.id).send().unwrap_err();
    let list = invites.list().email_exact("");
    list.send().unwrap_err();
    sandbox.revoke_key(Persona::Admin);
    invites.list().send().unwrap_err();
    assert_eq!(
        *notes.0.lock().unwrap(),
        [
            "createOrganizationInvite 1 Some(429) None Some(3s)".to_owned(),
            "createOrganizationInvite 2 Some(200) None None".to_owned(),
            "2 5s None false".to_owned(),
            "resendOrganizationInvite 1 None Some(Interrupted) None".to_owned(),
            format!(
                "1 0ns {:?} false",
                Some((ErrorKind::Interrupted, Outcome::Unknown))
            ),
            format!(
                "0 0ns {:?} false",
                Some((ErrorKind::Invalid, Outcome::NotApplied))
            ),
            "listOrganizationInvites 1 Some(401) None None".to_owned(),
            format!(
                "1 0ns {:?} true",
                Some((ErrorKind::Api, Outcome::NotApplied))
            ),
        ]
    );
}
