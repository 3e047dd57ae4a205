//! Compares the reports of clients with what happened.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use factify_core::documents::ListDocuments;
use factify_core::sharing::GrantDocumentAccess;
use factify_core::{Operation, Outcome};

use crate::call::Said;
use crate::draw::DRAWS;
use crate::ensure::RESULTS;
use crate::offboard;
use crate::story::{Ended, Story, is_true};
use crate::transfers::{NAMES, Uploaded};
use crate::world::Attempt;

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
        let operations = DRAWS.iter().map(|it| it.operation.id);
        let calls = operations
            .clone()
            .chain(RESULTS.iter().map(|(call, _)| *call));
        let mut wanted: Vec<_> = calls
            .flat_map(|call| [(call, "NotApplied"), (call, "Cancelled")])
            .chain(operations.map(|id| (id, "Done")))
            .collect();
        for name in NAMES {
            wanted.extend(["Done", "NotApplied", "Cancelled"].map(|end| (name, end)));
        }
        let offboard = ["NotApplied", "Cancelled"]
            .into_iter()
            .chain(offboard::RESULTS);
        wanted.extend(offboard.map(|end| (offboard::NAME, end)));
        for it in DRAWS.iter().filter(|it| !it.operation.is_safe()) {
            wanted.push((it.operation.id, "Unknown"));
            if it.has_output && !it.operation.result_in_body {
                wanted.push((it.operation.id, "Applied"));
            }
        }
        for (call, results) in RESULTS {
            wanted.push((call, "Unknown"));
            wanted.extend(results.iter().map(|end| (*call, *end)));
        }
        for (call, end) in wanted {
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
            writeln!(f, "{call:28} {end:16} {count:9}")?;
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
            Said::Done(_) | Said::Saved(_) => "Done".to_owned(),
            Said::Uploaded(uploaded) => {
                let outcome = uploaded.outcome;
                outcome.map_or("Done".to_owned(), |outcome| format!("{outcome:?}"))
            }
            Said::Cancelled(_) => "Cancelled".to_owned(),
            Said::Failed(error) => format!("{:?}", error.outcome()),
            Said::Ensured(found) => found.name().to_owned(),
            Said::Offboarded(_, report) => offboard::result(report).to_owned(),
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
        let may_repeat = one.call.repeats_requests();
        assert!(
            count <= story.max_attempts || may_repeat,
            "{one:?} took {count} attempts"
        );
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

/// A call that was reported as applied was carried out; one that was reported as not applied was not.
fn truth(story: &Story, one: &Ended) {
    let attempts = |look: fn(&Attempt) -> bool| {
        let found = story.world.attempts_of(one.client, one.number, look);
        found.contains(&true)
    };
    let changed = attempts(|it| it.processed.as_ref().is_some_and(|it| it.changed));
    // The lists of an `ensure_…` call apply nothing.
    let applied =
        attempts(|it| !it.is_safe && it.processed.as_ref().is_some_and(|it| it.succeeded));
    match (&one.said, one.call.ensures()) {
        (Said::Failed(error), _) => {
            // An unknown outcome needs a reason: an attempt without a clear response.
            if error.outcome() == Outcome::Unknown {
                assert!(
                    attempts(|it| it.ambiguous),
                    "{one:?} is unknown without a reason"
                );
            }
            assert!(
                is_true(error.outcome(), applied),
                "{one:?}: applied is {applied}"
            );
        }
        (Said::Cancelled(Some(seen)), _) => {
            // The look for an upload applies nothing.
            let is_look = seen.operation == ListDocuments::INFO.id;
            assert!(
                is_true(seen.outcome, applied && !is_look),
                "{one:?}: applied is {applied}"
            );
            let attempts = story.world.attempts_of(one.client, one.number, |_| ());
            let is_counted = one.call.is_walk() || seen.attempts as usize == attempts.len();
            assert!(is_counted, "{one:?} took {} attempts", attempts.len());
        }
        // Nothing was sent, unless it is a list, whose earlier pages ended.
        (Said::Cancelled(None), _) => {
            let sent = story.world.attempts_of(one.client, one.number, |_| ());
            assert!(sent.is_empty() || one.call.is_walk(), "{one:?}");
        }
        (Said::Done(output), _) => {
            let responses = story.world.attempts_of(one.client, one.number, |attempt| {
                let succeeded = attempt.processed.as_ref().filter(|it| it.succeeded);
                let body = succeeded.and(attempt.delivered.as_ref())?;
                one.call.output(body)
            });
            let mut responses = responses.into_iter().flatten();
            // It is exactly what arrived from the server.
            assert!(
                responses.any(|body| output.as_ref().is_none_or(|it| *it == body)),
                "{one:?}"
            );
        }
        // The whole file of one version.
        (Said::Saved(bytes), _) => {
            assert!(attempts_with_file(story, one, bytes), "{one:?}");
        }
        (Said::Uploaded(uploaded), _) => check_upload(story, one, uploaded, applied),
        (Said::Offboarded(person, report), _) => {
            offboard::check(report, *person, &story.world, (one.started, one.at));
        }
        (Said::Ensured(found), Some(about)) => {
            found.check(about, &story.world, (one.started, one.at), changed);
        }
        _ => {}
    }
}

/// Whether a request of the call was for a file with these bytes.
fn attempts_with_file(story: &Story, one: &Ended, bytes: &[u8]) -> bool {
    let is_same = story.world.attempts_of(one.client, one.number, |attempt| {
        let processed = attempt.processed.as_ref();
        let file = processed.and_then(|processed| processed.file.as_ref());
        file.is_some_and(|file| *file == bytes)
    });
    is_same.contains(&true)
}

/// The outcome of an upload is true, there is at most one document, and the look for it finds it if it was there
/// before.
fn check_upload(story: &Story, one: &Ended, uploaded: &Uploaded, applied: bool) {
    let is_known = uploaded
        .outcome
        .is_none_or(|outcome| is_true(outcome, applied));
    assert!(
        is_known && (applied || uploaded.outcome.is_some()),
        "{one:?}"
    );
    let documents = story.world.sandbox.documents().into_iter();
    let ids = documents.filter(|document| document.title == uploaded.title);
    let ids: Vec<_> = ids.map(|document| document.id).collect();
    assert_eq!(ids.len(), usize::from(applied), "{one:?}");
    let Some(found) = &uploaded.found else {
        return;
    };
    assert!(found.is_empty() || *found == ids, "{one:?}");
    let attempts = story.world.attempts_of(one.client, one.number, |attempt| {
        let processed = attempt.processed.as_ref()?;
        processed
            .succeeded
            .then_some((attempt.is_safe, processed.at))
    });
    let first = |is_safe| {
        let found = attempts.iter().flatten().filter(|it| it.0 == is_safe);
        found.map(|it| it.1).min()
    };
    if let (Some(created), Some(listed)) = (first(false), first(true)) {
        assert!(created >= listed || !found.is_empty(), "{one:?}");
    }
}

/// An operation that is not idempotent is carried out at most once, and then changes something. A safe one
/// changes nothing. One that is idempotent sends no email.
fn effects(story: &Story, one: &Ended) {
    let processed = story.world.attempts_of(one.client, one.number, |attempt| {
        let processed = attempt.processed.as_ref();
        processed.map_or((0, 0, 0), |it| {
            (
                usize::from(it.succeeded && !attempt.is_safe),
                usize::from(it.changed),
                it.emails,
            )
        })
    });
    let (successes, changes, emails) = processed.iter().fold((0, 0, 0), |sum, one| {
        (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2)
    });
    if one.call.is_idempotent() {
        assert_eq!(emails, 0, "{one:?}");
    } else {
        assert!(
            successes <= 1 && emails <= 1,
            "{one:?} was carried out {successes} times"
        );
        // Grants may all fail.
        if one.call.name() != GrantDocumentAccess::INFO.id {
            assert_eq!(changes, successes, "{one:?}");
        }
    }
    assert!(
        changes == 0 || !one.call.is_safe(),
        "{one:?} changed something"
    );
}
