//! Paging for every list.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use factify_core::{ErrorReason, InviteId, Page, Pagination};
use http::Request;

use crate::respond::Refusal;

/// The default page size.
const DEFAULT_SIZE: usize = 50;

/// A page of the items that `show` returns, newest first. `items` never shrinks.
pub(crate) fn page<T, M>(
    items: &[T],
    show: impl Fn(&T) -> Option<M>,
    request: &Request<Bytes>,
    secret: u64,
    size: Option<u32>,
    token: Option<&str>,
) -> Result<Page<M>, Refusal> {
    let size = size.and_then(|size| usize::try_from(size).ok());
    let size = size.unwrap_or(DEFAULT_SIZE);
    let binding = Binding::new(secret, request);
    // A page token contains the index where the page ends.
    let end = match token {
        None => items.len(),
        Some(token) => {
            let end = binding.read(token).filter(|end| *end <= items.len());
            end.ok_or_else(|| {
                let message = "The page token does not belong to this list";
                Refusal::invalid(ErrorReason::InvalidCursor, "page_token", message)
            })?
        }
    };
    let older = items.iter().enumerate().take(end).rev();
    let mut found = older.filter_map(|(at, item)| Some((at, show(item)?)));
    let chosen = found.by_ref().take(size).map(|(_, shown)| shown);
    let chosen: Vec<_> = chosen.collect();
    let next = found.next().map(|(at, _)| binding.token(at + 1));
    let newer = items.iter().enumerate().skip(end);
    let newer = newer.filter(|(_, item)| show(item).is_some());
    let newer = newer.take(size).last();
    let mut pagination = Pagination::new();
    pagination.has_more = next.is_some();
    // The API sends an empty token if there is none.
    pagination.next_page_token = Some(next.unwrap_or_default());
    let previous = newer.map(|(at, _)| binding.token(at + 1));
    pagination.prev_page_token = Some(previous.unwrap_or_default());
    Ok(Page::new(chosen, pagination))
}

/// What a page token is bound to: the list and its filters, but not the page number and size.
struct Binding {
    secret: u64,
    list: u64,
}

impl Binding {
    fn new(secret: u64, request: &Request<Bytes>) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !name.starts_with("page_") && name != "cursor")
            .collect();
        pairs.sort();
        Self {
            secret,
            list: hash(&(request.uri().path(), pairs)),
        }
    }

    /// The position and its checksum, in the alphabet of IDs.
    fn token(&self, position: usize) -> String {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        let sum = hash(&(self.secret, self.list, position));
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
        let genuine = sum == hash(&(self.secret, self.list, position));
        usize::try_from(position).ok().filter(|_| genuine)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
