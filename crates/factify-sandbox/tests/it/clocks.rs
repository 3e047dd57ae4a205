//! Clients whose clock is wrong: the sandbox says what time it is, and its rate limit is respected.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::OrganizationInviteStatus;
use factify_core::{Limits, Now, RateLimit, RequestBody, Timestamp, TransportError};
use factify_sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer, SandboxTransport};
use http::header::DATE;
use http::{Request, Response, StatusCode};

/// A transport to a sandbox whose local clock differs from that of the sandbox.
struct Skewed {
    inner: SandboxTransport,
    /// How far the local clock is ahead, in seconds.
    skew: i64,
    sends_date: bool,
    refused: AtomicU32,
}

impl HttpTransport for Skewed {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let mut response = HttpTransport::send(&self.inner, request, limits)?;
        if !self.sends_date {
            response.headers_mut().remove(DATE);
        }
        let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
        self.refused
            .fetch_add(u32::from(is_refused), Ordering::Relaxed);
        Ok(response)
    }

    fn sleep(&self, duration: Duration) {
        HttpTransport::sleep(&self.inner, duration);
    }

    fn now(&self) -> Now {
        let mut now = HttpTransport::now(&self.inner);
        let skew = Duration::from_secs(self.skew.unsigned_abs());
        now.unix = if self.skew < 0 {
            now.unix.saturating_sub(skew)
        } else {
            now.unix + skew
        };
        now
    }
}

/// Revokes 40 invites with a key that has five requests left in this minute, and returns how many are
/// revoked, how many requests the limit refused, and how long it took.
fn revoke_all(skew: i64, sends_date: bool) -> (usize, u32, Duration) {
    let sandbox = Sandbox::builder().seed(1).invites(40).build();
    let admin = sandbox.key(Persona::Admin);
    let organization = sandbox.organization_id();
    let counts = Request::get("/v1beta/nothing")
        .header("authorization", format!("Bearer {admin}"))
        .body(Bytes::new())
        .unwrap();
    for _ in 0..995 {
        assert_eq!(sandbox.handle(&counts).status(), 404);
    }
    let started = sandbox.now();
    let transport = Skewed {
        inner: sandbox.transport(),
        skew,
        sends_date,
        refused: AtomicU32::new(0),
    };
    let config = sandbox.config(Persona::Admin).jitter_seed(1);
    let client = Client::new(transport, config);
    for invite in sandbox.invites() {
        let invites = client.organization(organization).invites();
        // A call that fails is not repeated: this counts what one call each achieves.
        let _ = invites.revoke(invite.id).send();
    }
    let invites = sandbox.invites();
    let revoked = invites
        .iter()
        .filter(|invite| invite.status == OrganizationInviteStatus::Revoked);
    let refused = client.transport().refused.load(Ordering::Relaxed);
    let took = sandbox.now().duration_since(started).unwrap();
    (revoked.count(), refused, took)
}

/// The limit refuses one request, and the next one is sent when the minute is over: not before, and at
/// most a second later.
#[test]
fn forty_revocations_succeed_whatever_the_local_clock_says() {
    for skew in [-3_600, -600, -90, -1, 0, 1, 90, 600, 3_600] {
        let (revoked, refused, took) = revoke_all(skew, true);
        assert_eq!((revoked, refused), (40, 1), "{skew} s ahead");
        // The sandbox starts 15 seconds after a full minute.
        assert_eq!(took.as_secs(), 45, "{skew} s ahead: {took:?}");
    }
}

/// The same scene fails if a proxy removes the date, so the test above can fail.
#[test]
fn without_a_date_a_wrong_local_clock_breaks_the_waits() {
    assert_eq!(revoke_all(0, false).0, 40);
    assert_eq!(revoke_all(-600, false).0, 5);
    let (_, refused, _) = revoke_all(600, false);
    assert!(refused > 1, "{refused}");
}

#[test]
fn every_response_has_the_date_of_the_sandboxs_clock() {
    const START: &str = "Thu, 15 Jan 2026 01:30:15 GMT";
    const LATER: &str = "Thu, 15 Jan 2026 02:30:15 GMT";
    let html = |status| Fault::Html {
        status,
        processed: false,
    };
    let sandbox = Sandbox::new(1);
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let admin = sandbox.key(Persona::Admin);
    let list = format!(
        "/v1beta/organizations/{}/invites",
        sandbox.organization_id()
    );
    for expected in [START, LATER] {
        for (path, key, fault) in [
            (&*list, &*admin, None),
            (&list, "ffy_test_wrong", None),
            ("/v1beta/nothing", &admin, None),
            (
                &list,
                &admin,
                Some(Fault::RateLimited { retry_after: None }),
            ),
            (&list, &admin, Some(Fault::Unavailable { processed: false })),
            (&list, &admin, Some(html(StatusCode::BAD_GATEWAY))),
            (&list, &admin, Some(Fault::Undocumented)),
            (&list, &admin, Some(Fault::Oversized(4_096))),
        ] {
            let what = format!("{path} {fault:?}");
            sandbox.inject(FaultPlan::schedule([fault.clone(), fault]));
            let authorization = format!("Bearer {key}");
            let request = Request::get(path)
                .header("authorization", &authorization)
                .body(RequestBody::from(Bytes::new()))
                .unwrap();
            let limits = Limits::new(Duration::from_secs(30), 1 << 20);
            let response = HttpTransport::send(&sandbox.transport(), request, &limits).unwrap();
            assert_eq!(response.headers()[DATE], expected, "{what}");

            let url = server.base_url().to_string();
            let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
            write!(
                stream,
                "GET {path} HTTP/1.1\r\nhost: sandbox\r\nauthorization: {authorization}\r\n\
                 connection: close\r\n\r\n"
            )
            .unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            let dates: Vec<_> = text
                .lines()
                .filter_map(|line| line.strip_prefix("date: "))
                .collect();
            assert_eq!(dates, [expected], "{what}: {text}");
        }
        sandbox.advance(Duration::from_secs(3_600));
    }
}

/// The headers of a clock that runs, at real time or faster, and was moved, are in the time of a client,
/// which really waits.
#[test]
fn the_date_and_the_end_of_the_minute_are_in_the_clients_time() {
    for (speed, longest) in [(1, 61), (60, 2), (3_600, 2)] {
        let before = Timestamp::now().unix_seconds();
        let sandbox = Sandbox::builder().fast_clock(speed).build();
        for moved in [0, 90, 3_600] {
            sandbox.advance(Duration::from_secs(moved));
            let request = Request::get("/v1beta/nothing").body(Bytes::new()).unwrap();
            let response = sandbox.handle(&request);
            let after = Timestamp::now().unix_seconds();
            let headers = response.headers();
            let date = headers[DATE].to_str().unwrap();
            let date = httpdate::parse_http_date(date).unwrap();
            let date = Timestamp::try_from(date).unwrap().unix_seconds();
            let reset = RateLimit::from_headers(headers).reset.unwrap();
            let left = i64::try_from(reset).unwrap() - date;
            let what = format!("{speed} times as fast, moved by {moved} s");
            assert!((before..=after).contains(&date), "{what}: {date}");
            assert!(left <= longest, "{what}: {left} s");
        }
    }
}
