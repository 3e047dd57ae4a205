//! `ensure_…` calls: an operation that changes something, and a list that shows the result.

mod machine;
mod membership;
mod unread;

use std::fmt::Debug;

use factify_types::Timestamp;
use serde_json::value::RawValue;

use crate::operation::Operation;
use crate::page::PagedOperation;

pub(crate) use machine::{MAX_ROUNDS, Machine, Step, Unverified, speaks_of_the_state};
pub(crate) use membership::{MemberSearch, Membership};
pub(crate) use unread::{Unread, UnreadPage, fields, is_null, text};

/// What an `ensure_…` call does, and how it reads the list.
///
/// It is public only because public calls are generic over it.
pub trait Ensure: Debug + Send + Sync {
    /// The name of the call, for errors and observers.
    const NAME: &'static str;

    /// The goal. It completes the sentence "it could not be verified that".
    const GOAL: &'static str;

    /// The risk after an error, as a sentence.
    const RISK: &'static str;

    /// The state after a refusal that is final, as a sentence.
    const REFUSED: &'static str = Self::RISK;

    /// Why nothing is certain if the item is not in the list.
    const ABSENT: &'static str = "it is not in the list";

    /// Whether 404 may mean that the item does not exist, rather than that the call is wrong. The list then
    /// shows which of them it is.
    const NOT_FOUND_IS_A_STATE: bool = false;

    /// The operation that changes something. It must be idempotent.
    type Act: Operation;

    /// The list that shows the result.
    type List: PagedOperation;

    /// The fields that are read of the item in the list.
    type State;

    /// The result.
    type Ensured;

    /// The operation that changes something.
    fn act(&self) -> Self::Act;

    /// The result, if the response to the operation proves it.
    fn acted(&self, output: <Self::Act as Operation>::Output) -> Option<Self::Ensured>;

    /// The list, optionally only of items that were created in this range.
    fn list(&self, created: Option<(Timestamp, Timestamp)>) -> Self::List;

    /// The approximate creation time, if the ID has it and the list has a filter for it.
    fn created_at(&self) -> Option<Timestamp> {
        None
    }

    /// Reads an item of the list, but only the fields that the result depends on.
    fn read(&self, item: &RawValue) -> Item<Self::State>;

    /// What a state means. `in_doubt` is whether a request of this call may have caused it.
    fn judge(&self, state: Self::State, in_doubt: bool) -> Judgement<Self::Ensured>;

    /// The result if the whole list was read and the item is not in it. `None` if that proves nothing.
    fn absent(&self, in_doubt: bool) -> Option<Self::Ensured> {
        let _ = in_doubt;
        None
    }
}

/// An item of the list.
#[derive(Debug)]
pub enum Item<S> {
    /// The item that the call is about.
    Found(S),
    /// Another item.
    Other,
    /// An item that does not belong to this list: this field does not match the request.
    Foreign(&'static str),
    /// An item without a readable ID.
    Unreadable,
}

/// What a state means for the call.
#[derive(Debug)]
pub enum Judgement<E> {
    /// The state is final.
    Done(E),
    /// The operation did not take effect, for this reason: try again.
    Again(&'static str),
    /// If the server refused the operation, it will refuse it again, for this reason. The result, if there
    /// is one, is then final. Without a refusal: try again.
    Refused(Option<E>, &'static str),
    /// The state proves nothing, for this reason.
    Unclear(&'static str),
}
