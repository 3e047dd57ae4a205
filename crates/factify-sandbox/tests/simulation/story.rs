//! What the clients of a run do, what others do meanwhile, and what came of each call.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use factify_core::{
    ApiKey, Client, ClientConfig, EmailAddress, Ensured, Error, InvitationToken, InviteId,
    OrganizationId, OrganizationInviteStatus as Status, Outcome, PageSize, RetryPolicy, blocking,
};
use factify_sandbox::{Persona, Sandbox};

use crate::check::{self, Figures};
use crate::network::Network;
use crate::scheduler::{self, Task};
use crate::world::{Event, World};

#[derive(Debug, Clone)]
pub enum Call {
    Revoke(InviteId),
    Create(EmailAddress),
    Resend(InviteId),
    Accept(InvitationToken),
    List,
    Ensure(InviteId),
}

/// What a client says of a call.
#[derive(Debug)]
pub enum Said {
    Done,
    Ensured(Box<Ensured>),
    Failed(Error),
    /// The future was dropped.
    Cancelled,
}

#[derive(Debug)]
pub struct Ended {
    pub client: usize,
    pub number: usize,
    pub call: Call,
    pub started: Duration,
    pub at: Duration,
    pub said: Said,
    /// The true state of the invite that an `Ensure` is about, when it ended.
    pub truth: Option<Status>,
}

pub struct Story {
    pub world: World,
    pub max_attempts: u32,
    pub deadline: Duration,
    mildness: u8,
    organization: OrganizationId,
    config: ClientConfig,
    guest: ClientConfig,
    ended: Mutex<Vec<Ended>>,
}

/// One run, from its seed to what is known of it.
pub fn run(seed: u64) -> Figures {
    let story = Story::new(seed);
    story.play();
    check::check(&story, &story.ended.lock().unwrap())
}

/// All that the clients said, in the order in which they said it.
pub fn trace(seed: u64) -> String {
    let story = Story::new(seed);
    story.play();
    let ended = story.ended.lock().unwrap();
    format!("{ended:?} {:?}", story.world.sandbox.invites())
}

/// Sends a call in one mode or the other: the words are the same.
macro_rules! perform {
    ($story:expr, $Client:path, $network:expr, $call:expr $(, $await:tt $word:tt)?) => {{
        let config = match $call {
            Call::Accept(_) => &$story.guest,
            _ => &$story.config,
        };
        let client = <$Client>::new($network, config.clone());
        let invites = client.organization($story.organization).invites();
        let said = |result: Result<(), Error>| result.map_or_else(Said::Failed, |()| Said::Done);
        match $call.clone() {
            Call::Revoke(id) => said(invites.revoke(id).send()$($await $word)?.map(drop)),
            Call::Create(email) => said(invites.create(email).send()$($await $word)?.map(drop)),
            Call::Resend(id) => said(invites.resend(id).send()$($await $word)?.map(drop)),
            Call::Accept(token) => said(invites.accept(token).send()$($await $word)?.map(drop)),
            Call::List => {
                let mut ids = Vec::new();
                let mut items = invites.list().page_size(PageSize::new(2).unwrap()).items();
                loop {
                    match items.next()$($await $word)? {
                        Some(Ok(invite)) => ids.push(invite.id),
                        Some(Err(error)) => break Said::Failed(error),
                        None => {
                            ids.sort_unstable();
                            assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an item twice");
                            break Said::Done;
                        }
                    }
                }
            }
            Call::Ensure(id) => match invites.ensure_revoked(id).send()$($await $word)? {
                Ok(ensured) => Said::Ensured(Box::new(ensured)),
                Err(error) => Said::Failed(error),
            },
        }
    }};
}

impl Story {
    fn new(seed: u64) -> Self {
        let sandbox = Sandbox::builder().seed(seed).invites(3).build();
        let guest = sandbox.add_user("Guest", "guest2@example.net");
        let world = World::new(sandbox.clone(), seed);
        let (max_attempts, deadline, timeout) = world.random(|random| {
            let millis = |bound| Duration::from_millis(bound);
            (
                random.u32(1..=5),
                millis(random.u64(500..300_000)),
                millis(random.u64(100..40_000)),
            )
        });
        let config = |key: String| {
            ClientConfig::new(ApiKey::new(key).unwrap())
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
            config: config(sandbox.key(Persona::Admin)),
            guest: config(guest),
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
        // Requests that are still on their way arrive, after all.
        self.world.drain();
    }

    fn network(&self, client: usize) -> Network {
        let call = Arc::new(AtomicUsize::new(0));
        Network {
            world: self.world.clone(),
            client,
            call,
            mildness: self.mildness,
        }
    }

    /// Somebody else, with a good network, acts at some time.
    fn somebody_else(&self) {
        let (at, act, n) = self
            .world
            .random(|random| (random.u64(..120_000), random.u8(..5), random.usize(..3)));
        let organization = self.organization;
        let other = move |sandbox: &Sandbox| {
            let invite = sandbox.invites().remove(n);
            let key = ApiKey::new(sandbox.key(Persona::Owner)).unwrap();
            let client = blocking::Client::new(sandbox.transport(), key);
            let invites = client.organization(organization).invites();
            // Refused or not, as the state has it.
            match act {
                0 => drop(invites.revoke(invite.id).send()),
                1 => drop(invites.resend(invite.id).send()),
                2 => drop(invites.create(invite.email.parse().unwrap()).send()),
                3 => {
                    let key = sandbox.add_user("Other", &invite.email);
                    let client =
                        blocking::Client::new(sandbox.transport(), ApiKey::new(key).unwrap());
                    let invites = client.organization(organization).invites();
                    drop(invites.accept(token(sandbox, invite.id)).send());
                }
                _ => sandbox.advance(Duration::from_secs(30 * 3_600)),
            }
        };
        self.world
            .schedule(Duration::from_millis(at), Event::Other(Box::new(other)));
    }

    fn draw(&self) -> Call {
        let sandbox = &self.world.sandbox;
        let (what, n) = self
            .world
            .random(|random| (random.u8(..8), random.usize(..3)));
        let id = sandbox.invites()[n].id;
        match what {
            0 | 1 => Call::Revoke(id),
            2 => Call::Create(format!("guest{}@example.net", n + 1).parse().unwrap()),
            3 => Call::Resend(id),
            4 => Call::Accept(token(sandbox, sandbox.invites()[2].id)),
            5 => Call::List,
            _ => Call::Ensure(id),
        }
    }

    async fn client(&self, network: Network) {
        for number in 0..self.world.random(|random| random.usize(1..=3)) {
            network.call.store(number, Ordering::Relaxed);
            let (call, started) = (self.draw(), self.world.now());
            let patience = self
                .world
                .random(|random| (random.u8(..6) == 0).then(|| random.u32(..12)));
            let sent = async { perform!(self, Client<_>, network.clone(), call, . await) };
            let said = patient(sent, patience).await.unwrap_or(Said::Cancelled);
            self.note(network.client, number, call, started, said);
        }
    }

    fn blocking(&self, network: &Network) {
        for number in 0..self.world.random(|random| random.usize(1..=3)) {
            network.call.store(number, Ordering::Relaxed);
            let (call, started) = (self.draw(), self.world.now());
            let said = perform!(self, blocking::Client<_>, network.clone(), call);
            self.note(network.client, number, call, started, said);
        }
    }

    fn note(&self, client: usize, number: usize, call: Call, started: Duration, said: Said) {
        let truth = match &call {
            Call::Ensure(id) => Some(self.status(*id)),
            _ => None,
        };
        let at = self.world.now();
        let ended = Ended {
            client,
            number,
            call,
            started,
            at,
            said,
            truth,
        };
        self.ended.lock().unwrap().push(ended);
    }

    /// The true state of an invite.
    pub fn status(&self, id: InviteId) -> Status {
        let invites = self.world.sandbox.invites();
        let found = invites.into_iter().find(|invite| invite.id == id);
        found.expect("no invite is ever removed").status
    }
}

fn token(sandbox: &Sandbox, id: InviteId) -> InvitationToken {
    let outbox = sandbox.outbox();
    let email = outbox.iter().rev().find(|email| email.invite_id == id);
    email.expect("each invite has an email").token().unwrap()
}

/// Drops the future after so many polls.
async fn patient<T>(future: impl Future<Output = T>, polls: Option<u32>) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Whether the outcome of a failure is what happened.
pub fn is_true(outcome: Outcome, changed: bool) -> bool {
    match outcome {
        Outcome::NotApplied => !changed,
        Outcome::Applied => changed,
        Outcome::Unknown => true,
    }
}
