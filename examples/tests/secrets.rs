//! No secret appears in any output, whatever is called, fails, is logged, printed or panics, with both
//! transports.

#![allow(
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used
)]

use std::error::Error as StdError;
use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use factify::api_keys::CreatedApiKey;
use factify::documents::ExportedDocument;
use factify::hyper::HyperTransport;
use factify::invites::InvitationToken;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox, SandboxServer};
use factify::ureq::UreqTransport;
use factify::{
    AttemptReport, BearerToken, CallReport, Client, ClientConfig, Error, OPERATIONS, Observer,
    Operation, RetryPolicy, blocking,
};
use http::{HeaderName, HeaderValue, StatusCode};

/// All output.
static OUTPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Everything;

impl Write for Everything {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        OUTPUT
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(Self, "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

impl Observer for Everything {
    fn attempted(&self, attempt: &AttemptReport<'_>) {
        show(attempt);
    }

    fn called(&self, call: &CallReport<'_>) {
        show(call);
    }
}

fn show(value: &impl Debug) {
    writeln!(Everything, "{value:?} {value:#?}").unwrap();
}

fn show_error(error: Error) {
    show(&error);
    writeln!(Everything, "{error} {}", error.report()).unwrap();
    let mut cause = error.source();
    while let Some(inner) = cause {
        writeln!(Everything, "{inner} {inner:?} {inner:#?}").unwrap();
        cause = inner.source();
    }
    // A careless caller panics with the error.
    let careless = AssertUnwindSafe(|| panic!("{error:?}"));
    let caught: Result<(), _> = catch_unwind(careless);
    assert!(caught.is_err());
}

fn faults() -> Vec<Option<Fault>> {
    let html = |status| Fault::Html {
        status,
        processed: true,
    };
    let mut faults: Vec<_> = [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Truncate,
        Fault::Delay(Duration::from_secs(1)),
        Fault::Hang,
        Fault::RateLimited {
            retry_after: Some(1),
        },
        Fault::Unavailable { processed: true },
        html(StatusCode::OK),
        html(StatusCode::BAD_GATEWAY),
        html(StatusCode::FOUND),
        Fault::Oversized(128 << 10),
    ]
    .map(Some)
    .to_vec();
    faults.push(None);
    faults
}

fn config(server: &SandboxServer, key: String) -> ClientConfig {
    ClientConfig::new(BearerToken::new(key).unwrap())
        .base_url(server.base_url())
        .observer(Arc::new(Everything))
        .max_response_bytes(64 << 10)
        .retry(RetryPolicy::never())
}

/// Makes every call on every kind of network. The code is the same in both modes.
macro_rules! everything {
    ($sandbox:expr, $url:expr, $organization:expr, $client:expr, $config:expr $(, $await:tt $word:tt)?) => {{
        let header = || {
            let mut value = HeaderValue::from_static("CANARY");
            value.set_sensitive(true);
            (HeaderName::from_static("x-secret"), value)
        };
        show(&$config);
        let client = $client($config).unwrap();
        show(&client);
        show(client.transport());
        let organization = client.organization($organization);
        show(&organization);
        let invites = organization.invites();
        show(&invites);
        let create = client.api_keys().create($organization, "nightly export");
        show(&create);
        show_created(&create.send()$($await $word)?.unwrap());
        $sandbox.inject(FaultPlan::schedule([Some(Fault::DropAfter)]));
        show_error(client.api_keys().create($organization, "lost").send()$($await $word)?.unwrap_err());
        let file = factify::Upload::bytes("report.pdf", "%PDF-1.7");
        let document = client.documents().create(file, "Report").send()$($await $word)?.unwrap();
        let document = client.document(document.id);
        show_exported(&document.export().send()$($await $word)?.unwrap());
        $sandbox.inject(FaultPlan::schedule([Some(Fault::Truncate)]));
        show_error(document.export().send()$($await $word)?.unwrap_err());
        let saved = document.download().to_writer(std::io::sink())$($await $word)?;
        assert_eq!(saved.unwrap(), 8);
        for length in ["1000", "wrong"] {
            let url = format!("{}/_sandbox/downloads/{length}?signature=CANARY", $url);
            let url = factify::PresignedUrl::parse(&url).unwrap();
            let url = url.header(header().0, header().1).unwrap();
            show(&url);
            let download = client.download(url).on_progress(|_| ());
            show(&download);
            let download = download.send()$($await $word)?;
            assert_eq!(download.is_ok(), length == "1000");
            match download {
                Ok(mut download) => {
                    show(&download);
                    let length = download.to_writer(std::io::sink())$($await $word)?.unwrap();
                    assert_eq!(length, 1_000);
                }
                Err(error) => show_error(error),
            }
        }
        for fault in faults() {
            $sandbox.inject(FaultPlan::schedule([None, fault.clone(), None, fault.clone(), fault.clone()]));
            let patience = match fault {
                Some(Fault::Hang | Fault::Delay(_)) => Duration::from_millis(60),
                _ => Duration::from_secs(20),
            };
            // The first call succeeds, and creates the invite for the others.
            let address: factify::EmailAddress = "dwight@example.com".parse().unwrap();
            let invite = invites.create(address.clone()).send()$($await $word)?.unwrap();
            show(&invite);
            let token = $sandbox.outbox().pop().unwrap().token().unwrap();
            show(&token);
            let (name, value) = header();
            let create = invites.create(address).header(name, value).timeout(patience);
            show(&create);
            let _ = create.send()$($await $word)?.map_err(show_error);
            let accept = invites.accept(token.clone()).timeout(patience);
            show(&accept);
            let _ = accept.send_with_meta()$($await $word)?.map_err(show_error);
            let _ = invites.resend(invite.id).timeout(patience).send()$($await $word)?.map_err(show_error);
            let ensure = invites.ensure_revoked(invite.id).timeout(patience);
            show(&ensure);
            match ensure.send()$($await $word)? {
                Ok(ensured) => show(&ensured),
                Err(error) => show_error(error),
            }
            let _ = invites.revoke(invite.id).timeout(patience).send()$($await $word)?.map_err(show_error);
            let mut items = invites.list().timeout(patience).items();
            show(&items);
            while let Some(item) = items.next()$($await $word)? {
                let _ = item.map_err(show_error);
            }
            let mut pages = invites.list().page_token("wrong").pages();
            show(&pages);
            while let Some(page) = pages.next()$($await $word)? {
                let _ = page.map_err(show_error);
            }
        }
        drop(client);
    }};
}

/// The secrets of created API keys.
static CREATED: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn show_created(created: &CreatedApiKey) {
    show(created);
    keep_secret(created.secret.expose());
}

fn show_exported(exported: &ExportedDocument) {
    show(exported);
    let request = exported.url.request();
    let (_, signature) = request
        .uri()
        .query()
        .unwrap()
        .split_once("signature=")
        .unwrap();
    keep_secret(signature);
}

fn keep_secret(secret: &str) {
    let secret = secret.to_owned();
    CREATED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(secret);
}

/// Calls each operation with the same arbitrary bytes as its values.
macro_rules! each_operation {
    ($($Operation:ty),+) => {
        fn call_each(client: &blocking::Client<UreqTransport>) {
            $(show_result(client.call(arbitrary::<$Operation>()).send());)+
        }

        async fn call_each_async(client: &Client<HyperTransport>) {
            $(show_result(client.call(arbitrary::<$Operation>()).send().await);)+
        }
    };
}

factify::for_each_operation!(each_operation);

fn arbitrary<O: for<'a> Arbitrary<'a> + Debug>() -> O {
    let operation = O::arbitrary(&mut Unstructured::new(&[7; 1_000])).unwrap();
    show(&operation);
    operation
}

fn show_result<T: Debug>(result: Result<T, Error>) {
    match result {
        Ok(output) => show(&output),
        Err(error) => show_error(error),
    }
}

/// A server that repeats both secrets escaped in an error, and the key in the request id of a list.
fn repeating_server(key: &str, token: &str) -> factify::BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let key = key.to_owned();
    let secrets = format!("{key} {token}");
    let escaped = secrets
        .chars()
        .map(|char| format!("\\u{:04x}", u32::from(char)));
    let escaped: String = escaped.collect();
    let error = format!(
        r#"{{"code":"{escaped}","message":"{escaped}","details":[{{"request_id":"{escaped}"}}]}}"#
    );
    // The thread ends with the test.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") {
                let start = head.len();
                stream.read_line(&mut head).unwrap();
                let line = head[start..].to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = (&mut stream).take(length);
            std::io::copy(&mut body, &mut std::io::sink()).unwrap();
            let (status, body) = if head.starts_with("GET") {
                ("200 OK", r#"{"items":[],"pagination":{}}"#)
            } else {
                ("404 Not Found", error.as_str())
            };
            let length = body.len();
            write!(
                stream.get_mut(),
                "HTTP/1.1 {status}\r\nx-request-id: {key}\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    factify::BaseUrl::parse(&url).unwrap()
}

macro_rules! repeated {
    ($url:expr, $organization:expr, $client:expr, $config:expr $(, $await:tt $word:tt)?) => {{
        let client = $client($config.base_url($url)).unwrap();
        let invites = client.organization($organization).invites();
        show(&invites.list().send_with_meta()$($await $word)?.unwrap());
        let token = InvitationToken::new("CANARYCANARY").unwrap();
        show_error(invites.accept(token).send()$($await $word)?.unwrap_err());
    }};
}

#[test]
fn no_secret_appears() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    // Events reach `log` too, but must not be logged twice.
    let subscriber = subscriber.with_writer(|| Everything).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    std::panic::set_hook(Box::new(|panic| {
        writeln!(Everything, "{panic}").unwrap();
    }));

    let sandbox = Sandbox::builder().seed(9).no_rate_limit().build();
    let server = SandboxServer::start(sandbox.clone()).unwrap();
    let keys: Vec<_> = Persona::ALL.map(|persona| sandbox.key(persona)).to_vec();
    let organization = sandbox.organization_id();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for key in keys.iter().cloned().chain(["ffy_prod_CANARY".to_owned()]) {
        let wrong = !keys.contains(&key);
        let config = config(&server, key.clone());
        if wrong || key != sandbox.key(Persona::Admin) {
            // Each is refused for another reason.
            let client = factify::ureq::client(config.clone()).unwrap();
            let _ = client
                .organization(organization)
                .invites()
                .list()
                .send()
                .map_err(show_error);
            let client = factify::hyper::client(config).unwrap();
            let invites = client.organization(organization).invites();
            let _ = runtime.block_on(invites.list().send()).map_err(show_error);
            continue;
        }
        let url = server.base_url();
        everything!(
            sandbox,
            url,
            organization,
            factify::ureq::client,
            config.clone()
        );
        runtime.block_on(async {
            everything!(sandbox, url, organization, factify::hyper::client, config.clone(), . await);
        });
        let url = repeating_server(&key, "CANARYCANARY");
        // At a lower level, ureq logs the bytes of responses.
        log::set_max_level(log::LevelFilter::Debug);
        repeated!(
            url.clone(),
            organization,
            factify::ureq::client,
            config.clone()
        );
        log::set_max_level(log::LevelFilter::Trace);
        runtime.block_on(async {
            repeated!(url, organization, factify::hyper::client, config, . await);
        });
        let accept = factify::invites::AcceptOrganizationInvite::new(
            organization,
            sandbox.outbox().pop().unwrap().token().unwrap(),
        );
        show(&accept);
        let url = factify::BaseUrl::parse("https://user:CANARY@example.com").unwrap_err();
        show(&url);
        show(&BearerToken::new("CANARY CANARY").unwrap_err());
        show(&InvitationToken::new("CANARY".repeat(30)).unwrap_err());
        let request = accept
            .encode(&server.base_url(), &BearerToken::new(key).unwrap())
            .unwrap();
        show(&request.into_parts().0);
    }
    let config = config(&server, sandbox.key(Persona::Owner));
    call_each(&factify::ureq::client(config.clone()).unwrap());
    let client = factify::hyper::client(config).unwrap();
    runtime.block_on(call_each_async(&client));
    show(&sandbox);
    show(&server);
    show(&sandbox.snapshot());
    show(&sandbox.outbox());

    let _ = std::panic::take_hook();
    let output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    let output = String::from_utf8_lossy(&output);
    // The output has both kinds of logs, the panics, and every operation.
    let words = ["ureq", "attempt ended", "factify.operation", "panicked at"];
    for word in words
        .into_iter()
        .chain(OPERATIONS.iter().map(|info| info.id))
    {
        assert!(output.contains(word), "{word} is not in the output");
    }
    let tokens = sandbox.outbox();
    let tokens = tokens.iter().map(|email| email.expose_token().to_owned());
    let created = CREATED.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(created.len(), 4);
    let secrets = keys
        .into_iter()
        .chain(tokens)
        .chain(created.iter().cloned());
    let secrets = secrets.chain(["CANARY".to_owned()]);
    for (n, secret) in secrets.enumerate() {
        // Even a part of it must not appear, such as a line of a dump.
        // A key starts with the time, like an ID.
        let secret = secret
            .strip_prefix("ffy_test_")
            .map_or(&*secret, |key| &key[10..]);
        for part in secret.as_bytes().windows(8.min(secret.len())) {
            let part = std::str::from_utf8(part).unwrap();
            if let Some(at) = output.find(part) {
                let line = output[..at].rfind('\n').map_or(0, |start| start + 1);
                panic!("a part of secret {n} appears: {}", &output[line..at]);
            }
        }
    }
}
