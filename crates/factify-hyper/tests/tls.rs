//! Whom the async transport trusts, over a real socket.

#![allow(clippy::unwrap_used, unreachable_pub)]

use std::error::Error as _;
use std::iter::successors;
use std::net::SocketAddr;
use std::time::Duration;

use factify_core::{BearerToken, Client, ClientConfig, Error, ErrorKind, Outcome, RetryPolicy};
use factify_core::{InviteId, OrganizationId};
use factify_hyper::{HyperTransport, Proxy, Roots};

#[path = "../../factify-core/tests/support/tls.rs"]
mod tls;

async fn call(address: SocketAddr, roots: Roots) -> Error {
    call_through(Proxy::Direct, address, roots).await
}

async fn call_through(proxy: Proxy, address: SocketAddr, roots: Roots) -> Error {
    let config = ClientConfig::new(BearerToken::new("ffy_test_CANARY").unwrap())
        .base_url(format!("https://{address}").parse().unwrap())
        .timeout(Duration::from_secs(5))
        .retry(RetryPolicy::never());
    let builder = HyperTransport::builder().proxy(proxy).roots(roots);
    assert!(!format!("{builder:?}").contains("CANARY"));
    let client = Client::new(builder.build().unwrap(), config);
    let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
    let invite = InviteId::literal("inv_01h2xcejqtf2nbrexx3vqjhp41");
    let call = client.organization(organization).invites().revoke(invite);
    call.send().await.unwrap_err()
}

#[tokio::test]
async fn only_a_valid_certificate_of_a_trusted_authority_is_accepted() {
    let authority = tls::Authority::new();
    let ours = Roots::Custom(vec![authority.certificate()]);
    let stranger = Roots::Custom(vec![tls::Authority::new().certificate()]);
    for (name, host, year, roots, kind) in [
        ("trusted", "127.0.0.1", 2100, ours.clone(), ErrorKind::Api),
        (
            "another authority",
            "127.0.0.1",
            2100,
            stranger,
            ErrorKind::Certificate,
        ),
        (
            "the web's authorities",
            "127.0.0.1",
            2100,
            Roots::WebPki,
            ErrorKind::Certificate,
        ),
        (
            "another host",
            "example.com",
            2100,
            ours.clone(),
            ErrorKind::Certificate,
        ),
        ("expired", "127.0.0.1", 2020, ours, ErrorKind::Certificate),
    ] {
        let error = call(authority.serve(host, year), roots).await;
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{name}: {error:?}"
        );
        let mut causes = successors(error.source(), |cause| (*cause).source());
        let found = causes.any(|it| it.downcast_ref::<rustls::Error>().is_some());
        assert_eq!(found, kind == ErrorKind::Certificate, "{name}: {error:?}");
        assert!(!format!("{error:#?} {}", error.report()).contains("CANARY"));
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_and_one_of_an_old_version_get_nothing() {
    let ours = || Roots::Custom(vec![tls::Authority::new().certificate()]);
    for (address, roots, kind) in [
        (tls::self_signed(), Roots::WebPki, ErrorKind::Certificate),
        (tls::self_signed(), ours(), ErrorKind::Certificate),
        (tls::downgrade(), ours(), ErrorKind::Connect),
    ] {
        let error = call(address, roots).await;
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_handshake_without_answer_was_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (short, long) = (Duration::from_millis(200), Duration::from_secs(10));
    // Whichever time is over first, that of the connection or that of the attempt.
    for (connecting, attempt) in [(short, long), (long, short)] {
        let transport = HyperTransport::builder()
            .proxy(Proxy::Direct)
            .connect_timeout(connecting)
            .build()
            .unwrap();
        let config = ClientConfig::new(BearerToken::new("ffy_test_CANARY").unwrap())
            .base_url(format!("https://{address}").parse().unwrap())
            .timeout(attempt)
            .retry(RetryPolicy::never());
        let client = Client::new(transport, config);
        let organization = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");
        let invites = client.organization(organization).invites();
        let create = invites.create("a@example.com".parse().unwrap());
        let error = create.send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Timeout, Outcome::NotApplied),
            "{error:?}"
        );
    }
    drop(listener);
}

#[tokio::test]
async fn plaintext_on_the_tls_port_was_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
    });
    let error = call(address, Roots::WebPki).await;
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Connect, Outcome::NotApplied)
    );
}

#[tokio::test]
async fn a_proxy_is_gone_through_with_its_credentials() {
    let authority = tls::Authority::new();
    for (credentials, kind) in [("user:CANARY@", ErrorKind::Api), ("", ErrorKind::Connect)] {
        let proxy = Proxy::Url(format!("http://{credentials}{}", tls::proxy()));
        let roots = Roots::Custom(vec![authority.certificate()]);
        let error = call_through(proxy, authority.serve("127.0.0.1", 2100), roots).await;
        assert_eq!(
            (error.kind(), error.outcome()),
            (kind, Outcome::NotApplied),
            "{error:?}"
        );
        assert!(!format!("{error:#?} {}", error.report()).contains("CANARY"));
    }
}

#[test]
fn a_proxy_of_another_scheme_is_refused() {
    for url in ["ftp://user:CANARY@127.0.0.1", "", "http://"] {
        let built = HyperTransport::builder()
            .proxy(Proxy::Url(url.into()))
            .build();
        let error = built.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
}
