//! What the async transport says of a proxy, and of the environment that names it.

#![allow(clippy::unwrap_used, unreachable_pub)]

use std::time::Duration;

use factify_core::Client;
use factify_core::RetryPolicy;
use factify_core::{
    BearerToken, ClientConfig, Error, ErrorKind, InviteId, OrganizationId, Outcome,
};
use factify_hyper::{HyperTransport, Proxy};

#[path = "../../factify-core/tests/support/proxy.rs"]
mod proxy;

use proxy::Way;

async fn call(transport: HyperTransport, base_url: &str, attempt: Duration) -> Error {
    let config = ClientConfig::new(BearerToken::new("ffy_test_CANARY").unwrap())
        .base_url(base_url.parse().unwrap())
        .timeout(attempt)
        .retry(RetryPolicy::never());
    let client = Client::new(transport, config);
    let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    let invite = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let call = client.organization(organization).invites().revoke(invite);
    call.send().await.unwrap_err()
}

#[tokio::test]
async fn a_proxy_that_lets_nothing_through_is_named_without_its_credentials() {
    for way in proxy::no_ways() {
        let transport = HyperTransport::builder()
            .proxy(Proxy::Url(way.url.clone()))
            .connect_timeout(way.connecting)
            .build()
            .unwrap();
        let error = call(transport, "https://api.example.com", way.attempt).await;
        let kind = if way.timed_out {
            ErrorKind::Timeout
        } else {
            ErrorKind::Connect
        };
        let told = format!("{}: {}", way.url, error.report());
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{told}"
        );
        for said in &way.said {
            assert!(error.report().to_string().contains(said), "{said}: {told}");
        }
        proxy::check_causes(&error, &error.report().to_string());
        let told = format!("{}\n{error:#?}", error.report());
        assert!(!told.contains("CANARY"), "{told}");
        let told = error.report().to_string();
        assert!(
            !proxy::INSIDES.iter().any(|word| told.contains(word)),
            "{told}"
        );
    }
}

#[tokio::test]
async fn the_end_of_an_attempts_time_has_no_other_cause() {
    let transport = HyperTransport::builder()
        .proxy(Proxy::Direct)
        .build()
        .unwrap();
    let attempt = Duration::from_millis(200);
    let error = call(transport, &format!("http://{}", proxy::silent()), attempt).await;
    let told = error.report().to_string();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Timeout, Outcome::Unknown),
        "{told}"
    );
    assert!(told.contains("no complete response within 200ms"), "{told}");
    assert!(
        told.contains("\n  because the attempt timed out\n"),
        "{told}"
    );
    assert_eq!(told.matches("because").count(), 1, "{told}");
}

#[tokio::test]
async fn the_systems_error_is_among_the_causes() {
    let transport = HyperTransport::builder()
        .proxy(Proxy::Direct)
        .build()
        .unwrap();
    for scheme in ["http", "https"] {
        let base_url = format!("{scheme}://{}", proxy::nobody());
        let attempt = Duration::from_secs(10);
        let error = call(transport.clone(), &base_url, attempt).await;
        let told = error.report().to_string();
        assert!(told.contains("because Connection refused"), "{told}");
        proxy::check_causes(&error, &told);
    }
}

/// Of this transport alone.
const ENVIRONMENTS: &[proxy::Environment] = &[
    (
        &[("HTTPS_PROXY", "https://PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "socks4://PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (&[("ALL_PROXY", "socks://PROXY")], Way::Refused("ALL_PROXY")),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "127.0.0.0/8")],
        Way::Direct,
    ),
];

#[test]
fn an_environment_that_names_no_proxy_aright_is_refused() {
    proxy::check_environments("in_an_environment", ENVIRONMENTS);
}

#[tokio::test]
#[ignore = "run by the test of the environments, in processes of its own"]
async fn in_an_environment() {
    let Ok(target) = std::env::var(proxy::TARGET) else {
        return;
    };
    match HyperTransport::builder().build() {
        Ok(transport) => {
            let attempt = Duration::from_secs(10);
            let error = call(transport, &format!("https://{target}"), attempt).await;
            println!("{}\n{error:?}", error.report());
        }
        Err(error) => println!("{error}\n{error:?}"),
    }
}
