use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use factify_core::{InviteId, OrganizationId, OrganizationInvite, Timestamp, User, UserId};
use http::{Request, Response};

use crate::handle;
use crate::transport::SandboxTransport;

/// Who calls: what the owner of a key is in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// Owns the organization.
    Owner,
    /// Manages members and invites.
    Admin,
    /// A member without such rights.
    Member,
    /// A user who is not in the organization.
    Outsider,
}

impl Persona {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Member, Self::Outsider];

    fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Outsider => "outsider",
        }
    }
}

/// An email that the API would have sent. The invitation's token is nowhere else.
#[derive(Clone)]
#[non_exhaustive]
pub struct Email {
    /// Whom it goes to.
    pub to: String,
    /// The invite that it is about.
    pub invite_id: InviteId,
    /// When it was sent.
    pub sent_at: Timestamp,
    token: String,
}

impl Email {
    /// The secret that accepts the invitation.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email")
            .field("to", &self.to)
            .field("invite_id", &self.invite_id)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

/// One organization with an owner, an admin, a member and an outsider, each with an API key.
///
/// Cloning shares the state. The same seed and the same requests give the same answers.
#[derive(Clone)]
pub struct Sandbox {
    state: Arc<Mutex<State>>,
}

pub(crate) struct State {
    pub(crate) organization_id: OrganizationId,
    pub(crate) people: Vec<Person>,
    /// In the order of their creation.
    pub(crate) invites: Vec<OrganizationInvite>,
    pub(crate) outbox: Vec<Email>,
    /// Since the sandbox was made.
    pub(crate) elapsed: Duration,
    random: fastrand::Rng,
}

pub(crate) struct Person {
    pub(crate) persona: Persona,
    pub(crate) user: User,
    key: String,
}

/// When the sandbox's clock starts: 2026-01-15T01:30:15Z.
const START: i64 = 1_768_440_615;

impl Sandbox {
    /// A sandbox whose ids, keys and tokens follow from the seed.
    pub fn new(seed: u64) -> Self {
        let mut state = State {
            organization_id: OrganizationId::from_uuid_bytes([0; 16]),
            people: Vec::new(),
            invites: Vec::new(),
            outbox: Vec::new(),
            elapsed: Duration::ZERO,
            random: fastrand::Rng::with_seed(seed),
        };
        state.organization_id = OrganizationId::from_uuid_bytes(state.uuid());
        for persona in Persona::ALL {
            let id = UserId::from_uuid_bytes(state.uuid());
            let name = persona.name();
            let user = User::new(id, name, format!("{name}@example.com"));
            let key = format!("ffy_test_{}", state.secret(69));
            state.people.push(Person { persona, user, key });
        }
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Answers a request as the API would. Depends on the state and the request alone.
    pub fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        handle::handle(&mut self.lock(), request)
    }

    /// A transport, async and blocking, that reaches this sandbox without a socket.
    pub fn transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone())
    }

    /// The organization.
    pub fn organization_id(&self) -> OrganizationId {
        self.lock().organization_id
    }

    /// The API key of a persona. It opens nothing but this sandbox.
    pub fn key(&self, persona: Persona) -> String {
        let state = self.lock();
        let person = state.people.iter().find(|person| person.persona == persona);
        person.map(|person| person.key.clone()).unwrap_or_default()
    }

    /// All emails so far.
    pub fn outbox(&self) -> Vec<Email> {
        self.lock().outbox.clone()
    }

    /// The invites as they are, in the order of their creation.
    pub fn invites(&self) -> Vec<OrganizationInvite> {
        let mut state = self.lock();
        state.expire();
        state.invites.clone()
    }

    /// The time on the sandbox's clock.
    pub fn now(&self) -> Timestamp {
        self.lock().now()
    }

    /// Moves the clock.
    pub fn advance(&self, time: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.saturating_add(time);
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

impl State {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_unix(START, 0)
            .and_then(|start| start.checked_add(self.elapsed))
            .unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn caller(&self, authorization: &str) -> Option<&Person> {
        let key = authorization.strip_prefix("Bearer ")?;
        self.people.iter().find(|person| person.key == key)
    }

    /// A UUID of version 7 for the present time.
    pub(crate) fn uuid(&mut self) -> [u8; 16] {
        let millis = u128::try_from(self.now().unix_millis()).unwrap_or_default();
        let random = self.random.u128(..) >> 48;
        let fixed = 7 << 76 | 0b10 << 62;
        let free = !(0xf << 76 | 0b11 << 62);
        (millis << 80 | random & free | fixed).to_be_bytes()
    }

    pub(crate) fn secret(&mut self, length: usize) -> String {
        std::iter::repeat_with(|| self.random.alphanumeric())
            .take(length)
            .collect()
    }

    pub(crate) fn request_id(&mut self) -> String {
        let id = InviteId::from_uuid_bytes(self.uuid());
        format!("req_{}", id.suffix())
    }

    pub(crate) fn send_email(&mut self, to: String, invite_id: InviteId) {
        let token = self.secret(43);
        let sent_at = self.now();
        self.outbox.push(Email {
            to,
            invite_id,
            sent_at,
            token,
        });
    }

    /// Marks the invites whose time is over.
    pub(crate) fn expire(&mut self) {
        use factify_core::OrganizationInviteStatus::{Expired, Pending};
        let now = self.now();
        for invite in &mut self.invites {
            if invite.status == Pending && now >= invite.expires_at {
                invite.status = Expired;
            }
        }
    }
}

impl State {
    /// Whether a member has such an address.
    pub(crate) fn is_member(&self, address: impl Fn(&str) -> bool) -> bool {
        self.people
            .iter()
            .any(|person| person.persona != Persona::Outsider && address(&person.user.email))
    }
}
