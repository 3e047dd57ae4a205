use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use factify_core::{ErrorReason, InviteId};
use http::Response;
use serde_json::json;

use super::filter::Filter;
use crate::respond::{Refusal, ok};
use crate::state::State;

/// How many invites a page holds when the request does not say.
const DEFAULT_SIZE: usize = 50;

pub(crate) fn list(state: &State, query: &str) -> Result<Response<Bytes>, Refusal> {
    let (invites, filter) = (state.invites.all(), Filter::parse(query)?);
    let size = filter
        .page_size
        .map_or(DEFAULT_SIZE, |size| usize::from(size.get()));
    let binding = Binding::new(state.token_secret, query);
    // Newest first; the end of a page is an index into the invites, which only ever grow.
    let end = match &filter.page_token {
        None => invites.len(),
        Some(token) => {
            let end = binding.read(token).filter(|end| *end <= invites.len());
            end.ok_or_else(|| {
                let message = "The page token is not one of this list";
                Refusal::invalid(ErrorReason::InvalidCursor, "page_token", message)
            })?
        }
    };
    let older = invites.iter().enumerate().take(end).rev();
    let mut found = older.filter(|(_, invite)| filter.matches(invite));
    let items: Vec<_> = found
        .by_ref()
        .take(size)
        .map(|(_, invite)| invite)
        .collect();
    let next = found.next().map(|(at, _)| binding.token(at + 1));
    let newer = invites.iter().enumerate().skip(end);
    let before = newer
        .filter(|(_, invite)| filter.matches(invite))
        .take(size)
        .last();
    let previous = before.map(|(at, _)| binding.token(at + 1));
    Ok(ok(&json!({
        "items": items,
        "pagination": {
            "has_more": next.is_some(),
            "next_page_token": next.unwrap_or_default(),
            "prev_page_token": previous.unwrap_or_default(),
        },
    })))
}

/// What a page token is bound to: all of the query but which page, and how large.
struct Binding {
    secret: u64,
    filters: u64,
}

impl Binding {
    fn new(secret: u64, query: &str) -> Self {
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !name.starts_with("page_"))
            .collect();
        pairs.sort();
        Self {
            secret,
            filters: hash(&pairs),
        }
    }

    /// The position, and a check sum of it, in the symbols of an id.
    fn token(&self, position: usize) -> String {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        let sum = hash(&(self.secret, self.filters, position));
        let bits = u128::from(position ^ sum) << 64 | u128::from(sum);
        InviteId::from_uuid_bytes(bits.to_be_bytes())
            .suffix()
            .to_owned()
    }

    fn read(&self, token: &str) -> Option<usize> {
        let id: InviteId = format!("{}{token}", InviteId::PREFIX).parse().ok()?;
        let bytes = id.uuid_bytes()?;
        let (high, rest) = bytes.split_first_chunk()?;
        let sum = u64::from_be_bytes(*rest.first_chunk()?);
        let position = u64::from_be_bytes(*high) ^ sum;
        let genuine = sum == hash(&(self.secret, self.filters, position));
        usize::try_from(position).ok().filter(|_| genuine)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
