//! Virtual time and scheduled events.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use factify_core::invites::OrganizationInviteStatus as Status;
use factify_core::{InviteId, Now, Timestamp};
use factify_sandbox::Sandbox;
use http::{Request, Response};

/// One attempt of a call, as the network sees it.
#[derive(Debug)]
pub struct Attempt {
    pub client: usize,
    pub call: usize,
    /// The method and the URI, which are the same for all attempts of a request.
    pub target: String,
    pub started: Duration,
    /// The earliest time for the next attempt, from the server.
    pub not_before: Duration,
    /// Whether the client cannot know if it was processed.
    pub ambiguous: bool,
    /// What the server did with it; `None` if nothing.
    pub processed: Option<Processed>,
}

#[derive(Debug)]
pub struct Processed {
    pub response: Response<Bytes>,
    pub changed: bool,
    pub emails: usize,
}

/// An event at a fixed time.
pub enum Event {
    /// A request reaches the server, possibly long after its client gave up.
    Arrive {
        attempt: usize,
        request: Box<Request<Bytes>>,
    },
    /// Another user acts.
    Other(Box<dyn FnOnce(&Sandbox) + Send>),
}

#[derive(Clone)]
pub struct World {
    pub sandbox: Sandbox,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    now: Duration,
    events: BTreeMap<(Duration, u64), Event>,
    order: u64,
    attempts: Vec<Attempt>,
    random: fastrand::Rng,
    /// The time until which the last polled task waits.
    waits: Duration,
    /// The history of the invites.
    statuses: Vec<(Duration, Vec<(InviteId, Status)>)>,
}

impl World {
    pub fn new(sandbox: Sandbox, seed: u64) -> Self {
        let inner = Inner {
            now: Duration::ZERO,
            events: BTreeMap::new(),
            order: 0,
            attempts: Vec::new(),
            random: fastrand::Rng::with_seed(seed),
            waits: Duration::ZERO,
            statuses: Vec::new(),
        };
        let world = Self {
            sandbox,
            inner: Arc::new(Mutex::new(inner)),
        };
        world.note();
        world
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub fn random<T>(&self, draw: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        draw(&mut self.lock().random)
    }

    pub fn now(&self) -> Duration {
        self.lock().now
    }

    pub fn clocks(&self) -> Now {
        let unix = self.sandbox.now().duration_since(Timestamp::UNIX_EPOCH);
        Now {
            monotonic: self.now(),
            unix: unix.unwrap_or_default(),
        }
    }

    pub fn schedule(&self, at: Duration, event: Event) {
        let mut inner = self.lock();
        inner.order += 1;
        let order = inner.order;
        inner.events.insert((at, order), event);
    }

    pub fn begin(&self, attempt: Attempt) -> usize {
        let mut inner = self.lock();
        inner.attempts.push(attempt);
        inner.attempts.len() - 1
    }

    pub fn attempt<T>(&self, attempt: usize, look: impl FnOnce(&mut Attempt) -> T) -> T {
        look(&mut self.lock().attempts[attempt])
    }

    pub fn attempts_of<T>(
        &self,
        client: usize,
        call: usize,
        look: impl Fn(&Attempt) -> T,
    ) -> Vec<T> {
        let inner = self.lock();
        let of = |attempt: &&Attempt| (attempt.client, attempt.call) == (client, call);
        inner.attempts.iter().filter(of).map(look).collect()
    }

    pub fn attempts(&self) -> usize {
        self.lock().attempts.len()
    }

    /// Moves the time and runs the events that are due.
    pub fn advance_to(&self, time: Duration) {
        loop {
            let mut inner = self.lock();
            let due = inner
                .events
                .first_entry()
                .filter(|event| event.key().0 <= time);
            let Some((at, event)) = due.map(|event| (event.key().0, event.remove())) else {
                break;
            };
            self.pass(inner, at);
            match event {
                Event::Arrive { attempt, request } => self.process(attempt, &request),
                Event::Other(act) => act(&self.sandbox),
            }
            self.note();
        }
        self.pass(self.lock(), time);
        self.note();
    }

    /// Records the current invites.
    pub fn note(&self) {
        let invites = self.sandbox.invites().into_iter();
        let now: Vec<_> = invites.map(|invite| (invite.id, invite.status)).collect();
        let mut inner = self.lock();
        if inner.statuses.last().is_none_or(|(_, last)| *last != now) {
            let since = inner.now;
            inner.statuses.push((since, now));
        }
    }

    /// Whether an invite had a status at some time in a span.
    pub fn was(&self, id: InviteId, status: &Status, from: Duration, to: Duration) -> bool {
        let inner = self.lock();
        let ends = inner.statuses.iter().skip(1).map(|(since, _)| *since);
        let spans = inner.statuses.iter().zip(ends.chain([Duration::MAX]));
        let had = |statuses: &[(InviteId, Status)]| statuses.contains(&(id, status.clone()));
        spans
            .filter(|((since, _), until)| *since <= to && *until >= from)
            .any(|((_, of), _)| had(of))
    }

    /// Runs all remaining events.
    pub fn drain(&self) {
        let last = self.lock().events.last_key_value().map(|(key, _)| key.0);
        if let Some(last) = last {
            self.advance_to(last);
        }
    }

    fn pass(&self, mut inner: MutexGuard<'_, Inner>, time: Duration) {
        let passed = time.saturating_sub(inner.now);
        inner.now += passed;
        drop(inner);
        self.sandbox.advance(passed);
    }

    fn process(&self, attempt: usize, request: &Request<Bytes>) {
        let look = || {
            let sandbox = &self.sandbox;
            (
                sandbox.outbox().len(),
                sandbox.members().len(),
                sandbox.invites(),
            )
        };
        let before = look();
        let response = self.sandbox.handle(request);
        let after = look();
        let processed = Processed {
            response,
            emails: after.0 - before.0,
            changed: before != after,
        };
        self.lock().attempts[attempt].processed = Some(processed);
    }

    /// Ready at this time.
    pub async fn wait_until(&self, time: Duration) {
        std::future::poll_fn(|_| {
            if self.now() < time {
                self.lock().waits = time;
                return std::task::Poll::Pending;
            }
            // Events that are due at this time come before the task.
            self.advance_to(self.now());
            std::task::Poll::Ready(())
        })
        .await;
    }

    pub fn waits(&self) -> Duration {
        self.lock().waits
    }
}
