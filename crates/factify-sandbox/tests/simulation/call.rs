//! A call of any operation. The simulation knows only the constants of the operation.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Mutex;

use bytes::Bytes;
use factify_core::organizations::OffboardReport;
use factify_core::{
    CallReport, Client, Error, ErrorKind, Observer, Operation, Outcome, PagedOperation,
    ServeOperation, UserId, blocking,
};

use crate::ensure::{Found, Subject};
use crate::network::Network;
use crate::transfers::Uploaded;

/// What a client reports about a call.
#[derive(Debug)]
pub enum Said {
    /// The output, written as a response. `None` for a list.
    Done(Option<Bytes>),
    Ensured(Found),
    Offboarded(UserId, OffboardReport),
    /// The bytes of a download.
    Saved(Vec<u8>),
    Uploaded(Uploaded),
    Failed(Error),
    /// The future was dropped. The observer saw this, unless the call had not begun.
    Cancelled(Option<Cancelled>),
}

/// What the observer saw of a call that was dropped.
#[derive(Debug, Clone, Copy)]
pub struct Cancelled {
    pub operation: &'static str,
    pub outcome: Outcome,
    pub attempts: u32,
}

/// Keeps the end of the last call.
#[derive(Default)]
pub struct LastCall(Mutex<Option<Cancelled>>);

impl LastCall {
    pub fn cancelled(&self) -> Option<Cancelled> {
        *self.0.lock().unwrap()
    }
}

impl Observer for LastCall {
    fn called(&self, call: &CallReport<'_>) {
        let cancelled = call
            .error
            .filter(|error| error.kind() == ErrorKind::Cancelled);
        *self.0.lock().unwrap() = cancelled.map(|error| Cancelled {
            operation: call.operation,
            outcome: error.outcome(),
            attempts: call.attempts,
        });
    }
}

pub type Sending<'a> = Pin<Box<dyn Future<Output = Said> + 'a>>;

pub trait Call: Debug {
    fn name(&self) -> &'static str;

    /// Whether it only reads.
    fn is_safe(&self) -> bool;

    /// Whether it may be carried out more than once.
    fn is_idempotent(&self) -> bool;

    /// The output in a response, written again.
    fn output(&self, body: &Bytes) -> Option<Bytes> {
        Some(body.clone())
    }

    /// Whether it sends several requests, each with its own deadline.
    fn is_walk(&self) -> bool {
        false
    }

    /// Whether it sends the same request again, although it has a response.
    fn repeats_requests(&self) -> bool {
        false
    }

    /// What an `ensure_…` call is about.
    fn ensures(&self) -> Option<Subject> {
        None
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a>;

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said;
}

pub fn said<O: ServeOperation>(result: Result<O::Output, Error>) -> Said {
    let written = |output| Said::Done(Some(O::encode_output(&output).unwrap()));
    result.map_or_else(Said::Failed, written)
}

impl<O: ServeOperation + Clone + Debug> Call for O {
    fn name(&self) -> &'static str {
        O::INFO.id
    }

    fn is_safe(&self) -> bool {
        O::INFO.is_safe()
    }

    fn is_idempotent(&self) -> bool {
        Operation::is_idempotent(self)
    }

    fn output(&self, body: &Bytes) -> Option<Bytes> {
        O::encode_output(&O::decode_body(body).ok()?).ok()
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async { said::<O>(client.call(self.clone()).send().await) })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        said::<O>(client.call(self.clone()).send())
    }
}

/// A list that is read to its end, without duplicates.
#[derive(Debug)]
pub struct Walk<O: PagedOperation>(pub O, pub fn(&O::Item) -> String);

impl<O: PagedOperation> Walk<O> {
    fn end(&self, items: Result<Vec<O::Item>, Error>) -> Said {
        items.map_or_else(Said::Failed, |items| {
            let mut ids: Vec<_> = items.iter().map(self.1).collect();
            ids.sort_unstable();
            assert!(
                ids.windows(2).all(|pair| pair[0] != pair[1]),
                "a duplicate item"
            );
            Said::Done(None)
        })
    }
}

impl<O> Call for Walk<O>
where
    O: PagedOperation<Item: Debug + Unpin> + Debug + Unpin,
{
    fn name(&self) -> &'static str {
        O::INFO.id
    }

    fn is_safe(&self) -> bool {
        true
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn is_walk(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async {
            let (mut items, mut all) = (client.call(self.0.clone()).items(), Vec::new());
            let result = loop {
                match items.try_next().await {
                    Ok(Some(item)) => all.push(item),
                    Ok(None) => break Ok(all),
                    Err(error) => break Err(error),
                }
            };
            self.end(result)
        })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        self.end(client.call(self.0.clone()).items().collect())
    }
}
