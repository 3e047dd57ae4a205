//! The pace of a client: how many requests it lets through, in which order, and what it learns.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::{
    CreateOrganizationInvite, ListOrganizationInvites, RevokeOrganizationInvite,
};
use factify_core::{
    AttemptReport, BearerToken, ClientConfig, ErrorKind, Limits, LocalPace, Now, Observer,
    Operation, OperationInfo, OrganizationId, Outcome, Pace, PacedAttempt, PacedRequest, RateLimit,
    RequestBody, RetryPolicy, TransportError,
};
use http::{Request, Response, StatusCode};
use proptest::prelude::*;

const MINUTE: Duration = Duration::from_secs(60);

const CREATE: &OperationInfo = &CreateOrganizationInvite::INFO;
/// A POST that creates nothing.
const REVOKE: &OperationInfo = &RevokeOrganizationInvite::INFO;
const READ: &OperationInfo = &ListOrganizationInvites::INFO;

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn at(time: Duration) -> Now {
    Now {
        monotonic: time,
        ..Now::default()
    }
}

fn request(time: Duration, operation: &OperationInfo) -> PacedRequest {
    PacedRequest::new(operation, at(time))
}

/// Asks for a turn at this time. Returns when it has its turn, or asks again.
fn ask(pace: &LocalPace, request: &mut PacedRequest, time: Duration) -> Duration {
    request.now = at(time);
    time + pace.turn_blocking(request)
}

/// A response after 50 ms.
fn response(request: PacedRequest, status: StatusCode) -> PacedAttempt {
    let mut attempt = PacedAttempt::new(request, Duration::from_millis(50));
    attempt.status = Some(status);
    attempt
}

fn limit(limit: u64, remaining: u64) -> RateLimit {
    let mut rate_limit = RateLimit::default();
    rate_limit.limit = Some(limit);
    rate_limit.remaining = Some(remaining);
    rate_limit
}

/// The API refuses a request that has its turn at this time.
fn refuse(
    pace: &LocalPace,
    time: Duration,
    operation: &OperationInfo,
    named: u64,
    resets_in: Option<Duration>,
) {
    let mut attempt = response(request(time, operation), StatusCode::TOO_MANY_REQUESTS);
    attempt.rate_limit = limit(named, 0);
    attempt.resets_in = resets_in;
    attempt.is_limited = true;
    pace.attempted(&attempt);
}

/// The times at which these requests are sent, if they ask at the start. Each has a response.
fn sent(
    pace: &LocalPace,
    start: Duration,
    operations: &[(usize, &OperationInfo)],
) -> Vec<Duration> {
    let all = operations.iter();
    let all = all.flat_map(|(count, operation)| (0..*count).map(move |_| operation));
    let mut queue: Vec<_> = all
        .map(|operation| (start, request(start, operation)))
        .collect();
    let mut sent = Vec::new();
    while !queue.is_empty() {
        let (now, mut request) = queue.remove(0);
        let next = ask(pace, &mut request, now);
        if next == now {
            sent.push(now);
            pace.attempted(&response(request, StatusCode::OK));
        } else {
            let position = queue.partition_point(|(other, _)| *other <= next);
            queue.insert(position, (next, request));
        }
    }
    sent
}

fn before(times: &[Duration], end: Duration) -> usize {
    times.iter().filter(|time| **time < end).count()
}

/// What a request does that asks for a turn.
#[derive(Debug, Clone)]
struct Plan {
    asks_at: Duration,
    operation: &'static OperationInfo,
    /// How late it comes when it asks again.
    lateness: Duration,
    /// It gives up if it has no turn after this time.
    patience: Duration,
    /// Whether it says that it gives up.
    says_so: bool,
    elapsed: Duration,
    /// The part of `elapsed` after which the server counts it.
    arrives: f64,
}

fn plan() -> impl Strategy<Value = Plan> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    let rarely = |most: u64| prop_oneof![4 => Just(Duration::ZERO), 1 => millis(most)];
    let operation = prop_oneof![Just(CREATE), Just(REVOKE), Just(READ)];
    let patience = prop_oneof![3 => Just(MINUTE * 100), 1 => millis(20_000)];
    let times = (millis(300_000), rarely(3_000), patience, millis(5_000));
    let others = (operation, any::<bool>(), 0.0..=1.0);
    (times, others).prop_map(|(times, (operation, says_so, arrives))| Plan {
        asks_at: times.0,
        operation,
        lateness: times.1,
        patience: times.2,
        says_so,
        elapsed: times.3,
        arrives,
    })
}

/// What happens to a request next.
#[derive(Debug)]
enum Next {
    Ask(PacedRequest),
    Respond(PacedAttempt),
}

/// Carries out the plans. Returns when the server counts each request, and whether it creates something.
fn play(pace: &LocalPace, plans: &[Plan]) -> Vec<(Duration, bool)> {
    let asks = plans.iter().enumerate();
    let asks = asks.map(|(number, plan)| {
        let request = request(plan.asks_at, plan.operation);
        (plan.asks_at, number, Next::Ask(request))
    });
    let mut events: Vec<_> = asks.collect();
    let mut counted = Vec::new();
    while !events.is_empty() {
        events.sort_by_key(|(time, number, _)| (*time, *number));
        let (now, number, next) = events.remove(0);
        let plan = &plans[number];
        let mut request = match next {
            Next::Ask(request) => request,
            Next::Respond(attempt) => {
                pace.attempted(&attempt);
                continue;
            }
        };
        let next = ask(pace, &mut request, now);
        let end = plan.asks_at + plan.patience;
        if next == now {
            let arrived = now + plan.elapsed.mul_f64(plan.arrives);
            counted.push((arrived, request.is_creation));
            let mut attempt = response(request, StatusCode::OK);
            attempt.elapsed = plan.elapsed;
            events.push((now + plan.elapsed, number, Next::Respond(attempt)));
        } else if next < end {
            events.push((next + plan.lateness, number, Next::Ask(request)));
        } else if plan.says_so {
            pace.gave_up(&request);
        }
    }
    counted
}

proptest! {
    #[test]
    fn in_any_minute_the_server_counts_at_most_the_limit(
        creations in 1_u32..30,
        others in 0_u32..30,
        plans in proptest::collection::vec(plan(), 1..150),
    ) {
        let pace = LocalPace::with_limits(creations + others, creations);
        let counted = play(&pace, &plans);
        for (start, _) in &counted {
            let within = counted.iter().filter(|(at, _)| at >= start && *at < *start + MINUTE);
            let created = within.clone().filter(|(_, creates)| *creates).count();
            prop_assert!(created <= creations as usize, "{created} creations from {start:?} on");
            let all = within.count();
            prop_assert!(all <= (creations + others) as usize, "{all} requests from {start:?} on");
        }
    }

    #[test]
    fn requests_that_gave_up_do_not_delay_others(
        creations in 1_u32..30,
        gone in proptest::collection::vec((0_u64..60_000, any::<bool>()), 0..100),
    ) {
        let paces = [0, 1].map(|_| LocalPace::with_limits(creations * 2, creations));
        let operations = [(creations as usize, CREATE), (10, READ)];
        for pace in &paces {
            sent(pace, MINUTE, &operations);
        }
        for (time, creates) in gone {
            let mut request = request(MINUTE, if creates { CREATE } else { READ });
            let now = MINUTE * 2 + Duration::from_millis(time);
            if ask(&paces[0], &mut request, now) == now {
                ask(&paces[1], &mut request, now);
            } else {
                paces[0].gave_up(&request);
            }
        }
        let [first, second] = paces.map(|pace| sent(&pace, MINUTE * 3, &operations));
        prop_assert_eq!(first, second);
    }
}

#[test]
fn calls_that_time_out_again_and_again_do_not_stop_the_pace() {
    let pace = LocalPace::new();
    let mut created = 0;
    for round in 0..60 {
        let start = MINUTE + seconds(5.0) * round;
        let plan = Plan {
            asks_at: start,
            operation: CREATE,
            lateness: Duration::ZERO,
            patience: seconds(5.0),
            says_so: true,
            elapsed: Duration::ZERO,
            arrives: 0.0,
        };
        created += play(&pace, &vec![plan; 64]).len();
    }
    // Five minutes.
    assert!(created >= 490, "{created}");
}

#[test]
fn a_tenth_is_sent_at_once_and_the_rest_is_spread_over_three_quarters_of_a_minute() {
    let sent = sent(&LocalPace::new(), MINUTE, &[(100, CREATE)]);
    assert_eq!(before(&sent, MINUTE + seconds(0.1)), 10);
    assert!(
        sent[99] <= MINUTE + seconds(45.0) && sent[99] >= MINUTE + seconds(38.0),
        "{sent:?}"
    );
}

#[test]
fn the_first_that_asks_is_the_first_that_sends() {
    let pace = LocalPace::with_limits(10, 10);
    let mut waiting: Vec<_> = (0..30).map(|_| request(MINUTE, READ)).collect();
    let turns = waiting.iter_mut().map(|it| ask(&pace, it, MINUTE));
    let turns: Vec<_> = turns.collect();
    assert!(turns.is_sorted() && turns[0] == MINUTE && turns[1] > MINUTE);
    for (turn, ten_later) in turns.iter().zip(&turns[10..]) {
        let between = ten_later.saturating_sub(*turn);
        assert!(between >= MINUTE && between <= seconds(66.0), "{turns:?}");
    }
    for (request, turn) in waiting.iter_mut().zip(&turns).skip(1).take(5) {
        // Too early, and another that asks at that time.
        let early = turn.saturating_sub(Duration::from_millis(1));
        assert_eq!(ask(&pace, request, early), *turn);
        let mut other = self::request(*turn, READ);
        assert!(ask(&pace, &mut other, *turn) > *turn);
        pace.gave_up(&other);
        assert_eq!(ask(&pace, request, *turn), *turn);
    }
}

#[test]
fn a_request_counts_for_a_minute_after_its_response() {
    for (has_response, expected) in [(true, 60.1), (false, 65.05)] {
        let pace = LocalPace::with_limits(1_000, 1);
        let mut first = request(MINUTE, CREATE);
        assert_eq!(ask(&pace, &mut first, MINUTE), MINUTE);
        if has_response {
            pace.attempted(&response(first, StatusCode::OK));
        }
        let next = ask(&pace, &mut request(MINUTE, CREATE), MINUTE + seconds(1.0));
        assert_eq!(next, MINUTE + seconds(expected));
    }
}

#[test]
fn a_request_that_comes_late_has_its_turn_at_once() {
    let pace = LocalPace::with_limits(1_000, 1);
    assert_eq!(sent(&pace, MINUTE, &[(1, CREATE)]), [MINUTE]);
    let mut late = request(MINUTE, CREATE);
    let turn = ask(&pace, &mut late, MINUTE) + seconds(2.0);
    assert_eq!(ask(&pace, &mut late, turn), turn);
}

#[test]
fn a_request_that_would_have_to_wait_too_long_gets_no_turn() {
    let pace = LocalPace::with_limits(10, 10);
    let waits: Vec<_> = (0..100)
        .map(|_| {
            let mut request = request(MINUTE, READ);
            request.left = seconds(30.0);
            pace.turn_blocking(&request)
        })
        .collect();
    let planned = waits.iter().filter(|wait| **wait < seconds(30.0)).count();
    assert!((5..=10).contains(&planned), "{waits:?}");
    // Those that have no turn do not delay each other.
    assert_eq!(waits[98], waits[99]);
}

#[test]
fn reads_and_creations_do_not_crowd_each_other_out() {
    let pace = LocalPace::with_limits(60, 10);
    let asks = |count, operation| {
        let asks = (0..count).map(|_| request(MINUTE, operation));
        asks.map(|mut request| ask(&pace, &mut request, MINUTE))
            .collect::<Vec<_>>()
    };
    let (reads, creations) = (asks(200, READ), asks(200, CREATE));
    assert!(reads[199] > MINUTE * 3 && creations[0] < MINUTE + seconds(10.0));
    assert_eq!(
        asks(1, READ)[0],
        reads[199] + reads[199].saturating_sub(reads[198])
    );
}

#[test]
fn creations_wait_for_earlier_reads_if_they_have_the_same_limit() {
    // Half of the requests may be creations: they pass the reads that wait. With one more, they do not.
    for (creations, passes) in [(30, true), (31, false), (60, false)] {
        let pace = LocalPace::with_limits(60, creations);
        let mut read = MINUTE;
        for _ in 0..200 {
            read = ask(&pace, &mut request(MINUTE, READ), MINUTE);
        }
        let creation = ask(&pace, &mut request(MINUTE, CREATE), MINUTE);
        assert_eq!(creation < read, passes, "{creations}: {creation:?}");
    }
}

#[test]
fn creations_count_as_requests() {
    let pace = LocalPace::with_limits(20, 10);
    let sent = sent(&pace, MINUTE, &[(10, CREATE), (20, READ)]);
    assert_eq!(before(&sent, MINUTE * 2), 20);
}

#[test]
fn a_user_can_name_other_limits() {
    for (pace, operation, expected) in [
        (LocalPace::with_limits(1_200, 200), READ, 1_200),
        (LocalPace::with_limits(1_200, 200), CREATE, 200),
        (LocalPace::with_limits(5, 0), CREATE, 1),
    ] {
        let sent = sent(&pace, MINUTE, &[(expected + 10, operation)]);
        assert_eq!(before(&sent, MINUTE * 2), expected);
    }
}

/// The pace, a call, the status and the limit of its response, and the requests and creations of a later minute.
type Row = (
    fn() -> LocalPace,
    &'static OperationInfo,
    StatusCode,
    u64,
    (usize, usize),
);

/// What a response says, and how many requests and creations a minute has afterwards.
#[test]
fn it_learns_the_limits_of_the_responses() {
    let (ok, refused) = (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS);
    let documented = LocalPace::new;
    let own = || LocalPace::with_limits(500, 30);
    let rows: [Row; 13] = [
        (documented, READ, ok, 600, (600, 100)),
        (documented, READ, ok, 0, (1_000, 100)),
        (documented, READ, ok, 2_000, (2_000, 100)),
        (own, READ, ok, 2_000, (500, 30)),
        (own, READ, ok, 50, (50, 30)),
        (documented, CREATE, ok, 50, (1_000, 50)),
        // The limit of all requests, in the response of a creation.
        (documented, CREATE, ok, 600, (600, 100)),
        (documented, CREATE, ok, 300, (1_000, 100)),
        (documented, CREATE, ok, 1_000, (1_000, 100)),
        (documented, CREATE, refused, 50, (1_000, 50)),
        (documented, READ, refused, 50, (50, 50)),
        // The API counts each POST as a creation.
        (documented, REVOKE, refused, 100, (1_000, 100)),
        (documented, REVOKE, ok, 1_000, (1_000, 100)),
    ];
    for (row, (pace, operation, status, named, expected)) in rows.into_iter().enumerate() {
        let measured = [(READ, expected.0), (CREATE, expected.1)].map(|(measured, most)| {
            let pace = pace();
            let mut attempt = response(request(MINUTE, operation), status);
            attempt.rate_limit = limit(named, 1);
            attempt.is_limited = status == refused;
            attempt.resets_in = Some(Duration::ZERO);
            pace.attempted(&attempt);
            // Long after a refusal, it uses its limit again.
            for minute in 0..60 {
                let mut early = request(MINUTE, READ);
                let now = MINUTE * (2 + minute);
                ask(&pace, &mut early, now);
                pace.gave_up(&early);
            }
            let start = MINUTE * 100;
            before(
                &sent(&pace, start, &[(most + 50, measured)]),
                start + MINUTE,
            )
        });
        assert_eq!(<(usize, usize)>::from(measured), expected, "row {row}");
    }
}

#[test]
fn each_post_is_a_creation_once_the_api_has_counted_one() {
    let pace = LocalPace::new();
    let revokes =
        |pace: &LocalPace, start| before(&sent(pace, start, &[(300, REVOKE)]), start + MINUTE);
    assert_eq!(revokes(&pace, MINUTE), 300);
    refuse(&pace, MINUTE * 3, REVOKE, 100, Some(Duration::ZERO));
    assert!(revokes(&pace, MINUTE * 5) <= 100);
}

#[test]
fn after_a_refusal_it_waits_until_the_limit_restarts_and_uses_less() {
    let pace = LocalPace::new();
    let last = sent(&pace, MINUTE, &[(60, CREATE)])[59];
    refuse(&pace, last, CREATE, 100, Some(seconds(20.0)));
    let sent = sent(&pace, last, &[(200, CREATE)]);
    let reset = last + seconds(20.0);
    assert!(sent[0] >= reset, "{:?}", sent[0]);
    // Not all that waited at once.
    assert!(before(&sent, reset + seconds(0.1)) <= 6, "{sent:?}");
    let within = before(&sent, reset + MINUTE * 2) - before(&sent, reset + MINUTE);
    assert!((50..70).contains(&within), "{within}");
}

/// A pace after the refusal of its sixtieth creation, and the time of the refusal.
fn refused_at_sixty() -> (LocalPace, Duration) {
    let pace = LocalPace::new();
    let last = sent(&pace, MINUTE, &[(60, CREATE)])[59];
    refuse(&pace, last, CREATE, 100, Some(Duration::ZERO));
    (pace, last)
}

/// The creations of the minute from this time on.
fn in_a_minute(pace: &LocalPace, start: Duration) -> usize {
    before(&sent(pace, start, &[(110, CREATE)]), start + MINUTE)
}

#[test]
fn after_a_refusal_the_share_grows_each_three_minutes_twice_as_fast() {
    for (times, expected) in [60, 61, 63, 67, 75, 91, 100, 100].into_iter().enumerate() {
        let (pace, mut now) = refused_at_sixty();
        for _ in 0..times {
            for wait in [170.0, 11.0] {
                now += seconds(wait);
                ask(&pace, &mut request(now, READ), now);
            }
        }
        assert_eq!(in_a_minute(&pace, now + MINUTE), expected, "{times}");
    }
}

#[test]
fn a_smaller_limit_makes_the_share_smaller() {
    let (pace, last) = refused_at_sixty();
    let mut attempt = response(request(last, CREATE), StatusCode::OK);
    attempt.rate_limit = limit(50, 1);
    pace.attempted(&attempt);
    assert_eq!(in_a_minute(&pace, last + MINUTE * 2), 30);
}

#[test]
fn the_limit_of_all_requests_does_not_raise_that_of_creations() {
    let pace = LocalPace::new();
    for named in [50, 200] {
        let mut attempt = response(request(MINUTE, CREATE), StatusCode::OK);
        attempt.rate_limit = limit(named, 10);
        pace.attempted(&attempt);
    }
    assert_eq!(in_a_minute(&pace, MINUTE * 10), 50);
}

#[test]
fn those_that_wait_when_a_request_is_refused_are_spread_after_the_reset() {
    let pace = LocalPace::new();
    let mut waiting: Vec<_> = (0..70).map(|_| request(MINUTE, CREATE)).collect();
    for request in &mut waiting {
        ask(&pace, request, MINUTE);
    }
    refuse(&pace, MINUTE, CREATE, 100, Some(seconds(40.0)));
    let reset = MINUTE + seconds(40.1);
    let turns = waiting.iter_mut().map(|request| ask(&pace, request, reset));
    assert!(turns.filter(|turn| *turn == reset).count() <= 10);
}

#[test]
fn a_refused_read_does_not_slow_creations() {
    let pace = LocalPace::new();
    let mut waiting: Vec<_> = (0..80).map(|_| request(MINUTE, CREATE)).collect();
    for request in &mut waiting {
        ask(&pace, request, MINUTE);
    }
    refuse(&pace, MINUTE, READ, 1_000, Some(seconds(1.0)));
    let last = waiting.last_mut().unwrap();
    assert!(ask(&pace, last, MINUTE + seconds(1.0)) < MINUTE + seconds(35.0));
}

/// A load balancer, for example.
#[test]
fn a_refusal_without_a_time_is_a_short_pause() {
    let pace = LocalPace::new();
    let mut attempt = response(request(MINUTE, READ), StatusCode::TOO_MANY_REQUESTS);
    attempt.is_limited = true;
    pace.attempted(&attempt);
    let next = ask(&pace, &mut request(MINUTE, READ), MINUTE);
    assert!(next > MINUTE + seconds(1.0) && next < MINUTE + seconds(10.0));
}

#[test]
fn it_waits_when_nothing_remains() {
    let pace = LocalPace::new();
    let mut attempt = response(request(MINUTE, READ), StatusCode::OK);
    attempt.elapsed = Duration::ZERO;
    attempt.rate_limit = limit(1_000, 0);
    attempt.resets_in = Some(seconds(7.0));
    pace.attempted(&attempt);
    let next = |operation| ask(&pace, &mut request(MINUTE, operation), MINUTE);
    assert_eq!(next(READ), MINUTE + seconds(7.0));
    // Creations count as requests.
    assert!(next(CREATE) >= MINUTE + seconds(7.0));
    // However long the server asks to wait, the limit restarts after a minute.
    attempt.resets_in = Some(Duration::MAX);
    pace.attempted(&attempt);
    assert!(next(READ) <= MINUTE * 2 + seconds(0.1));
}

#[test]
fn the_refusals_of_requests_that_were_under_way_count_once() {
    let pace = LocalPace::new();
    let before_it = sent(&pace, MINUTE, &[(90, CREATE)]);
    let last = before_it[89];
    for turn in &before_it[80..] {
        let mut attempt = response(request(*turn, CREATE), StatusCode::TOO_MANY_REQUESTS);
        attempt.is_limited = true;
        attempt.resets_in = Some(Duration::ZERO);
        attempt.elapsed = (last + seconds(1.0)).saturating_sub(*turn);
        pace.attempted(&attempt);
    }
    let start = last + MINUTE * 2;
    let sent = sent(&pace, start, &[(300, CREATE)]);
    assert!(before(&sent, start + MINUTE) >= 50, "{sent:?}");
}

/// A server whose clock moves only while a client sleeps.
#[derive(Default)]
struct Server {
    now: Mutex<Duration>,
    sent: AtomicU32,
}

impl HttpTransport for &Server {
    fn send(&self, _: Request<RequestBody>, _: &Limits) -> Result<Response<Bytes>, TransportError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut response = Response::new(Bytes::from_static(b"{}"));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        Ok(response)
    }

    fn sleep(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    fn now(&self) -> Now {
        Now {
            monotonic: *self.now.lock().unwrap(),
            ..Now::default()
        }
    }
}

/// A pace with which each request waits for this time. It counts the asks, and the requests that gave up.
struct Slow {
    wait: Duration,
    asked: AtomicU32,
    gave_up: AtomicU32,
}

impl Slow {
    fn new(wait: Duration) -> Arc<Self> {
        let (asked, gave_up) = Default::default();
        Arc::new(Self {
            wait,
            asked,
            gave_up,
        })
    }
}

impl Pace for Slow {
    fn turn_blocking(&self, request: &PacedRequest) -> Duration {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        assert_eq!(request.operation, "listOrganizationInvites");
        assert!(!request.is_creation && !request.is_post);
        if asked % 2 == 0 {
            self.wait
        } else {
            Duration::ZERO
        }
    }

    fn gave_up(&self, _: &PacedRequest) {
        self.gave_up.fetch_add(1, Ordering::Relaxed);
    }
}

/// How long each attempt waited for its turn.
#[derive(Default)]
struct Waits(Mutex<Vec<Duration>>);

impl Observer for Waits {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        self.0.lock().unwrap().push(attempt.turn_wait);
    }
}

fn call(server: &Server, pace: &Arc<Slow>, waits: &Arc<Waits>) -> factify_core::Error {
    let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap())
        .retry(RetryPolicy::standard().max_attempts(3))
        .deadline(MINUTE)
        .pace(pace.clone())
        .observer(waits.clone());
    let client = Client::new(server, config);
    let id = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    client
        .call(ListOrganizationInvites::new(id))
        .send()
        .unwrap_err()
}

#[test]
fn each_attempt_waits_for_its_turn() {
    let (server, pace, waits) = (Server::default(), Slow::new(seconds(5.0)), Arc::default());
    let error = call(&server, &pace, &waits);
    assert_eq!(
        (error.attempts(), server.sent.load(Ordering::Relaxed)),
        (3, 3)
    );
    assert_eq!(*waits.0.lock().unwrap(), [seconds(5.0); 3]);
    assert_eq!(pace.asked.load(Ordering::Relaxed), 6);
    assert_eq!(pace.gave_up.load(Ordering::Relaxed), 0);
}

#[test]
fn a_turn_after_the_deadline_is_an_error_before_anything_is_sent() {
    let (server, pace) = (Server::default(), Slow::new(MINUTE + seconds(8.0)));
    let error = call(&server, &pace, &Arc::default());
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Timeout, Outcome::NotApplied)
    );
    assert_eq!(
        (error.attempts(), server.sent.load(Ordering::Relaxed)),
        (0, 0)
    );
    assert_eq!(pace.gave_up.load(Ordering::Relaxed), 1);
    assert_eq!(error.retry_after(), Some(seconds(8.0)));
    let report = error.report().to_string();
    assert!(
        report.contains("the pace allows no request for 68s, which is after the deadline")
            && report.contains("Wait 8 s, then call again; nothing was changed."),
        "{report}"
    );
    assert_eq!(*server.now.lock().unwrap(), Duration::ZERO);
}
