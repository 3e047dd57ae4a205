use std::hash::{DefaultHasher, Hash, Hasher};
use std::iter::repeat_with;

use factify_core::types::IdKind;
use factify_core::{InviteId, Timestamp};

/// Generates IDs and secrets. Each kind has its own random stream, so creating more of one kind does
/// not change the others.
pub(crate) struct Ids {
    streams: Vec<(IdKind, fastrand::Rng)>,
    requests: fastrand::Rng,
    keys: fastrand::Rng,
    records: fastrand::Rng,
    tokens: fastrand::Rng,
    user_tokens: fastrand::Rng,
    events: fastrand::Rng,
    links: fastrand::Rng,
    /// The secret that signs page tokens.
    pub(crate) page_secret: u64,
}

impl Ids {
    /// The streams of a seed; another family has other streams.
    pub(crate) fn new(seed: u64, family: &str) -> Self {
        let stream = |name: &str| {
            let mut hasher = DefaultHasher::new();
            (seed, name).hash(&mut hasher);
            if !family.is_empty() {
                family.hash(&mut hasher);
            }
            fastrand::Rng::with_seed(hasher.finish())
        };
        let kinds = IdKind::ALL.iter();
        Self {
            streams: kinds.map(|kind| (*kind, stream(kind.prefix()))).collect(),
            requests: stream("requests"),
            keys: stream("keys"),
            records: stream("records"),
            tokens: stream("tokens"),
            user_tokens: stream("user tokens"),
            events: stream("events"),
            links: stream("links"),
            page_secret: stream("pages").u64(..),
        }
    }

    /// The UUID of the next ID of this kind.
    pub(crate) fn next(&mut self, kind: IdKind, now: Timestamp) -> [u8; 16] {
        let stream = self.streams.iter_mut().find(|(other, _)| *other == kind);
        stream.map_or([0; 16], |(_, random)| uuid(random, now))
    }

    /// The UUID of the next request's ID.
    pub(crate) fn request(&mut self, now: Timestamp) -> [u8; 16] {
        uuid(&mut self.requests, now)
    }

    /// The UUID of the next record, as text.
    pub(crate) fn record(&mut self, now: Timestamp) -> String {
        let uuid = u128::from_be_bytes(uuid(&mut self.records, now));
        let hex = format!("{uuid:032x}");
        let mut text = String::new();
        for (at, digit) in hex.chars().enumerate() {
            if [8, 12, 16, 20].contains(&at) {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }

    /// The secret of an API key. The part after its start is sorted by time, like an ID.
    pub(crate) fn key(&mut self, now: Timestamp) -> String {
        let start = InviteId::from_uuid_bytes(uuid(&mut self.keys, now));
        format!("ffy_test_{}{}", start.suffix(), secret(&mut self.keys, 43))
    }

    /// It looks like a JSON Web Token.
    pub(crate) fn user_token(&mut self) -> String {
        let mut part = |length| secret(&mut self.user_tokens, length);
        format!("eyJ{}.eyJ{}.{}", part(33), part(60), part(43))
    }

    /// The text of a UUID.
    pub(crate) fn event(&mut self, now: Timestamp) -> String {
        let id = u128::from_be_bytes(uuid(&mut self.events, now));
        let hex = format!("{id:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
        let parts = parts.map(|part| hex.get(part).unwrap_or_default());
        parts.join("-")
    }

    /// The ID of a share link.
    pub(crate) fn link(&mut self) -> String {
        secret(&mut self.links, 22)
    }

    pub(crate) fn invitation_token(&mut self) -> String {
        secret(&mut self.tokens, 43)
    }
}

/// A UUID version 7 with this time.
fn uuid(random: &mut fastrand::Rng, time: Timestamp) -> [u8; 16] {
    let millis = u128::try_from(time.unix_millis()).unwrap_or_default();
    let random = random.u128(..) >> 48;
    let fixed = 7 << 76 | 0b10 << 62;
    let free = !(0xf << 76 | 0b11 << 62);
    (millis << 80 | random & free | fixed).to_be_bytes()
}

fn secret(random: &mut fastrand::Rng, length: usize) -> String {
    repeat_with(|| random.alphanumeric()).take(length).collect()
}
