//! Clients and transports in use: shared, behind pointers, across threads.

use std::sync::Arc;

use factify_core::invites::OrganizationInviteStatus;
use factify_core::{Client, ClientConfig, ErrorKind, HttpTransport, blocking};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};

fn crosses_threads<T: Send + Sync + Clone + 'static>(_: &T) {}

fn crosses<T: Send>(value: T) -> T {
    value
}

fn config(sandbox: &Sandbox) -> ClientConfig {
    sandbox.config(Persona::Owner)
}

#[tokio::test]
async fn an_async_client_works_over_any_pointer() {
    let sandbox = Sandbox::new(1);
    let shared: Arc<dyn HttpTransport> = Arc::new(sandbox.transport());
    let client = Client::new(Arc::clone(&shared), config(&sandbox));
    crosses_threads(&client);
    let invites = client.organization(sandbox.organization_id()).invites();
    let invite = crosses(invites.create("a@example.com".parse().unwrap()).send())
        .await
        .unwrap();

    let borrowed = Client::new(&shared, config(&sandbox));
    let call = borrowed
        .organization(sandbox.organization_id())
        .invites()
        .revoke(invite.id);
    let response = call.send_with_meta().await.unwrap();
    assert_eq!(response.value.status, OrganizationInviteStatus::Revoked);
    assert_eq!((response.status.as_u16(), response.attempts), (200, 1));
}

#[test]
fn a_blocking_client_works_over_any_pointer() {
    let sandbox = Sandbox::new(1);
    let shared: Arc<dyn blocking::HttpTransport> = Arc::new(sandbox.transport());
    let client = blocking::Client::new(shared, config(&sandbox));
    crosses_threads(&client);
    let boxed: Box<dyn blocking::HttpTransport> = Box::new(sandbox.transport());
    let other = blocking::Client::new(boxed, config(&sandbox));
    let organization = sandbox.organization_id();
    let invite = client
        .organization(organization)
        .invites()
        .create("a@example.com".parse().unwrap());
    let invite = invite.send().unwrap();
    let page = other
        .organization(organization)
        .invites()
        .list()
        .send()
        .unwrap();
    assert_eq!(page.into_items().unwrap(), [invite]);
}

#[test]
fn a_client_is_shared_by_threads() {
    let sandbox = Sandbox::new(1);
    let client: blocking::Client<SandboxTransport> =
        blocking::Client::new(sandbox.transport(), config(&sandbox));
    std::thread::scope(|scope| {
        for n in 0..8 {
            let client = client.clone();
            let organization = sandbox.organization_id();
            scope.spawn(move || {
                let email = format!("p{n}@example.com").parse().unwrap();
                client
                    .organization(organization)
                    .invites()
                    .create(email)
                    .send()
                    .unwrap();
            });
        }
    });
    assert_eq!(sandbox.invites().len(), 8);
}

#[test]
fn a_response_over_the_limit_is_refused() {
    let sandbox = Sandbox::new(1);
    let client =
        blocking::Client::new(sandbox.transport(), config(&sandbox).max_response_bytes(10));
    let call = client
        .organization(sandbox.organization_id())
        .invites()
        .list();
    let error = call.send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1));
    assert_eq!(error.status().unwrap(), 200);
}
