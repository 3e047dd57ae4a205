//! Counts the requests of a key in each minute.

use std::time::Duration;

use factify_core::LocalPace;
use http::{HeaderMap, HeaderName, HeaderValue};

/// The limits of a key in a minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) requests: u64,
    pub(crate) creations: u64,
}

#[allow(clippy::cast_lossless)] // `u64::from` is not `const`.
impl Limits {
    /// Those of v1beta.
    pub(crate) const DOCUMENTED: Self = Self {
        requests: LocalPace::REQUESTS as u64,
        creations: LocalPace::CREATIONS as u64,
    };
}

/// What a key has used in the current minute.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    minute: u64,
    requests: u64,
    creations: u64,
}

/// What is left after a request, for the headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left {
    pub(crate) allowed: bool,
    pub(crate) limit: u64,
    remaining: u64,
    /// When the count restarts, in seconds since the epoch.
    pub(crate) reset: u64,
}

impl Usage {
    /// Counts a request at `unix` since the epoch.
    pub(crate) fn count(&mut self, unix: Duration, creates: bool, limits: Limits) -> Left {
        let minute = unix.as_secs() / 60;
        if self.minute != minute {
            *self = Self {
                minute,
                ..Self::default()
            };
        }
        let (used, limit) = if creates && self.creations >= limits.creations {
            (&mut self.creations, limits.creations)
        } else {
            self.creations += u64::from(creates);
            (&mut self.requests, limits.requests)
        };
        let allowed = *used < limit;
        *used += u64::from(allowed);
        Left {
            allowed,
            limit,
            remaining: limit - *used,
            reset: (minute + 1) * 60,
        }
    }
}

impl Left {
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("x-ratelimit-limit", self.limit),
            ("x-ratelimit-remaining", self.remaining),
            ("x-ratelimit-reset", self.reset),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_minute_has_a_new_count() {
        let (mut usage, limits) = (Usage::default(), Limits::DOCUMENTED);
        let mut count = |at, creates| usage.count(at, creates, limits);
        let at = Duration::from_secs(119);
        for n in 0..limits.creations {
            assert!(count(at, true).allowed, "creation {n}");
        }
        let over = count(at, true);
        assert_eq!(
            (over.allowed, over.limit, over.remaining, over.reset),
            (false, 100, 0, 120)
        );
        for n in 0..limits.requests - limits.creations {
            assert!(count(at, false).allowed, "request {n}");
        }
        assert!(!count(at, false).allowed);
        let anew = count(Duration::from_secs(120), true);
        assert_eq!((anew.allowed, anew.remaining, anew.reset), (true, 999, 180));
    }
}
