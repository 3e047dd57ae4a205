//! Compares the reports of clients with what happened.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use factify_core::invites::{EnsuredState, OrganizationInviteStatus as Status};
use factify_core::{OPERATIONS, Outcome};

use crate::call::Said;
use crate::story::{Ended, Story, is_true};

/// What was simulated.
#[derive(Default)]
pub struct Figures {
    runs: u64,
    attempts: usize,
    /// How often each call ended in each way.
    ends: BTreeMap<(&'static str, String), u64>,
}

impl Figures {
    /// Checks that each operation ended in each possible way.
    pub fn assert_all_seen(&self) {
        let ensured = [
            "Revoked",
            "AlreadyRevoked",
            "AlreadyAccepted",
            "Expired",
            "Unknown",
        ];
        let ensured = ensured.map(|end| ("ensure_revoked", end));
        let both = OPERATIONS
            .iter()
            .map(|info| info.id)
            .chain(["ensure_revoked"]);
        let both = both.flat_map(|call| [(call, "NotApplied"), (call, "Cancelled")]);
        let done = OPERATIONS.iter().map(|info| (info.id, "Done"));
        let writes = OPERATIONS.iter().filter(|info| !info.is_safe());
        let writes = writes.flat_map(|info| [(info.id, "Applied"), (info.id, "Unknown")]);
        for (call, end) in both.chain(done).chain(writes).chain(ensured) {
            let seen = self.ends.contains_key(&(call, end.to_owned()));
            assert!(seen, "{call} never ended as {end}:\n{self}");
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: u64 = self.ends.values().sum();
        writeln!(
            f,
            "{} runs, {calls} calls, {} attempts",
            self.runs, self.attempts
        )?;
        for ((call, end), count) in &self.ends {
            writeln!(f, "{call:25} {end:16} {count:9}")?;
        }
        Ok(())
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum.runs += one.runs;
            sum.attempts += one.attempts;
            for (end, count) in one.ends {
                *sum.ends.entry(end).or_default() += count;
            }
            sum
        })
    }
}

pub fn check(story: &Story, ended: &[Ended]) -> Figures {
    let mut figures = Figures {
        runs: 1,
        attempts: story.world.attempts(),
        ..Figures::default()
    };
    for one in ended {
        times(story, one);
        truth(story, one);
        effects(story, one);
        let end = match &one.said {
            Said::Done => "Done".to_owned(),
            Said::Cancelled(_) => "Cancelled".to_owned(),
            Said::Failed(error) => format!("{:?}", error.outcome()),
            Said::Ensured(ensured) => format!("{:?}", ensured.state),
        };
        *figures.ends.entry((one.call.name(), end)).or_default() += 1;
    }
    figures
}

/// No request has too many attempts, no attempt begins before the server's wait is over or after the
/// deadline, and no call takes longer than its deadline.
fn times(story: &Story, one: &Ended) {
    let attempts = story.world.attempts_of(one.client, one.number, |attempt| {
        (attempt.target.clone(), attempt.started, attempt.not_before)
    });
    for request in attempts.chunk_by(|one, other| one.0 == other.0) {
        let count = u32::try_from(request.len()).unwrap();
        assert!(count <= story.max_attempts, "{one:?} took {count} attempts");
        for pair in request.windows(2) {
            assert!(pair[1].1 >= pair[0].2, "{one:?} did not wait: {request:?}");
        }
        let began = request[0].1;
        let last = request[request.len() - 1].1;
        assert!(
            last.saturating_sub(began) <= story.deadline,
            "{one:?} began too late"
        );
    }
    if let (Said::Failed(error), false) = (&one.said, one.call.is_walk()) {
        assert_eq!(error.attempts() as usize, attempts.len(), "{one:?}");
    }
    if !one.call.is_walk() {
        assert!(
            one.at.saturating_sub(one.started) <= story.deadline,
            "{one:?} took too long"
        );
    }
}

/// A change that was reported as applied happened; one that was reported as not applied did not.
fn truth(story: &Story, one: &Ended) {
    let applied = story.world.attempts_of(one.client, one.number, |attempt| {
        attempt
            .processed
            .as_ref()
            .is_some_and(|processed| processed.changed)
    });
    let changed = applied.contains(&true);
    match (&one.said, one.call.ensures()) {
        (Said::Failed(error), _) => {
            // An unknown outcome needs a reason: an attempt without a clear response.
            if error.outcome() == Outcome::Unknown {
                let doubts = story
                    .world
                    .attempts_of(one.client, one.number, |a| a.ambiguous);
                assert!(
                    doubts.contains(&true),
                    "{one:?} is unknown without a reason"
                );
            }
            assert!(
                is_true(error.outcome(), changed),
                "{one:?}: changed is {changed}"
            );
        }
        (Said::Cancelled(Some(seen)), _) => {
            assert!(
                is_true(seen.outcome, changed),
                "{one:?}: changed is {changed}"
            );
            let attempts = story.world.attempts_of(one.client, one.number, |_| ());
            let is_counted = one.call.is_walk() || seen.attempts as usize == attempts.len();
            assert!(is_counted, "{one:?} took {} attempts", attempts.len());
        }
        // Nothing was sent.
        (Said::Cancelled(None), _) => assert!(!changed, "{one:?}"),
        (Said::Done, _) => assert_eq!(changed, !one.call.is_safe(), "{one:?}"),
        (Said::Ensured(ensured), Some(id)) => {
            let truth = one.truth.as_ref().expect("it was recorded");
            assert_eq!(ensured.invite.as_ref().unwrap().id, id);
            match ensured.state {
                // Permanent: nobody can join, whatever still arrives.
                EnsuredState::Revoked => assert_eq!(story.status(id), Status::Revoked, "{one:?}"),
                EnsuredState::AlreadyRevoked => {
                    assert_eq!(story.status(id), Status::Revoked, "{one:?}");
                    assert!(!changed, "{one:?} did it");
                }
                EnsuredState::AlreadyAccepted => {
                    assert_eq!(*truth, Status::Accepted, "{one:?}");
                    assert!(!changed, "{one:?}");
                }
                // Somebody may have resent it after the list was read.
                EnsuredState::Expired => {
                    let (from, to) = (one.started, one.at);
                    let was = story.world.was(id, &Status::Expired, from, to);
                    assert!(was, "{one:?}");
                }
                other => panic!("{other:?} is not known here"),
            }
        }
        _ => {}
    }
}

/// An operation that is not idempotent is carried out at most once. Emails make this visible.
fn effects(story: &Story, one: &Ended) {
    let processed = story.world.attempts_of(one.client, one.number, |attempt| {
        let processed = attempt.processed.as_ref();
        processed.map_or((0, 0), |it| (usize::from(it.changed), it.emails))
    });
    let (changes, emails) = processed
        .iter()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if one.call.is_idempotent() {
        assert_eq!(emails, 0, "{one:?}");
    } else {
        assert!(
            changes <= 1 && emails <= 1,
            "{one:?} did it {changes} times"
        );
    }
}
