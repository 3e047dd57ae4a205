//! What the clients and other users do in a run, and the result of each call.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use factify_core::access_requests::AccessRequestPermission;
use factify_core::invites::InvitationToken;
use factify_core::organizations::OrganizationRole;
use factify_core::sharing::{DocumentRole, GeneralAccessLevel, RecipientGrant};
use factify_core::{
    BearerToken, Client, ClientConfig, InviteId, OrganizationId, Outcome, RetryPolicy, Upload,
    blocking,
};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};

use crate::call::{Call, LastCall, Said};
use crate::check::{self, Figures};
use crate::draw::{DRAWS, walk};
use crate::ensure::{Ensure, Subject};
use crate::network::Network;
use crate::offboard;
use crate::scheduler::{self, Task};
use crate::transfers;
use crate::world::{Event, World};

#[derive(Debug)]
pub struct Ended {
    pub client: usize,
    pub number: usize,
    pub call: Box<dyn Call>,
    pub started: Duration,
    pub at: Duration,
    pub said: Said,
}

pub struct Story {
    pub world: World,
    pub max_attempts: u32,
    pub deadline: Duration,
    mildness: u8,
    organization: OrganizationId,
    /// The settings of an admin with an API key, of the admin who has signed in, and of a guest.
    configs: [ClientConfig; 3],
    ended: Mutex<Vec<Ended>>,
}

/// One run and its results.
pub fn run(seed: u64) -> Figures {
    let story = Story::new(seed);
    story.play();
    check::check(&story, &story.ended.lock().unwrap())
}

/// Everything that the clients reported, in order.
pub fn trace(seed: u64) -> String {
    let story = Story::new(seed);
    story.play();
    let ended = story.ended.lock().unwrap();
    format!("{ended:?} {:?}", story.world.sandbox.invites())
}

impl Story {
    fn new(seed: u64) -> Self {
        let sandbox = Sandbox::builder().seed(seed).invites(3).build();
        let guest = sandbox.add_user("Guest", "guest2@example.net").token();
        let other = sandbox.add_organization("Sabre");
        sandbox.add_member(
            other,
            sandbox.user_id(Persona::Admin),
            OrganizationRole::Admin,
        );
        let owner = sandbox.blocking_client(Persona::Owner);
        // The sandbox cannot read the last one.
        for start in ["%PDF-1.7", "%PDF-1.7 other", "unreadable"] {
            let rest: Vec<u8> = (0..700_u32).flat_map(u32::to_be_bytes).collect();
            let file = Upload::bytes("report.pdf", [start.as_bytes(), &rest].concat());
            owner.documents().create(file, "Report").send().unwrap();
        }
        share(&sandbox, &owner);
        let world = World::new(sandbox.clone(), seed);
        let (max_attempts, deadline, timeout) = world.random(|random| {
            let millis = |bound| Duration::from_millis(bound);
            (
                random.u32(1..=5),
                millis(random.u64(500..300_000)),
                millis(random.u64(100..40_000)),
            )
        });
        let config = |token: BearerToken| {
            ClientConfig::new(token)
                .retry(RetryPolicy::standard().max_attempts(max_attempts))
                .deadline(deadline)
                .timeout(timeout)
                .jitter_seed(seed)
        };
        Self {
            max_attempts,
            deadline,
            mildness: world.random(|random| [32, 64, 240][random.usize(..3)]),
            organization: sandbox.organization_id(),
            configs: [
                sandbox.token(Persona::Admin),
                sandbox.user_token(Persona::Admin),
                guest,
            ]
            .map(config),
            ended: Mutex::default(),
            world,
        }
    }

    fn play(&self) {
        let (others, clients, blocking) = self
            .world
            .random(|random| (random.usize(..4), random.usize(1..=3), random.bool()));
        for _ in 0..others {
            self.somebody_else();
        }
        if blocking {
            self.blocking(&self.network(0));
        } else {
            let tasks =
                (0..clients).map(|client| Box::pin(self.client(self.network(client))) as Task<'_>);
            scheduler::run(&self.world, tasks.collect());
        }
        // Requests that are still in flight arrive.
        self.world.drain();
    }

    fn network(&self, client: usize) -> Network {
        let call = Arc::new(AtomicUsize::new(0));
        Network {
            world: self.world.clone(),
            client,
            call,
            mildness: Some(self.mildness),
        }
    }

    /// Another user, with a good network, acts at some time.
    fn somebody_else(&self) {
        let (at, act, n) = self
            .world
            .random(|random| (random.u64(..120_000), random.u8(..10), random.usize(..3)));
        let organization = self.organization;
        let other = move |sandbox: &Sandbox| {
            let invite = sandbox.invites().remove(n);
            // Nobody can revoke a user token.
            let config = sandbox.config(Persona::Owner);
            let config = config.token(sandbox.user_token(Persona::Owner));
            let client = blocking::Client::new(sandbox.transport(), config);
            let invites = client.organization(organization).invites();
            let members = client.organization(organization).members();
            let document = sandbox.documents().swap_remove(n).id;
            let sharing = client.document(document).sharing();
            let guest = sandbox.user_id([Persona::Member, Persona::Outsider][n % 2]);
            // The state decides whether it is refused.
            match act {
                0 => drop(invites.revoke(invite.id).send()),
                1 => drop(invites.resend(invite.id).send()),
                2 => drop(invites.create(invite.email.parse().unwrap()).send()),
                3 => {
                    let other = sandbox.add_user("Other", &invite.email).token();
                    let client = blocking::Client::new(sandbox.transport(), other);
                    let invites = client.organization(organization).invites();
                    drop(invites.accept(token(sandbox, invite.id)).send());
                }
                4 => {
                    let (user, role) =
                        (sandbox.user_id(Persona::Outsider), OrganizationRole::Member);
                    drop(members.add(user, role).send());
                }
                5 => drop(members.remove(sandbox.user_id(Persona::Member)).send()),
                6 => {
                    let grant = RecipientGrant::new(guest, DocumentRole::Viewer);
                    drop(sharing.grant(vec![grant]).send());
                }
                7 => drop(sharing.revoke(guest).send()),
                8 => drop(
                    sharing
                        .set_general_access(GeneralAccessLevel::KNOWN[n].clone())
                        .send(),
                ),
                _ => sandbox.advance(Duration::from_secs(30 * 3_600)),
            }
        };
        self.world
            .schedule(Duration::from_millis(at), Event::Other(Box::new(other)));
    }

    /// A call, and the settings to send it with.
    fn draw(&self) -> (Box<dyn Call>, &ClientConfig) {
        let (sandbox, organization) = (&self.world.sandbox, self.organization);
        self.world.random(|random| {
            let config = &self.configs[[0, 0, 0, 1, 2][random.usize(..5)]];
            let call: Box<dyn Call> = match random.u8(..10) {
                0 => walk(sandbox, random),
                5 if random.u8(..4) == 0 => {
                    offboard::draw(sandbox, organization, random, self.deadline)
                }
                3 | 4 => transfers::draw(sandbox, random, self.deadline),
                1 | 2 => Box::new(Ensure(organization, Subject::draw(sandbox, random))),
                _ => loop {
                    let draw = &DRAWS[random.usize(..DRAWS.len())];
                    if let Some(call) = (draw.call)(sandbox, random) {
                        break call;
                    }
                },
            };
            (call, config)
        })
    }

    async fn client(&self, network: Network) {
        for number in 0..self.world.random(|random| random.usize(1..=3)) {
            network.call.store(number, Ordering::Relaxed);
            let ((call, config), started) = (self.draw(), self.world.now());
            let patience = self
                .world
                .random(|random| (random.u8(..6) == 0).then(|| random.u32(..12)));
            let last = Arc::new(LastCall::default());
            let config = config.clone().observer(last.clone());
            let client = Client::new(network.clone(), config);
            let said = patient(call.send(&client), patience).await;
            let said = said.unwrap_or_else(|| Said::Cancelled(last.cancelled()));
            self.note(network.client, number, call, started, said);
        }
    }

    fn blocking(&self, network: &Network) {
        for number in 0..self.world.random(|random| random.usize(1..=3)) {
            network.call.store(number, Ordering::Relaxed);
            let ((call, config), started) = (self.draw(), self.world.now());
            let client = blocking::Client::new(network.clone(), config.clone());
            let said = call.send_blocking(&client);
            self.note(network.client, number, call, started, said);
        }
    }

    fn note(
        &self,
        client: usize,
        number: usize,
        call: Box<dyn Call>,
        started: Duration,
        said: Said,
    ) {
        let at = self.world.now();
        let ended = Ended {
            client,
            number,
            call,
            started,
            at,
            said,
        };
        self.ended.lock().unwrap().push(ended);
    }
}

/// Gives others access to the documents, and lets them ask for it.
fn share(sandbox: &Sandbox, owner: &blocking::Client<SandboxTransport>) {
    let policies = ["Confidential", "Public"];
    let policies = policies.map(|name| sandbox.add_policy(sandbox.organization_id(), name));
    let outsider = sandbox.blocking_client(Persona::Outsider);
    for (document, policy) in sandbox.documents().iter().zip(&policies) {
        let requests = outsider.document(document.id).access_requests();
        requests
            .create(AccessRequestPermission::View)
            .send()
            .unwrap();
        let grants = [Persona::Member, Persona::Outsider]
            .map(|persona| RecipientGrant::new(sandbox.user_id(persona), DocumentRole::Commenter));
        let document = owner.document(document.id);
        let grant = document.sharing().grant(grants.to_vec());
        grant.send().unwrap().into_result().unwrap();
        document.policies().attach(policy.id).send().unwrap();
    }
    let last = sandbox.documents().swap_remove(1).id;
    let general = owner.document(last).sharing();
    let general = general.set_general_access(GeneralAccessLevel::AnyoneWithLink);
    general.send().unwrap();
}

fn token(sandbox: &Sandbox, id: InviteId) -> InvitationToken {
    let outbox = sandbox.outbox();
    let email = outbox.iter().rev().find(|email| email.invite_id == id);
    email.expect("each invite has an email").token().unwrap()
}

/// Drops the future after this number of polls.
async fn patient<T>(mut future: impl Future<Output = T> + Unpin, polls: Option<u32>) -> Option<T> {
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        Pin::new(&mut future).poll(context).map(Some)
    })
    .await
}

/// Whether the outcome of an error matches what happened.
pub fn is_true(outcome: Outcome, applied: bool) -> bool {
    match outcome {
        Outcome::NotApplied => !applied,
        Outcome::Applied => applied,
        Outcome::Unknown => true,
    }
}
