//! The shortest and longest times, and the smallest and largest numbers, in each setting.

use std::time::Duration;

use factify_core::blocking::{Client, HttpTransport};
use factify_core::{
    ClientConfig, Error, ErrorKind, Limits, RequestBody, RetryPolicy, Roots, TransferLimits,
    TransportErrorKind,
};
use http::Request;

use crate::fixtures::{ids, three_attempts};
use crate::proxy::socks_proxy;
use crate::sandbox::start;
use crate::tls::{Authority, tunnel};
use crate::transport::{Setup, TestTransport, build, url};
use crate::upload::{UploadBody, binary};

/// All settings that are a time or a number.
#[derive(Clone)]
struct Settings {
    connect_timeout: Duration,
    timeout: Duration,
    deadline: Duration,
    retry: RetryPolicy,
    transfer: TransferLimits,
    max_response_bytes: usize,
}

type Set<V> = fn(&mut Settings, V);

const TIMES: &[(&str, Set<Duration>)] = &[
    ("connect timeout", |it, time| it.connect_timeout = time),
    ("timeout", |it, time| it.timeout = time),
    ("deadline", |it, time| it.deadline = time),
    ("timeout and deadline", |it, time| {
        (it.timeout, it.deadline) = (time, time);
    }),
    ("first and longest wait", |it, time| {
        it.retry = it.retry.backoff(time, time).max_wait(time);
    }),
    ("idle", |it, time| it.transfer = it.transfer.idle(time)),
    ("total", |it, time| it.transfer = it.transfer.total(time)),
    ("every time", |it, time| {
        for (_, set) in TIMES.iter().rev().skip(1) {
            set(it, time);
        }
    }),
];

const NUMBERS: &[(&str, Set<u64>)] = &[
    ("attempts", |it, number| {
        let attempts = u32::try_from(number).unwrap_or(u32::MAX);
        it.retry = it.retry.max_attempts(attempts);
    }),
    ("least rate", |it, number| {
        it.transfer = it.transfer.least_rate(number);
    }),
    ("largest response", |it, number| {
        it.max_response_bytes = usize::try_from(number).unwrap_or(usize::MAX);
    }),
];

/// The settings with one or all of the times or numbers at an extreme, whether nothing may fail then,
/// and what they are.
fn extremes() -> Vec<(Settings, bool, String)> {
    let ordinary = Settings {
        connect_timeout: Duration::from_secs(20),
        timeout: Duration::from_secs(20),
        deadline: Duration::from_secs(60),
        retry: RetryPolicy::standard().backoff(Duration::ZERO, Duration::from_millis(1)),
        transfer: TransferLimits::standard(),
        max_response_bytes: 1 << 20,
    };
    let mut all = Vec::new();
    for (name, set) in TIMES {
        for time in [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_secs(u64::from(u32::MAX)),
            Duration::from_secs(i64::MAX as u64),
            Duration::from_secs(u64::MAX),
            Duration::MAX,
        ] {
            let mut settings = ordinary.clone();
            set(&mut settings, time);
            let is_long = time > Duration::from_secs(1);
            all.push((settings, is_long, format!("{name}: {time:?}")));
        }
    }
    for (name, set) in NUMBERS {
        for number in [0, 1, u64::MAX] {
            let mut settings = ordinary.clone();
            set(&mut settings, number);
            let succeeds = (*name == "attempts") || (number == u64::MAX) != (*name == "least rate");
            all.push((settings, succeeds, format!("{name}: {number}")));
        }
    }
    all
}

/// The errors that an extreme may cause.
fn check(result: Result<(), ErrorKind>, succeeds: bool, what: &str) {
    match result {
        // The server responded, perhaps that there is no such invite.
        Ok(()) | Err(ErrorKind::Api) => {}
        Err(ErrorKind::Timeout | ErrorKind::TooLarge | ErrorKind::Unverified) if !succeeds => {}
        Err(kind) => panic!("{what}: {kind:?}"),
    }
}

/// A call, an upload and a download, and a call over TLS through a proxy. Long times and large limits
/// cause no error. Short times cause at most a timeout.
pub fn no_setting_makes_a_transport_panic<T: TestTransport>() {
    let (sandbox, server, config) = start();
    let authority = Authority::new();
    for (settings, succeeds, what) in extremes() {
        let setup = || Setup::direct().connect_timeout(settings.connect_timeout);
        let configured = |config: ClientConfig| {
            config
                .timeout(settings.timeout)
                .deadline(settings.deadline)
                .retry(settings.retry)
                .transfer(settings.transfer)
                .max_response_bytes(settings.max_response_bytes)
        };
        let kind = |error: Error| error.kind();

        let transport = build::<T>(setup()).unwrap();
        let client = Client::new(&transport, configured(config.clone()));
        let invites = client.organization(sandbox.organization_id()).invites();
        let result = invites.list().send().map(drop).map_err(kind);
        check(result, succeeds, &format!("call, {what}"));

        let ensured = invites.ensure_revoked(ids().1).send();
        let result = ensured.map(drop).map_err(kind);
        check(result, succeeds, &format!("two calls in one, {what}"));

        let upload = UploadBody::<true>(binary(vec![7; 100_000]));
        let result = client.call(upload).send().map(drop).map_err(kind);
        check(result, succeeds, &format!("upload, {what}"));

        let limits = Limits::new(settings.timeout, settings.max_response_bytes);
        for limits in [limits, limits.with_transfer(settings.transfer)] {
            let result = download(&transport, &server.base_url().to_string(), &limits);
            check(result, succeeds, &format!("download, {what}"));
        }

        let roots = Roots::Custom(vec![authority.certificate()]);
        for scheme in ["http", "socks5", "socks5h"] {
            let address = match scheme {
                "http" => tunnel(),
                _ => socks_proxy(),
            };
            let proxy = format!("{scheme}://user:CANARY@{address}");
            let transport = build::<T>(setup().roots(roots.clone()).proxy(proxy)).unwrap();
            let base_url = url("https", authority.serve("127.0.0.1", 2100));
            let config = configured(three_attempts(&base_url));
            // The proxy and the server accept one connection.
            let config = config.retry(settings.retry.max_attempts(1));
            let client = Client::new(transport, config);
            let (organization, invite) = ids();
            let call = client.organization(organization).invites().revoke(invite);
            let result = call.send().map(drop).map_err(kind);
            check(result, succeeds, &format!("call by {scheme}, {what}"));
        }
    }
}

fn download(
    transport: impl HttpTransport,
    base_url: &str,
    limits: &Limits,
) -> Result<(), ErrorKind> {
    let request = Request::get(base_url).body(RequestBody::from("")).unwrap();
    let read = || {
        let mut response = transport.fetch(request, limits)?;
        while let Some(chunk) = response.body_mut().chunk() {
            chunk?;
        }
        Ok(())
    };
    read().map_err(|error: factify_core::TransportError| match error.kind() {
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        _ => panic!("{error:?}"),
    })
}
