//! `ensure_…` calls: an operation that changes something, and a list that shows the result.

mod machine;
mod unread;

use std::fmt::Debug;

use factify_types::Timestamp;
use serde_json::value::RawValue;

use crate::operation::Operation;
use crate::page::PagedOperation;

pub(crate) use machine::{Machine, Step};
pub(crate) use unread::text;

/// What an `ensure_…` call does, and what the list says about it.
///
/// It is public only because public calls are generic over it.
pub trait Ensure: Debug + Send + Sync {
    /// The name of the call, for errors and observers.
    const NAME: &'static str;

    /// What it makes sure of, after "it could not be verified that".
    const GOAL: &'static str;

    /// What may be the case after an error, as a sentence.
    const RISK: &'static str;

    /// The operation that changes something. It must be idempotent.
    type Act: Operation;

    /// The list that shows the result.
    type List: PagedOperation;

    /// What is read of the item in the list.
    type State;

    /// The result.
    type Ensured;

    /// The operation that changes something.
    fn act(&self) -> Self::Act;

    /// The result, if the response to the operation proves it.
    fn acted(&self, output: <Self::Act as Operation>::Output) -> Option<Self::Ensured>;

    /// The list, optionally only of what was created in this range.
    fn list(&self, created: Option<(Timestamp, Timestamp)>) -> Self::List;

    /// About when the thing was created, if its ID says so and the list can be searched by it.
    fn created_at(&self) -> Option<Timestamp>;

    /// Reads an item of the list: nothing but what the result depends on.
    fn read(&self, item: &RawValue) -> Item<Self::State>;

    /// What a state means. `in_doubt` is whether a request of this call may have caused it.
    fn judge(&self, state: Self::State, in_doubt: bool) -> Judgement<Self::Ensured>;
}

/// An item of the list.
#[derive(Debug)]
pub enum Item<S> {
    /// The one that the call is about.
    Found(S),
    /// Another one.
    Other,
    /// One that does not belong into this list: this field of it shows that the response is about
    /// something else.
    Foreign(&'static str),
    /// One without a readable ID.
    Unreadable,
}

/// What a state means for the call.
#[derive(Debug)]
pub enum Judgement<E> {
    /// It is final.
    Done(E),
    /// The operation has not had its effect: try again. The text says so.
    Again(&'static str),
    /// It says nothing, for this reason.
    Unclear(&'static str),
}
