//! Virtual time and scheduled events.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use factify_core::documents::AccessLevel;
use factify_core::invites::OrganizationInviteStatus as Status;
use factify_core::{ApiKeyId, DocumentId, InviteId, Now, Timestamp, UserId};
use factify_sandbox::{Persona, Sandbox};
use http::header::RANGE;
use http::{Request, Response};

/// The users whose access the calls are about.
pub const OTHERS: [Persona; 2] = [Persona::Member, Persona::Outsider];

/// One attempt of a call, as the network sees it.
#[derive(Debug)]
pub struct Attempt {
    pub client: usize,
    pub call: usize,
    /// The method and the URI, which are the same for all attempts of a request.
    pub target: String,
    pub is_safe: bool,
    pub started: Duration,
    /// The earliest time for the next attempt, from the server.
    pub not_before: Duration,
    /// Whether the client cannot know if it was processed.
    pub ambiguous: bool,
    /// The body that arrived at the client.
    pub delivered: Option<Bytes>,
    /// What the server did with it; `None` if nothing.
    pub processed: Option<Processed>,
}

#[derive(Debug)]
pub struct Processed {
    pub response: Response<Bytes>,
    /// Whether the state of the sandbox is another one afterwards.
    pub changed: bool,
    /// Whether it was carried out. It need not have changed anything: the state may have been the same.
    pub succeeded: bool,
    pub emails: usize,
    pub at: Duration,
    /// The whole file, if the request was for a part of it.
    pub file: Option<Bytes>,
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
    history: Vec<(Duration, Then)>,
}

/// What was true at some time.
#[derive(PartialEq)]
pub struct Then {
    pub invites: Vec<(InviteId, Status)>,
    pub members: Vec<UserId>,
    /// The keys that still work.
    pub active_keys: Vec<ApiKeyId>,
    /// By which ways some users can open which document.
    pub ways: Vec<(DocumentId, UserId, Way)>,
}

/// A way to have access to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A role of one's own.
    Own,
    /// Everybody with the link has access.
    Link,
    /// The organization has access, and the user is a member.
    Member,
}

impl Then {
    pub fn is_open(&self, document: DocumentId, user: UserId) -> bool {
        let mut ways = self.ways.iter();
        ways.any(|(id, who, _)| (*id, *who) == (document, user))
    }
}

/// Whether a success says that nothing was done.
fn is_refusal(body: &[u8]) -> bool {
    body.starts_with(br#"{"success":false"#)
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
            history: Vec::new(),
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

    pub fn all_attempts<T>(&self, look: impl Fn(&Attempt) -> T) -> Vec<T> {
        self.lock().attempts.iter().map(look).collect()
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

    /// Records the current state.
    pub fn note(&self) {
        let invites = self.sandbox.invites().into_iter();
        let members = self.sandbox.members().into_iter();
        let keys = self.sandbox.api_keys_of(self.sandbox.organization_id());
        let active = keys.into_iter().filter(|key| key.is_active);
        let now = Then {
            invites: invites.map(|invite| (invite.id, invite.status)).collect(),
            members: members.map(|member| member.id.id().unwrap()).collect(),
            active_keys: active.map(|key| key.id).collect(),
            ways: self.ways(),
        };
        let mut inner = self.lock();
        if inner.history.last().is_none_or(|(_, last)| *last != now) {
            let since = inner.now;
            inner.history.push((since, now));
        }
    }

    fn ways(&self) -> Vec<(DocumentId, UserId, Way)> {
        let users = OTHERS.map(|persona| self.sandbox.user_id(persona));
        let members = self.sandbox.members();
        let mut ways = Vec::new();
        for document in self.sandbox.documents().into_iter().take(3) {
            let recipients = self.sandbox.recipients_of(document.id);
            for user in users {
                if self.sandbox.document_role(document.id, user).is_none() {
                    continue;
                }
                let is_own = recipients.iter().any(|it| it.id.as_str() == user.as_str());
                let is_member = members.iter().any(|member| member.id == user);
                let open = [
                    (is_own, Way::Own),
                    (document.access_level == AccessLevel::Public, Way::Link),
                    (
                        document.access_level == AccessLevel::Organization && is_member,
                        Way::Member,
                    ),
                ];
                let open = open.into_iter().filter(|(is_open, _)| *is_open);
                ways.extend(open.map(|(_, way)| (document.id, user, way)));
            }
        }
        ways
    }

    /// Whether each way, apart from that by the link if `is_link_known`, was closed at some time in a span.
    ///
    /// A call reads one after the other, so another way may have been open at each of these times.
    pub fn was_closed(
        &self,
        span: (Duration, Duration),
        document: DocumentId,
        user: UserId,
        is_link_known: bool,
    ) -> bool {
        let ways = [Way::Own, Way::Member, Way::Link];
        let mut ways = ways
            .into_iter()
            .filter(|way| !(is_link_known && *way == Way::Link));
        ways.all(|way| self.was(span, |then| !then.ways.contains(&(document, user, way))))
    }

    /// Whether something was true at some time in a span.
    pub fn was(&self, (from, to): (Duration, Duration), is_true: impl Fn(&Then) -> bool) -> bool {
        let inner = self.lock();
        let ends = inner.history.iter().skip(1).map(|(since, _)| *since);
        let spans = inner.history.iter().zip(ends.chain([Duration::MAX]));
        spans
            .filter(|((since, _), until)| *since <= to && *until >= from)
            .any(|((_, then), _)| is_true(then))
    }

    /// Whether something was true at a time, after all that happened at this time.
    pub fn was_at(&self, time: Duration, is_true: impl Fn(&Then) -> bool) -> bool {
        let inner = self.lock();
        let last = inner.history.iter().rfind(|(since, _)| *since <= time);
        last.is_some_and(|(_, then)| is_true(then))
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
        let look = || (self.sandbox.outbox().len(), self.sandbox.snapshot());
        let before = look();
        let response = self.sandbox.handle(request);
        let after = look();
        let processed = Processed {
            at: self.now(),
            file: response
                .status()
                .is_success()
                .then(|| self.file(request))
                .flatten(),
            succeeded: response.status().is_success() && !is_refusal(response.body()),
            response,
            emails: after.0 - before.0,
            changed: before != after,
        };
        assert!(
            processed.succeeded || !processed.changed,
            "a refused request changed something"
        );
        self.lock().attempts[attempt].processed = Some(processed);
    }

    /// The whole file at the URL of a request.
    fn file(&self, request: &Request<Bytes>) -> Option<Bytes> {
        let mut whole = request.clone();
        whole.headers_mut().remove(RANGE);
        let is_file = whole.uri().path().starts_with("/_sandbox/files/");
        is_file.then(|| self.sandbox.handle(&whole).into_body())
    }

    /// Ready at this time.
    pub async fn wait_until(&self, time: Duration) {
        std::future::poll_fn(|_| self.poll_until(time)).await;
    }

    pub fn poll_until(&self, time: Duration) -> Poll<()> {
        if self.now() < time {
            self.lock().waits = time;
            return Poll::Pending;
        }
        // Events that are due at this time come before the task.
        self.advance_to(self.now());
        Poll::Ready(())
    }

    pub fn waits(&self) -> Duration {
        self.lock().waits
    }
}
