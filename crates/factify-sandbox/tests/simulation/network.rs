//! A network that loses, delays and breaks requests, and responds instead of the server.

use std::task::{Context, Poll, ready};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use factify_core::{
    HttpTransport, Limits, Now, PollChunk, RequestBody, ResponseBody, TransferWatch,
    TransportError, TransportErrorKind as Kind, blocking,
};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, RANGE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};

use crate::world::{Attempt, Event, World};

/// The connection of one client to the server.
#[derive(Clone)]
pub struct Network {
    pub world: World,
    pub client: usize,
    pub call: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    /// 25 of this many attempts fail. `None`: a good network.
    pub mildness: Option<u8>,
}

/// What the client sees in the end.
enum End {
    NotSent(Kind),
    Broken,
    /// The head and a part of the body arrived.
    Cut,
    TooLarge,
    Silence,
    Response,
    /// A success with an unreadable body.
    Garbled,
    /// A gateway responds instead of the server.
    Instead(Response<Bytes>, Duration),
}

/// An attempt, as its client will see it.
struct Underway {
    world: World,
    attempt: usize,
    responds: Duration,
    ends: Duration,
    end: End,
}

/// How far the clocks of the clients are ahead, in seconds.
const SKEWS: [i64; 5] = [0, -600, 3_600, 90, -3_600];

impl Network {
    /// The clocks of the client. The local clock may be wrong.
    fn clocks(&self) -> Now {
        let mut now = self.world.clocks();
        let skew = SKEWS[self.client % SKEWS.len()];
        let moved = Duration::from_secs(skew.unsigned_abs());
        now.unix = if skew < 0 {
            now.unix.saturating_sub(moved)
        } else {
            now.unix + moved
        };
        now
    }

    /// Decides the fate of an attempt before it starts.
    fn begin(&self, request: Request<RequestBody>, limits: &Limits) -> Underway {
        let world = &self.world;
        let now = world.clocks();
        let (arrives, responds, fate) = world.random(|random| match self.mildness {
            Some(mildness) => (delay(random), delay(random), random.u8(..mildness)),
            None => (short(random), short(random), u8::MAX),
        });
        let is_file = is_file(&request);
        let (end, reaches) = match fate {
            0 => (End::NotSent(Kind::Connect), false),
            1 => (End::NotSent(Kind::Lookup), false),
            2 => (End::NotSent(Kind::Tls), false),
            3 => (End::NotSent(Kind::Certificate), false),
            4 | 5 => (End::Broken, false),
            6 | 7 => (End::Broken, true),
            8 | 9 => (End::Cut, true),
            10 => (End::TooLarge, true),
            11 => (End::Silence, false),
            12 | 13 => (End::Silence, true),
            14 | 23 | 24 => (End::Garbled, true),
            15..=18 => (world.random(|random| limited(random, now)), false),
            19 | 20 => (world.random(|random| failing(random, is_file)), true),
            21 | 22 => (world.random(|random| failing(random, is_file)), false),
            _ => (End::Response, true),
        };
        let attempt = world.begin(Attempt {
            client: self.client,
            call: self.call.load(std::sync::atomic::Ordering::Relaxed),
            started: now.monotonic,
            target: target(&request),
            is_safe: request.method().is_safe(),
            not_before: Duration::ZERO,
            // In doubt until it has a clear response.
            ambiguous: !matches!(end, End::NotSent(_)),
            processed: None,
            delivered: None,
        });
        if reaches {
            let request = request.map(|body| body.into_bytes().unwrap());
            let request = Box::new(request);
            let event = Event::Arrive { attempt, request };
            world.schedule(now.monotonic + arrives, event);
        }
        // A broken connection or a gateway's response does not wait for the server.
        let responds = match end {
            End::Broken | End::Instead(..) => now.monotonic + responds,
            _ => now.monotonic + arrives + responds,
        };
        let times_out = now.monotonic + limits.timeout;
        let ends = match end {
            End::Silence => times_out,
            _ => responds.min(times_out),
        };
        Underway {
            world: world.clone(),
            attempt,
            responds,
            ends,
            end,
        }
    }
}

impl Underway {
    /// The head, if it arrives, and the body that follows it.
    fn opened(&self, limits: &Limits) -> Result<Response<Pieces>, TransportError> {
        let is_in_time = self.ends >= self.responds;
        let is_cut = matches!(self.end, End::Cut) && is_in_time;
        let mut response = match self.end {
            End::Cut | End::Garbled | End::TooLarge if is_in_time => {
                let processed = self.world.attempt(self.attempt, |attempt| {
                    let processed = attempt.processed.as_ref();
                    processed.map(|processed| processed.response.clone())
                });
                processed.expect("it was processed before the response")
            }
            _ => self.result()?,
        };
        let started = self.world.attempt(self.attempt, |attempt| attempt.started);
        let mut watch = TransferWatch::new(limits.body_limits(), started);
        watch.resumed(started, self.ends);
        let length = response.body().len();
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        // What an error says counts.
        let is_slow = response.status().is_success();
        Ok(response.map(|mut body| {
            if is_cut {
                let length = self.world.random(|random| random.usize(..=length));
                body.truncate(length);
            }
            Pieces {
                world: self.world.clone(),
                watch,
                last: self.ends,
                next: None,
                body,
                is_cut,
                is_slow,
            }
        }))
    }

    /// The same, recorded.
    fn delivered(&self) -> Result<Response<Bytes>, TransportError> {
        let result = self.result();
        if let Ok(response) = &result {
            let body = response.body().clone();
            self.world
                .attempt(self.attempt, |attempt| attempt.delivered = Some(body));
        }
        result
    }

    /// What the client finally sees.
    fn result(&self) -> Result<Response<Bytes>, TransportError> {
        if self.ends < self.responds {
            return Err(match self.end {
                End::NotSent(_) => TransportError::not_sent(Kind::Timeout, "simulated"),
                _ => TransportError::sent(Kind::Timeout, "simulated"),
            });
        }
        let processed = || {
            self.world.attempt(self.attempt, |attempt| {
                let processed = attempt.processed.as_ref();
                processed.map(|processed| processed.response.clone())
            })
        };
        let status = || processed().map(|response| response.status());
        let with_status = |error: TransportError| match processed() {
            Some(response) => error.with_status(response.status()),
            None => error,
        };
        let clear = match &self.end {
            End::Response => true,
            End::Instead(response, _) => response.status() == StatusCode::TOO_MANY_REQUESTS,
            // The status of a client error is clear even if its body is not, except for 400.
            End::Cut | End::TooLarge => status().is_some_and(|status| {
                status.is_client_error() && status != StatusCode::BAD_REQUEST
            }),
            End::Garbled => status().is_some_and(|status| status.is_client_error()),
            End::NotSent(_) | End::Broken | End::Silence => false,
        };
        if clear {
            self.world
                .attempt(self.attempt, |attempt| attempt.ambiguous = false);
        }
        match &self.end {
            End::NotSent(kind) => Err(TransportError::not_sent(*kind, "simulated")),
            End::Broken => Err(TransportError::sent(Kind::Interrupted, "simulated")),
            End::Silence => Err(TransportError::sent(Kind::Timeout, "simulated")),
            End::Cut => Err(with_status(TransportError::sent(
                Kind::Interrupted,
                "simulated",
            ))),
            End::TooLarge => Err(with_status(TransportError::sent(
                Kind::TooLarge,
                "simulated",
            ))),
            End::Response => Ok(processed().expect("it was processed before the response")),
            End::Garbled => {
                let mut response = processed().expect("it was processed before the response");
                if response.status().is_success() {
                    *response.body_mut() = Bytes::from_static(b"[7]");
                }
                Ok(response)
            }
            End::Instead(response, wait) => {
                let until = self.ends + *wait;
                self.world
                    .attempt(self.attempt, |attempt| attempt.not_before = until);
                Ok(response.clone())
            }
        }
    }
}

/// The body of a download, of which a piece arrives from time to time.
struct Pieces {
    world: World,
    watch: TransferWatch,
    /// When the last piece arrived.
    last: Duration,
    /// When the next one arrives, or the limits end the download.
    next: Option<Duration>,
    body: Bytes,
    /// Whether the connection breaks after the body.
    is_cut: bool,
    /// Whether there may be time between the pieces.
    is_slow: bool,
}

impl Pieces {
    /// When the next piece arrives, or the error that comes instead of it.
    fn due(&mut self) -> Duration {
        *self.next.get_or_insert_with(|| {
            let gap = self.world.random(|random| {
                let bound = [1, 50, 50, 3_000, 40_000][random.usize(..5)];
                Duration::from_millis(random.u64(..bound))
            });
            let gap = if self.is_slow { gap } else { Duration::ZERO };
            self.last + gap.min(self.watch.left(self.last))
        })
    }

    fn arrive(&mut self) -> Option<Result<Bytes, TransportError>> {
        let now = self.next.take()?;
        if self.watch.left(now).is_zero() {
            return Some(Err(TransportError::sent(Kind::Timeout, "simulated")));
        }
        if self.body.is_empty() {
            let is_cut = std::mem::take(&mut self.is_cut);
            return is_cut.then(|| Err(TransportError::sent(Kind::Interrupted, "simulated")));
        }
        let size = self.world.random(|random| random.usize(1..=1_000));
        let piece = self.body.split_to(size.min(self.body.len()));
        self.watch.moved(now, piece.len() as u64);
        self.last = now;
        Some(Ok(piece))
    }
}

impl PollChunk for Pieces {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        let due = self.due();
        ready!(self.world.poll_until(due));
        Poll::Ready(self.arrive())
    }
}

impl Iterator for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let due = self.due();
        self.world.advance_to(due);
        self.arrive()
    }
}

fn short(random: &mut fastrand::Rng) -> Duration {
    Duration::from_millis(random.u64(5..100))
}

/// Usually short, sometimes longer than any timeout.
fn delay(random: &mut fastrand::Rng) -> Duration {
    let bound = [50, 50, 2_000, 2_000, 40_000, 400_000][random.usize(..6)];
    Duration::from_millis(random.u64(..bound))
}

/// Too many requests, with each way to say how long to wait.
fn limited(random: &mut fastrand::Rng, now: Now) -> End {
    let seconds = random.u64(..100);
    let wait = Duration::from_secs(seconds);
    let error = |reason: &str| {
        format!(
            r#"{{"code":"resource_exhausted","message":"x","details":[{{"reason":"{reason}"}}]}}"#
        )
    };
    let (body, header, wait) = match random.u8(..5) {
        0 => (error("rate_limit_exceeded"), None, Duration::ZERO),
        1 => (
            error("quota_exceeded"),
            Some((RETRY_AFTER, "1".to_owned())),
            Duration::MAX / 4,
        ),
        2 => (
            error("rate_limit_exceeded"),
            Some((RETRY_AFTER, seconds.to_string())),
            wait,
        ),
        3 => {
            let reset = (now.unix + wait).as_secs().to_string();
            let name = http::HeaderName::from_static("x-ratelimit-reset");
            (String::new(), Some((name, reset)), wait)
        }
        _ => {
            let body = r#"{"error":{"code":"rate_limited","message":"x","retry_after":"#;
            (format!("{body}{seconds}}}}}"), None, wait)
        }
    };
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let date = httpdate::fmt_http_date(UNIX_EPOCH + now.unix);
    let date = HeaderValue::try_from(date).unwrap();
    response.headers_mut().insert(DATE, date);
    if let Some((name, value)) = header {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_str(&value).unwrap());
    }
    End::Instead(response, wait)
}

/// Whether the response is a file, not JSON. Nothing shows that a page of a gateway is not the file.
fn is_file(request: &Request<RequestBody>) -> bool {
    request.uri().path().starts_with("/_sandbox/files/")
}

/// The method, the URI and the range.
fn target(request: &Request<RequestBody>) -> String {
    let range = request.headers().get(RANGE);
    let range = range.map_or("", |range| range.to_str().unwrap());
    format!("{} {} {range}", request.method(), request.uri())
}

/// An error that does not say whether the request was processed.
fn failing(random: &mut fastrand::Rng, is_file: bool) -> End {
    if random.u8(..9) == 0 && !is_file {
        let mut page = Response::new(Bytes::from_static(b"<html>log in</html>"));
        let html = HeaderValue::from_static("text/html");
        page.headers_mut().insert(CONTENT_TYPE, html);
        return End::Instead(page, Duration::ZERO);
    }
    let status = [408, 499, 500, 502, 503, 504, 302, 520][random.usize(..8)];
    let bodies = ["", "<html>", r#"{"code":"unavailable","message":"x"}"#];
    let mut response = Response::new(Bytes::from_static(bodies[random.usize(..3)].as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let mut wait = Duration::ZERO;
    if random.u8(..4) == 0 {
        wait = Duration::from_secs(random.u64(..20));
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    End::Instead(response, wait)
}

#[async_trait]
impl HttpTransport for Network {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let underway = self.begin(request, limits);
        self.world.wait_until(underway.ends).await;
        underway.delivered()
    }

    async fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let underway = self.begin(request, limits);
        self.world.wait_until(underway.ends).await;
        Ok(underway.opened(limits)?.map(ResponseBody::new))
    }

    async fn sleep(&self, duration: Duration) {
        self.world.wait_until(self.world.now() + duration).await;
    }

    fn now(&self) -> Now {
        self.clocks()
    }
}

impl blocking::HttpTransport for Network {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let underway = self.begin(request, limits);
        self.world.advance_to(underway.ends);
        underway.delivered()
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<blocking::ResponseBody>, TransportError> {
        let underway = self.begin(request, limits);
        self.world.advance_to(underway.ends);
        Ok(underway.opened(limits)?.map(blocking::ResponseBody::new))
    }

    fn sleep(&self, duration: Duration) {
        self.world.advance_to(self.world.now() + duration);
    }

    fn now(&self) -> Now {
        self.clocks()
    }
}
