//! A store in memory and in virtual time.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport, ResponseBody};
use factify_core::{
    BearerToken, ClientConfig, DocumentId, Limits, Now, RequestBody, TransportError,
    TransportErrorKind,
};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, IF_MATCH, RANGE};
use http::{Request, Response, StatusCode};

pub(super) const DOCUMENT: DocumentId = DocumentId::literal("doc_01h2xcejqtf2nbrexx3vqjhp41");
pub(super) const LENGTH: usize = 1 << 20;
pub(super) const CHUNK: usize = 16 << 10;
/// It contains a part of the URL.
pub(super) const STRONG: Option<&str> = Some("\"SIGNATURE-one\"");

pub(super) static CONTENT: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..1_u32 << 18).flat_map(u32::to_le_bytes).collect());

/// What happens to a response for the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Event {
    Normal,
    /// It breaks off after this number of bytes.
    Cut(usize),
    /// It ends too early, as if it were complete.
    Short(usize),
    /// The server sends the whole file, whatever the range is, without its length. It ends after this number of bytes, and
    /// breaks off there or not.
    Chunked(usize, bool),
    /// The server refuses it.
    Refuse(u16),
    /// The server sends the whole file, whatever the range is.
    IgnoreRange,
    /// The file has another content, and another `ETag` if it has one.
    Change,
    /// Another length in `Content-Range` or `Content-Length`, with the same bytes.
    Total(usize),
    /// Status 206 with the bytes of this range, whatever the range of the request is.
    Part(usize, usize),
    /// A byte more than `Content-Range` says.
    Long,
    /// This `Content-Encoding`, with the same bytes.
    Encoded(&'static str),
    /// Status 206 without `Content-Range`.
    Unlabelled,
}

use Event::{
    Change, Chunked, Cut, Encoded, IgnoreRange, Long, Normal, Part, Refuse, Short, Total,
    Unlabelled,
};

/// A store with one file. The events happen one after the other, one for each request for the file.
pub(super) struct Store {
    pub(super) events: Mutex<Vec<Event>>,
    pub(super) etag: Option<&'static str>,
    /// Whether it announces the length of a response, and that of the file with a range.
    pub(super) announces: bool,
    pub(super) announces_total: bool,
    /// How long each chunk, and each response without one, takes.
    pub(super) pause: Duration,
    /// The URLs that were made, the ranges that were asked for, and the times of these requests.
    pub(super) exports: Mutex<u32>,
    pub(super) ranges: Mutex<Vec<String>>,
    pub(super) times: Mutex<Vec<Duration>>,
    pub(super) limits: Mutex<Vec<Limits>>,
    pub(super) time: Arc<Mutex<Duration>>,
}

impl Store {
    pub(super) fn new(events: &[Event]) -> Self {
        Self {
            events: Mutex::new(events.to_vec()),
            etag: STRONG,
            announces: true,
            announces_total: true,
            pause: Duration::ZERO,
            exports: Mutex::default(),
            ranges: Mutex::default(),
            times: Mutex::default(),
            limits: Mutex::default(),
            time: Arc::default(),
        }
    }

    pub(super) fn client(&self) -> Client<&Self> {
        let token = BearerToken::new("ffy_test_x").unwrap();
        Client::new(self, ClientConfig::new(token).jitter_seed(1))
    }

    pub(super) fn ranges(&self) -> Vec<String> {
        self.ranges.lock().unwrap().clone()
    }

    pub(super) fn exports(&self) -> u32 {
        *self.exports.lock().unwrap()
    }
}

fn refusal(status: u16) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::new(std::iter::empty()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

impl HttpTransport for &Store {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        assert!(request.uri().path().ends_with("/export"));
        self.limits.lock().unwrap().push(*limits);
        *self.exports.lock().unwrap() += 1;
        let body = r#"{"url":"https://files.example.com/a?s=SIGNATURE-","expires_at":"2026-01-15T01:30:15Z","headers":{"x-h":"1","Host":"files.example.com"}}"#;
        Ok(Response::new(Bytes::from_static(body.as_bytes())))
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let headers = request.headers();
        assert!(!headers.contains_key(AUTHORIZATION) && headers["x-h"] == "1");
        assert_eq!(headers[ACCEPT_ENCODING], "identity");
        let range = headers.get(RANGE).map(|range| range.to_str().unwrap());
        let asked = range.unwrap_or_default().to_owned();
        self.ranges.lock().unwrap().push(asked);
        self.times.lock().unwrap().push(*self.time.lock().unwrap());
        self.limits.lock().unwrap().push(*limits);
        let asked = range.map(|range| {
            let from = range.strip_prefix("bytes=").unwrap().strip_suffix('-');
            from.unwrap().parse::<usize>().unwrap()
        });
        let mut events = self.events.lock().unwrap();
        let event = match events.len() {
            0 => Normal,
            _ => events.remove(0),
        };
        if let Refuse(status) = event {
            *self.time.lock().unwrap() += self.pause;
            return Ok(refusal(status));
        }
        let mut content = Cow::Borrowed(&*CONTENT);
        let mut etag = self.etag;
        if event == Change {
            content.to_mut()[7] ^= 1;
            etag = etag.map(|_| "\"two\"");
        }
        // A weak mark never matches, as RFC 9110 says.
        let strong = etag.filter(|etag| !etag.starts_with("W/"));
        if headers
            .get(IF_MATCH)
            .is_some_and(|expected| strong.is_none_or(|etag| expected != etag))
        {
            return Ok(refusal(412));
        }
        let (is_part, from, end) = match event {
            IgnoreRange | Chunked(..) => (false, 0, LENGTH),
            Part(from, end) => (true, from, end),
            _ => (
                asked.is_some() || event == Unlabelled,
                asked.unwrap_or(0),
                LENGTH,
            ),
        };
        if is_part && from >= LENGTH {
            return Ok(refusal(416));
        }
        let total = match event {
            Total(total) => total,
            _ => LENGTH,
        };
        let mut response = Response::builder().status(if is_part { 206 } else { 200 });
        response = response.header("content-type", "application/pdf");
        if let Encoded(encoding) = event {
            response = response.header("content-encoding", encoding);
        }
        if let Some(etag) = etag {
            response = response.header("etag", etag);
        }
        if is_part && event != Unlabelled {
            let shown = if self.announces_total {
                total.to_string()
            } else {
                "*".to_owned()
            };
            let last = if event == Long { end - 2 } else { end - 1 };
            let range = format!("bytes {from}-{last}/{shown}");
            response = response.header("content-range", range);
        }
        let rest = content[from..end].to_vec();
        if self.announces && !matches!(event, Chunked(..)) {
            let length = if is_part { rest.len() } else { total };
            response = response.header("content-length", length);
        }
        let (end, breaks) = match event {
            Cut(bytes) => (bytes.min(rest.len()), true),
            Short(bytes) => (bytes.min(rest.len()), false),
            Chunked(bytes, breaks) => (bytes, breaks),
            _ => (rest.len(), false),
        };
        let (time, pause) = (Arc::clone(&self.time), self.pause);
        let chunks: Vec<_> = rest[..end]
            .chunks(CHUNK)
            .map(Bytes::copy_from_slice)
            .map(Ok)
            .collect();
        let broken =
            breaks.then(|| Err(TransportError::sent(TransportErrorKind::Interrupted, "cut")));
        let chunks = chunks.into_iter().chain(broken);
        let body = ResponseBody::new(chunks.inspect(move |_| *time.lock().unwrap() += pause));
        Ok(response.body(body).unwrap())
    }

    fn sleep(&self, time: Duration) {
        *self.time.lock().unwrap() += time;
    }

    fn now(&self) -> Now {
        Now {
            monotonic: *self.time.lock().unwrap(),
            ..Now::default()
        }
    }
}
