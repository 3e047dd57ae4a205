//! What clients said, held against what happened.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use factify_core::{Ensured, OrganizationInviteStatus as Status, Outcome};

use crate::story::{Call, Ended, Said, Story, is_true};

/// What was simulated.
#[derive(Default)]
pub struct Figures {
    runs: u64,
    attempts: usize,
    /// How often each call ended in each way.
    ends: BTreeMap<(&'static str, String), u64>,
}

impl Figures {
    /// That each call ended in each way that it can.
    pub fn assert_all_seen(&self) {
        for call in [
            "revoke",
            "create",
            "resend",
            "accept",
            "list",
            "ensure_revoked",
        ] {
            let mut ends = vec!["NotApplied", "Cancelled"];
            match call {
                "list" => ends.push("Done"),
                "ensure_revoked" => {
                    ends.extend([
                        "Unknown",
                        "Revoked",
                        "AlreadyRevoked",
                        "AlreadyAccepted",
                        "Expired",
                    ]);
                }
                _ => ends.extend(["Done", "Applied", "Unknown"]),
            }
            for end in ends {
                let seen = self.ends.get(&(call, end.to_owned()));
                assert!(seen.is_some(), "{call} never ended as {end}:\n{self}");
            }
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
            writeln!(f, "{call:15} {end:16} {count:9}")?;
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
        emails(story, one);
        let call = match one.call {
            Call::Revoke(_) => "revoke",
            Call::Create(_) => "create",
            Call::Resend(_) => "resend",
            Call::Accept(_) => "accept",
            Call::List => "list",
            Call::Ensure(_) => "ensure_revoked",
        };
        let end = match &one.said {
            Said::Done => "Done".to_owned(),
            Said::Cancelled => "Cancelled".to_owned(),
            Said::Failed(error) => format!("{:?}", error.outcome()),
            Said::Ensured(ensured) => {
                let debug = format!("{ensured:?}");
                debug.split('(').next().unwrap_or_default().to_owned()
            }
        };
        *figures.ends.entry((call, end)).or_default() += 1;
    }
    figures
}

/// Of each request no attempt too many, none before the server's wait or after the deadline; and no
/// call longer than that.
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
    if let (Said::Failed(error), false) = (&one.said, matches!(one.call, Call::List)) {
        assert_eq!(error.attempts() as usize, attempts.len(), "{one:?}");
    }
    if !matches!(one.call, Call::List) {
        assert!(
            one.at.saturating_sub(one.started) <= story.deadline,
            "{one:?} took too long"
        );
    }
}

/// What it said was applied is there, what it said was not is not.
fn truth(story: &Story, one: &Ended) {
    let applied = story.world.attempts_of(one.client, one.number, |attempt| {
        attempt
            .processed
            .as_ref()
            .is_some_and(|processed| processed.changed)
    });
    let changed = applied.contains(&true);
    match (&one.said, &one.call) {
        (Said::Failed(error), _) => {
            // Doubt has a reason: some attempt without a clear answer.
            if error.outcome() == Outcome::Unknown {
                let doubts = story
                    .world
                    .attempts_of(one.client, one.number, |a| a.ambiguous);
                assert!(doubts.contains(&true), "{one:?} doubts without a reason");
            }
            assert!(
                is_true(error.outcome(), changed),
                "{one:?}: changed is {changed}"
            );
        }
        (Said::Done, Call::List) => assert!(!changed, "{one:?}"),
        (Said::Done, _) => assert!(changed, "{one:?}"),
        (Said::Ensured(ensured), Call::Ensure(id)) => {
            let truth = one.truth.as_ref().expect("it is noted");
            assert_eq!(ensured.invite().id, *id);
            match &**ensured {
                // For good: nobody can join any more, whatever still comes.
                Ensured::Revoked(_) => assert_eq!(story.status(*id), Status::Revoked, "{one:?}"),
                Ensured::AlreadyRevoked(_) => {
                    assert_eq!(story.status(*id), Status::Revoked, "{one:?}");
                    assert!(!changed, "{one:?} did it");
                }
                Ensured::AlreadyAccepted(_) => {
                    assert_eq!(*truth, Status::Accepted, "{one:?}");
                    assert!(!changed, "{one:?}");
                }
                // Somebody may have revived it after the list was read.
                Ensured::Expired(_) => {
                    let (from, to) = (one.started, one.at);
                    let was = story.world.was(*id, &Status::Expired, from, to);
                    assert!(was, "{one:?}");
                }
                other => panic!("{other:?} is not known here"),
            }
        }
        _ => {}
    }
}

/// What sends an email sends one at the most, and nothing else sends any.
fn emails(story: &Story, one: &Ended) {
    let emails = story.world.attempts_of(one.client, one.number, |attempt| {
        attempt
            .processed
            .as_ref()
            .map_or(0, |processed| processed.emails)
    });
    let allowed = usize::from(matches!(one.call, Call::Create(_) | Call::Resend(_)));
    assert!(
        emails.iter().sum::<usize>() <= allowed,
        "{one:?} sent {emails:?} emails"
    );
}
