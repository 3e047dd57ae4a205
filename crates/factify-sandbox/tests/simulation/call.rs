//! A call of any operation. The simulation knows only the constants of the operation.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Mutex;

use factify_core::invites::Ensured;
use factify_core::{
    CallReport, Client, Error, ErrorKind, InviteId, Observer, Operation, OrganizationId, Outcome,
    PagedOperation, blocking,
};

use crate::network::Network;

/// What a client reports about a call.
#[derive(Debug)]
pub enum Said {
    Done,
    Ensured(Box<Ensured>),
    Failed(Error),
    /// The future was dropped. The observer saw this, unless the call had not begun.
    Cancelled(Option<Cancelled>),
}

/// What the observer saw of a call that was dropped.
#[derive(Debug, Clone, Copy)]
pub struct Cancelled {
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

    /// Whether it sends several requests, each with its own deadline.
    fn is_walk(&self) -> bool {
        false
    }

    /// The invite whose state it reports.
    fn ensures(&self) -> Option<InviteId> {
        None
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a>;

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said;
}

fn said<T>(result: Result<T, Error>) -> Said {
    result.map_or_else(Said::Failed, |_| Said::Done)
}

impl<O: Operation + Clone + Debug> Call for O {
    fn name(&self) -> &'static str {
        O::INFO.id
    }

    fn is_safe(&self) -> bool {
        O::INFO.is_safe()
    }

    fn is_idempotent(&self) -> bool {
        O::INFO.idempotent
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        Box::pin(async { said(client.call(self.clone()).send().await) })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        said(client.call(self.clone()).send())
    }
}

/// A list that is read to its end, without duplicates.
#[derive(Debug)]
pub struct Walk<O: PagedOperation>(pub O, pub fn(&O::Item) -> String);

impl<O: PagedOperation> Walk<O> {
    fn end(&self, items: Result<Vec<O::Item>, Error>) -> Said {
        said(items.map(|items| {
            let mut ids: Vec<_> = items.iter().map(self.1).collect();
            ids.sort_unstable();
            assert!(
                ids.windows(2).all(|pair| pair[0] != pair[1]),
                "a duplicate item"
            );
        }))
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

#[derive(Debug)]
pub struct Ensure(pub OrganizationId, pub InviteId);

fn ensured(result: Result<Ensured, Error>) -> Said {
    result.map_or_else(Said::Failed, |ensured| Said::Ensured(Box::new(ensured)))
}

impl Call for Ensure {
    fn name(&self) -> &'static str {
        "ensure_revoked"
    }

    fn is_safe(&self) -> bool {
        false
    }

    fn is_idempotent(&self) -> bool {
        true
    }

    fn ensures(&self) -> Option<InviteId> {
        Some(self.1)
    }

    fn send<'a>(&'a self, client: &'a Client<Network>) -> Sending<'a> {
        let invites = client.organization(self.0).invites();
        Box::pin(async move { ensured(invites.ensure_revoked(self.1).send().await) })
    }

    fn send_blocking(&self, client: &blocking::Client<Network>) -> Said {
        let invites = client.organization(self.0).invites();
        ensured(invites.ensure_revoked(self.1).send())
    }
}
