//! Prints requests of every operation as lines of JSON, for checking against the API document:
//! so many of each as the argument says, with whatever values the types allow.

use std::error::Error;

use factify_core::{
    AcceptOrganizationInvite, ApiKey, BaseUrl, CreateOrganizationInvite, EmailAddress,
    InvitationToken, InviteId, ListOrganizationInvites, Operation, OrganizationId,
    OrganizationInviteStatus, PageSize, ResendOrganizationInvite, RevokeOrganizationInvite,
    Timestamp, UserId,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args()
        .nth(1)
        .map_or(Ok(20), |text| text.parse())?;
    let mut runner = TestRunner::deterministic();
    for _ in 0..count {
        let mut draw = Draw(&mut runner);
        print(&draw.revoke()?)?;
        print(&draw.resend()?)?;
        print(&draw.accept()?)?;
        print(&draw.create()?)?;
        print(&draw.list()?)?;
    }
    Ok(())
}

struct Draw<'r>(&'r mut TestRunner);

type Drawn<O> = Result<O, Box<dyn Error>>;

impl Draw<'_> {
    fn one<S: Strategy>(&mut self, strategy: &S) -> Drawn<S::Value> {
        let drawn = strategy.new_tree(self.0);
        Ok(drawn.map_err(|reason| reason.to_string())?.current())
    }

    fn revoke(&mut self) -> Drawn<RevokeOrganizationInvite> {
        let (organization, invite) = self.one(&(any::<OrganizationId>(), any::<InviteId>()))?;
        Ok(RevokeOrganizationInvite::new(organization, invite))
    }

    fn resend(&mut self) -> Drawn<ResendOrganizationInvite> {
        let (organization, invite) = self.one(&(any::<OrganizationId>(), any::<InviteId>()))?;
        Ok(ResendOrganizationInvite::new(organization, invite))
    }

    fn accept(&mut self) -> Drawn<AcceptOrganizationInvite> {
        let token = text(1..=InvitationToken::MAX_CHARS);
        let (organization, token) = self.one(&(any::<OrganizationId>(), token))?;
        Ok(AcceptOrganizationInvite::new(
            organization,
            InvitationToken::new(token)?,
        ))
    }

    fn create(&mut self) -> Drawn<CreateOrganizationInvite> {
        // The longest character has four bytes of UTF-8.
        let message = option::of(text(0..=CreateOrganizationInvite::MAX_MESSAGE_BYTES / 4));
        let key = option::of(text(
            0..=CreateOrganizationInvite::MAX_IDEMPOTENCY_KEY_CHARS,
        ));
        let (organization, email, message, key) =
            self.one(&(any::<OrganizationId>(), any::<EmailAddress>(), message, key))?;
        let mut create = CreateOrganizationInvite::new(organization, email);
        create.message = message;
        create.idempotency_key = key;
        Ok(create)
    }

    fn list(&mut self) -> Drawn<ListOrganizationInvites> {
        let known = OrganizationInviteStatus::KNOWN;
        let status = subsequence(known, 0..=known.len());
        let filters = (
            option::of(text(1..=40)),
            any::<bool>(),
            option::of(any::<UserId>()),
        );
        let created = (
            option::of(any::<Timestamp>()),
            option::of(any::<Timestamp>()),
        );
        let page = (option::of(1..=100_u32), option::of(text(1..=200)));
        let drawn = (any::<OrganizationId>(), status, filters, created, page);
        let (organization, status, (email, exact, sender), (one, other), (size, token)) =
            self.one(&drawn)?;
        let mut list = ListOrganizationInvites::new(organization);
        list.status = status;
        if exact {
            list.email_exact = email;
        } else {
            list.email_contains = email;
        }
        list.sender_id = sender;
        (list.created_after, list.created_before) = match (one, other) {
            (Some(one), Some(other)) if one > other => (Some(other), Some(one)),
            (one, other) if one == other => (one, None),
            bounds => bounds,
        };
        list.page_size = size.map(PageSize::new).transpose()?;
        list.page_token = token;
        Ok(list)
    }
}

/// Any Unicode.
fn text(chars: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = String> {
    vec(any::<char>(), chars).prop_map(String::from_iter)
}

#[allow(clippy::print_stdout)] // This is what the program is for.
fn print<O: Operation>(operation: &O) -> Result<(), Box<dyn Error>> {
    let request = operation.encode(&BaseUrl::production(), &ApiKey::new("ffy_test_example")?)?;
    let header = |value: &http::HeaderValue| value.to_str().map(str::to_owned);
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| Ok((name.to_string(), header(value)?.into())));
    let headers: serde_json::Map<_, _> = headers.collect::<Result<_, Box<dyn Error>>>()?;
    let line = serde_json::json!({
        "operation": O::INFO.id,
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body": std::str::from_utf8(request.body())?,
    });
    println!("{line}");
    Ok(())
}
