use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lane::{Lane, WINDOW};
use super::{Pace, PacedAttempt, PacedRequest};

/// How long to wait after a refusal that does not say it.
const UNNAMED_WAIT: Duration = Duration::from_secs(5);

/// How long others wait for a request that does not come at its time.
const PATIENCE: Duration = Duration::from_millis(100);

/// A [`Pace`] for the clients of one process that share an API key.
///
/// In any minute it sends at most 1,000 requests, and 100 that create something: the documented limits. A tenth
/// of them may be sent at once; the others are spread over three quarters of a minute. The first that asks is the
/// first that sends. It learns other limits from the responses. If the API refuses a request although the pace kept
/// its limit, others use the same key: the pace then uses only as much as the API accepted, and slowly tries more.
/// It does not know what the process sent before it was restarted.
///
/// The wait for a turn counts against the deadline of the call. A call fails with
/// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) before it is sent if its turn would come too late, so limit
/// the number of calls at the same time, or raise the deadline.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::sync::Arc;
/// use factify::{BearerToken, ClientConfig, LocalPace};
///
/// let pace = Arc::new(LocalPace::new());
/// let config = ClientConfig::new(BearerToken::new("ffy_test_example")?).pace(pace);
/// // All clients with this configuration share the pace.
/// # let _ = config;
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct LocalPace(Mutex<Lanes>);

#[derive(Debug)]
struct Lanes {
    requests: Lane,
    creations: Lane,
    /// The requests that wait, in the order in which they came.
    waiting: BTreeMap<u64, Waiting>,
    /// Whether the API counts each POST as a creation.
    counts_each_post: bool,
}

#[derive(Debug)]
struct Waiting {
    is_creation: bool,
    /// When it asks again.
    until: Duration,
}

impl LocalPace {
    /// The documented limit of a minute: "1000 requests/minute per API key".
    pub const REQUESTS: u32 = 1_000;

    /// The documented limit of a minute: "100/minute for resource creation (POST)".
    pub const CREATIONS: u32 = 100;

    /// A pace with the documented limits. If a response names a higher limit of requests, it uses that.
    pub fn new() -> Self {
        Self::of(
            Lane::new(Self::REQUESTS, u32::MAX),
            Lane::new(Self::CREATIONS, Self::CREATIONS),
        )
    }

    /// A pace for a key with other limits, or for a part of the limits: the requests in a minute, and those of
    /// them that create something. It never sends more. 0 counts as 1.
    pub fn with_limits(requests: u32, creations: u32) -> Self {
        Self::of(
            Lane::new(requests, requests),
            Lane::new(creations, creations),
        )
    }

    fn of(requests: Lane, creations: Lane) -> Self {
        Self(Mutex::new(Lanes {
            requests,
            creations,
            waiting: BTreeMap::new(),
            counts_each_post: false,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for LocalPace {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace for LocalPace {
    fn turn_blocking(&self, request: &PacedRequest) -> Duration {
        self.lock().turn(request)
    }

    fn gave_up(&self, request: &PacedRequest) {
        self.lock().waiting.remove(&request.id);
    }

    fn attempted(&self, attempt: &PacedAttempt) {
        self.lock().attempted(attempt);
    }
}

impl Lanes {
    fn turn(&mut self, request: &PacedRequest) -> Duration {
        let now = request.now.monotonic;
        let is_creation = self.is_creation(request);
        self.requests.forget(now);
        self.creations.forget(now);
        self.waiting.remove(&request.id);
        self.waiting
            .retain(|_, other| other.until.saturating_add(WINDOW) > now);
        let at = if is_creation {
            let creations = self.creations.next(now, self.ahead(request, is_creation));
            // The other requests let it pass if they are many more. Otherwise it would hold them back.
            let passes = self.creations.share() <= self.requests.share() / 2;
            let ahead = if passes {
                0
            } else {
                self.ahead(request, false)
            };
            creations.max(self.requests.next(now, ahead))
        } else {
            self.requests.next(now, self.ahead(request, is_creation))
        };
        let wait = at.saturating_sub(now);
        if wait.is_zero() {
            self.requests.take(now);
            if is_creation {
                self.creations.take(now);
            }
        } else if wait < request.left {
            let waiting = Waiting {
                is_creation,
                until: at,
            };
            self.waiting.insert(request.id, waiting);
        }
        wait
    }

    /// How many requests of its kind came before it and wait.
    fn ahead(&self, request: &PacedRequest, is_creation: bool) -> u32 {
        let now = request.now.monotonic;
        let before = self.waiting.range(..request.id).map(|(_, other)| other);
        let ahead = before.filter(|other| {
            other.is_creation == is_creation && other.until.saturating_add(PATIENCE) > now
        });
        u32::try_from(ahead.count()).unwrap_or(u32::MAX / 2)
    }

    fn is_creation(&self, request: &PacedRequest) -> bool {
        request.is_creation || request.is_post && self.counts_each_post
    }

    fn attempted(&mut self, attempt: &PacedAttempt) {
        let request = &attempt.request;
        let turn = request.now.monotonic;
        let now = turn.saturating_add(attempt.elapsed);
        let named = attempt.rate_limit.limit;
        let named = named.and_then(|named| u32::try_from(named).ok());
        // The headers do not say which limit they are about.
        let is_of_creations = match named {
            Some(named) => request.is_post && self.is_near_creations(named),
            None => attempt.is_limited && self.is_creation(request),
        };
        if is_of_creations && attempt.is_limited {
            self.counts_each_post |= !request.is_creation;
        }
        let (lane, other) = if is_of_creations {
            (&mut self.creations, &mut self.requests)
        } else {
            (&mut self.requests, &mut self.creations)
        };
        match named {
            // The limit of the other lane may look like a higher limit of creations.
            Some(named) if is_of_creations => lane.set_limit(named.min(lane.limit())),
            Some(named) => lane.set_limit(named),
            None => {}
        }
        let wait = attempt.resets_in.unwrap_or(UNNAMED_WAIT).min(WINDOW);
        if attempt.is_limited {
            lane.limited(turn, now, wait);
        } else if attempt.rate_limit.remaining == Some(0) {
            lane.pause(now, wait);
        }
        if attempt.status.is_some() {
            other.responded(turn, attempt.elapsed);
            if !attempt.is_limited {
                lane.responded(turn, attempt.elapsed);
            }
        }
    }

    /// Whether a limit is nearer to that of creations, as a ratio.
    fn is_near_creations(&self, named: u32) -> bool {
        let limits = u64::from(self.requests.limit()) * u64::from(self.creations.limit());
        u64::from(named) * u64::from(named) <= limits
    }
}
