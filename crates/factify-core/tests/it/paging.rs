//! Paging through lists, with normal and invalid responses.

use std::sync::Mutex;

use bytes::Bytes;
use factify_core::blocking::{Client, HttpTransport};
use factify_core::invites::{ListOrganizationInvites, OrganizationInviteStatus};
use factify_core::{
    BearerToken, ClientConfig, ErrorKind, Limits, Now, OrganizationId, Outcome, Pager, Pagination,
    RequestBody, RetryPolicy, TransportError,
};
use http::{Request, Response, StatusCode};
use proptest::prelude::*;

/// A server that selects the page by its token; `None` fails.
pub struct Pages<F> {
    page: F,
    asked: Mutex<Vec<String>>,
}

impl<F: Fn(&str) -> Option<String> + Send + Sync> HttpTransport for Pages<F> {
    fn send(
        &self,
        request: Request<RequestBody>,
        _: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let token = query
            .split_once("page_token=")
            .map_or("", |(_, token)| token);
        let page = (self.page)(token);
        self.asked.lock().unwrap().push(query);
        let mut response = Response::new(Bytes::from(page.clone().unwrap_or_default()));
        if page.is_none() {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        Ok(response)
    }

    fn now(&self) -> Now {
        Now::default()
    }
}

pub const ORGANIZATION: OrganizationId = OrganizationId::literal("org_01h2xcejqtf2nbrexx3vqjhp41");

pub fn client<F>(page: F) -> Client<Pages<F>>
where
    F: Fn(&str) -> Option<String> + Send + Sync,
{
    let config =
        ClientConfig::new(BearerToken::new("ffy_test_x").unwrap()).retry(RetryPolicy::never());
    let asked = Mutex::default();
    Client::new(Pages { page, asked }, config)
}

fn page(emails: &[&str], next: &str, has_more: bool) -> Option<String> {
    let items: Vec<_> = emails.iter().map(|email| invite(email)).collect();
    Some(page_of(&items, next, has_more))
}

pub fn page_of(items: &[String], next: &str, has_more: bool) -> String {
    format!(
        r#"{{"items":[{}],"pagination":{{"has_more":{has_more},"next_page_token":"{next}"}}}}"#,
        items.join(",")
    )
}

pub fn invite(email: &str) -> String {
    format!(
        r#"{{"id":"inv_01h2xcejqtf2nbrexx3vqjhp41","organization_id":"{ORGANIZATION}",
        "email":"{email}","status":"pending","sender":{{"id":"user_x","name":"n","email":"e"}},
        "created_at":"2026-01-15T01:30:15Z","expires_at":"2026-01-15T01:30:15Z"}}"#
    )
}

#[test]
fn an_empty_page_is_not_the_end() {
    let client = client(|token| match token {
        "" => page(&["a"], "1", true),
        "1" => page(&[], "2", true),
        // The token counts even without has_more.
        "2" => page(&[], "3", false),
        _ => page(&["b"], "", false),
    });
    let list = client.organization(ORGANIZATION).invites().list();
    let mut items = list.status(OrganizationInviteStatus::Pending).items();
    let emails: Vec<_> = items.by_ref().map(|invite| invite.unwrap().email).collect();
    assert_eq!(emails, ["a", "b"]);
    assert!(items.next().is_none(), "fused");
    let asked = client.transport().asked.lock().unwrap();
    assert_eq!(asked[0], "status=pending");
    assert_eq!(
        asked[3], "status=pending&page_token=3",
        "the filters are sent with each page"
    );
}

#[test]
fn invalid_page_tokens_are_an_error_after_the_items() {
    type Server = fn(&str) -> Option<String>;
    let servers: [(&str, Server); 5] = [
        ("more, but no token", |_| page(&["a"], "", true)),
        ("itself", |token| {
            page(&["a"], if token.is_empty() { "1" } else { token }, true)
        }),
        ("a token that is too long for a URL", |_| {
            page(&["a"], &"é".repeat(8_193), true)
        }),
        ("two alternating tokens", |token| {
            page(&["a"], if token == "1" { "2" } else { "1" }, true)
        }),
        ("from the last page back to the first", |token| {
            let at: u32 = token.parse().unwrap_or_default();
            page(&["a"], &((at + 1) % 50).to_string(), true)
        }),
    ];
    for (name, server) in servers {
        let client = client(server);
        let mut items = client.organization(ORGANIZATION).invites().list().items();
        let mut count = 0;
        let error = loop {
            match items.next().unwrap() {
                Ok(_) if count < 200 => count += 1,
                Ok(_) => panic!("{name}: endless paging"),
                Err(error) => break error,
            }
        };
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Paging, Outcome::NotApplied),
            "{name}"
        );
        assert!((1..=150).contains(&count), "{name}: {count}");
        assert!(items.next().is_none(), "{name}");
    }
}

#[test]
fn a_page_token_has_at_most_16_kib() {
    for (length, is_valid) in [(16 << 10, true), ((16 << 10) + 1, false)] {
        let mut pager = Pager::new(None);
        let mut pagination = Pagination::new();
        pagination.next_page_token = Some("x".repeat(length));
        let result = pager.arrived(&pagination);
        assert_eq!(result.is_ok(), is_valid, "{length}: {result:?}");
        assert_eq!(pager.is_done(), !is_valid);
    }
}

#[test]
fn a_walk_can_be_resumed_after_an_error() {
    let broken = client(|token| match token {
        "" => page(&["a", "b"], "1", true),
        _ => None,
    });
    let mut items = broken.organization(ORGANIZATION).invites().list().items();
    assert_eq!(items.next().unwrap().unwrap().email, "a");
    assert_eq!(items.page_token(), None);
    assert_eq!(items.next().unwrap().unwrap().email, "b");
    let error = items.next().unwrap().unwrap_err();
    assert!(error.is_not_found() && error.unreadable_item().is_none());
    let token = items.page_token().unwrap().to_owned();
    assert!(items.next().is_none(), "fused");

    let mended = client(|token| match token {
        "1" => page(&["c"], "", false),
        _ => None,
    });
    let list = mended.organization(ORGANIZATION).invites().list();
    let rest: Vec<_> = list
        .page_token(token)
        .items()
        .map(|item| item.unwrap().email)
        .collect();
    assert_eq!(rest, ["c"]);
}

#[test]
fn a_walk_does_not_change_the_operation() {
    let client = client(|_| page(&[], "", false));
    let call = client.organization(ORGANIZATION).invites().list();
    assert_eq!(
        call.operation(),
        &ListOrganizationInvites::new(ORGANIZATION)
    );
    assert_eq!(call.pages().count(), 1);
}

#[test]
fn repeated_tokens_and_cycles_are_found() {
    // The tokens of the pages, and the page at which the error is found.
    for (tokens, found) in [
        (&["a", "a"][..], 2),
        (&["a", "b", "b"], 3),
        (&["a", "b", "c", "c"], 4),
        (&["a", "b", "c", "d", "e", "e"], 6),
        (&["a", "b", "a"], 4),
        (&["a", "b", "c", "b"], 4),
    ] {
        let mut pager = Pager::new(None);
        let mut page = 0;
        loop {
            page += 1;
            assert!(page < 50, "{tokens:?}: endless paging");
            let mut pagination = Pagination::new();
            // After the last token the cycle continues.
            let last = tokens.len() - 1;
            let first = tokens
                .iter()
                .position(|token| *token == tokens[last])
                .unwrap();
            let at = if page > last {
                first + (page - 1 - first) % (last - first).max(1)
            } else {
                page - 1
            };
            pagination.next_page_token = Some(tokens[at].into());
            if pager.arrived(&pagination).is_err() {
                break;
            }
        }
        assert_eq!(page, found, "{tokens:?}");
    }
    // A walk that starts at a token knows that token.
    let mut pager = Pager::new(Some("a".into()));
    let mut pagination = Pagination::new();
    pagination.next_page_token = Some("a".into());
    assert!(pager.arrived(&pagination).is_err());
}

#[async_trait::async_trait]
impl<F: Fn(&str) -> Option<String> + Send + Sync> factify_core::HttpTransport for Pages<F> {
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        HttpTransport::send(self, request, limits)
    }

    async fn sleep(&self, _: std::time::Duration) {}

    fn now(&self) -> Now {
        Now::default()
    }
}

/// The value of a future that is ready at once.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("it is not ready"),
    }
}

/// The stream and the iterator match at each step: items, tokens, errors and the end.
#[test]
fn the_stream_and_the_iterator_are_the_same_walk() {
    fn whole(token: &str) -> Option<String> {
        match token {
            "" => page(&["a", "b"], "two", true),
            "two" => page(&[], "three", true),
            _ => page(&["c"], "", false),
        }
    }
    fn broken(token: &str) -> Option<String> {
        (token != "three").then(|| whole(token)).flatten()
    }
    fn odd(token: &str) -> Option<String> {
        whole(token).map(|page| page.replace("\"b\"", "7"))
    }
    let servers: [fn(&str) -> Option<String>; 4] =
        [whole, broken, odd, |_| page(&["a"], "again", true)];
    for server in servers {
        let pages = || Pages {
            page: server,
            asked: Mutex::default(),
        };
        let config = || ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
        let blocking = Client::new(pages(), config());
        let stream = factify_core::Client::new(pages(), config());
        let (one, other) = (
            blocking.organization(ORGANIZATION),
            stream.organization(ORGANIZATION),
        );

        let (mut items, mut stream_items) =
            (one.invites().list().items(), other.invites().list().items());
        loop {
            let expected = items.next();
            let found = ready(stream_items.next());
            assert_eq!(stream_items.page_token(), items.page_token());
            assert!(format!("{stream_items:?}").contains("ListOrganizationInvites"));
            match (expected, found) {
                (None, None) => break,
                (Some(Ok(one)), Some(Ok(other))) => assert_eq!(one, other),
                (Some(Err(one)), Some(Err(other))) => {
                    assert_eq!(one.to_string(), other.to_string());
                }
                different => panic!("{different:?}"),
            }
        }
        assert!(ready(stream_items.next()).is_none(), "it must be fused");
        assert!(matches!(ready(stream_items.try_next()), Ok(None)));
        let mut anew = other.invites().list().items();
        assert_eq!(ready(anew.try_next()).unwrap().unwrap().email, "a");

        let (mut pages, mut stream_pages) =
            (one.invites().list().pages(), other.invites().list().pages());
        loop {
            assert_eq!(stream_pages.page_token(), pages.page_token());
            assert_eq!(stream_pages.is_done(), pages.is_done());
            let done = pages.is_done();
            let (expected, found) = (pages.next().transpose(), ready(stream_pages.try_next()));
            match (expected, found) {
                (Ok(one), Ok(other)) => {
                    assert_eq!(one, other);
                    assert_eq!(one.is_none(), done);
                    assert!(format!("{stream_pages:?}").contains("Pages"));
                    if one.is_none() {
                        break;
                    }
                }
                (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
                different => panic!("{different:?}"),
            }
            if is_terminated(&stream_pages) {
                assert!(ready(stream_pages.next()).is_none());
            }
        }
        assert!(is_terminated(&stream_pages) || cfg!(not(feature = "stream")));
        assert!(ready(stream_pages.next()).is_none());
    }
}

#[cfg(feature = "stream")]
fn is_terminated(pages: &impl futures_core::stream::FusedStream) -> bool {
    pages.is_terminated()
}

#[cfg(not(feature = "stream"))]
fn is_terminated<T>(_: &T) -> bool {
    false
}

/// A walk can outlive the client that it was made with.
#[test]
fn a_walk_can_be_stored_and_sent() {
    fn is_sent<W: Send + 'static>(walk: W) -> W {
        walk
    }

    let server = |token: &str| match token {
        "" => page(&["a"], "1", true),
        _ => page(&["b"], "", false),
    };
    let blocking = client(server);
    let list = blocking.organization(ORGANIZATION).invites().list();
    let items = is_sent(list.items());
    drop(blocking);
    let emails: Vec<_> = items.map(|invite| invite.unwrap().email).collect();
    assert_eq!(emails, ["a", "b"]);

    let transport = Pages {
        page: server,
        asked: Mutex::default(),
    };
    let config = ClientConfig::new(BearerToken::new("ffy_test_x").unwrap());
    let client = factify_core::Client::new(transport, config);
    let invites = client.organization(ORGANIZATION).invites();
    let (mut items, mut pages) = (
        is_sent(invites.list().items()),
        is_sent(invites.list().pages()),
    );
    drop(client);
    assert_eq!(ready(items.try_next()).unwrap().unwrap().email, "a");
    assert_eq!(ready(pages.try_next()).unwrap().unwrap().items().len(), 1);
    assert_eq!(ready(items.try_next()).unwrap().unwrap().email, "b");
}

proptest! {
    /// A walk over any finite set of tokens ends.
    #[test]
    fn every_walk_ends(next in prop::collection::vec(0..40_usize, 40), ends in prop::collection::vec(any::<bool>(), 40)) {
        let mut pager = Pager::new(None);
        let mut at = 0;
        let mut pages = 0;
        while !pager.is_done() {
            pages += 1;
            prop_assert!(pages <= 200, "endless paging");
            let mut pagination = Pagination::new();
            // A chain that mostly continues, and cycles of any length.
            if !(ends[at] && pages % 7 == 0) {
                pagination.next_page_token = Some(next[at].to_string());
            }
            at = next[at];
            let before = pager.token().map(str::to_owned);
            if pager.arrived(&pagination).is_err() {
                prop_assert!(pager.is_done());
                prop_assert_eq!(pager.token().map(str::to_owned), before);
            }
        }
    }

    /// A list without repeated tokens is read completely.
    #[test]
    fn no_walk_ends_early(length in 1..500_usize) {
        let mut pager = Pager::new(None);
        for page in 1..=length {
            prop_assert!(!pager.is_done());
            let mut pagination = Pagination::new();
            pagination.has_more = page < length;
            pagination.next_page_token = (page < length).then(|| page.to_string());
            pager.arrived(&pagination).unwrap();
        }
        prop_assert!(pager.is_done());
    }
}
