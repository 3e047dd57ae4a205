//! `ensure_…` calls: several requests that are one call for their observers.

use super::config::ClientConfig;
use super::options::{Options, option_setters};
use super::parts::PartsRun;
use super::run::{Cancel, Running};
use super::{Client, blocking};
use crate::error::Error;
use crate::operations::ensure::{Ensure, Machine, Step};
use crate::transport::{self, HttpTransport, Now};

/// A call that changes something and verifies the result, with its options, such as
/// [`EnsureRevokedCall`](crate::invites::EnsureRevokedCall).
///
/// Nothing happens before `send`. It sends as many requests as necessary within its deadline. The other
/// options apply to each request.
#[derive(Debug)]
#[must_use = "a call does nothing until you `send` it"]
pub struct EnsureCall<'c, C, E> {
    client: &'c C,
    config: &'c ClientConfig,
    ensure: E,
    options: Options,
}

impl<'c, C, E> EnsureCall<'c, C, E> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, ensure: E) -> Self {
        let options = Options::default();
        Self {
            client,
            config,
            ensure,
            options,
        }
    }

    /// Changes what the call makes sure of.
    pub(crate) fn change(mut self, change: impl FnOnce(&mut E)) -> Self {
        change(&mut self.ensure);
        self
    }

    option_setters!();
}

/// The code of both drivers, which differ only in how they wait.
macro_rules! drive {
    ($call:ident, $run:ident, $transport:ident $(, $await:tt)?) => {{
        let mut step = $run.machine.start($transport.now());
        loop {
            step = match step {
                Step::Act(act, left) => {
                    let result = $call.client.call_with(act, $run.parts.options(Some(left))).send()$(.$await)?;
                    $run.machine.acted($transport.now(), result)
                }
                Step::List(list, left) => {
                    let result = $call.client.call_with(*list, $run.parts.options(Some(left))).send()$(.$await)?;
                    $run.machine.listed($transport.now(), result)
                }
                Step::Done(result) => break $run.parts.finish($transport.now(), result),
            };
        }
    }};
}

impl<T: HttpTransport, E: Ensure> EnsureCall<'_, Client<T>, E> {
    /// Makes the change, verifies it and returns the state. You can call it again at any time.
    ///
    /// Dropping the future ends the call; whether it was applied is then unknown.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) if the state could not be verified, and the errors
    /// of the operation, such as a wrong token or ID. After an error the result is not certain.
    /// [`Outcome::NotApplied`](crate::Outcome::NotApplied) then means only that this call changed nothing: the access
    /// that you want to end may still exist.
    pub async fn send(self) -> Result<E::Ensured, Error> {
        let transport = self.client.transport();
        let run = EnsureRun::new(self.config, self.ensure, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        {
            let span = run.parts.span();
            let driven = async { drive!(self, run, transport, await) };
            tracing::Instrument::instrument(driven, span).await
        }
        #[cfg(not(feature = "tracing"))]
        drive!(self, run, transport, await)
    }
}

impl<T: transport::blocking::HttpTransport, E: Ensure> EnsureCall<'_, blocking::Client<T>, E> {
    /// Makes the change, verifies it and returns the state. You can call it again at any time.
    ///
    /// # Errors
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified) if the state could not be verified, and the errors
    /// of the operation, such as a wrong token or ID. After an error the result is not certain.
    /// [`Outcome::NotApplied`](crate::Outcome::NotApplied) then means only that this call changed nothing: the access
    /// that you want to end may still exist.
    pub fn send(self) -> Result<E::Ensured, Error> {
        let transport = self.client.transport();
        let run = EnsureRun::new(self.config, self.ensure, self.options, transport.now());
        let mut run = Running::new(run, || transport.now());
        #[cfg(feature = "tracing")]
        let span = run.parts.span();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        drive!(self, run, transport)
    }
}

/// The machine of a call, and its requests.
struct EnsureRun<E> {
    machine: Machine<E>,
    parts: PartsRun,
}

impl<E: Ensure> EnsureRun<E> {
    fn new(config: &ClientConfig, ensure: E, options: Options, now: Now) -> Self {
        let deadline = options.deadline.unwrap_or(config.deadline);
        Self {
            machine: Machine::new(ensure, deadline, now),
            parts: PartsRun::new(E::NAME, &config.watch, options, now),
        }
    }
}

impl<E: Ensure> Cancel for EnsureRun<E> {
    fn is_reported(&self) -> bool {
        self.parts.has_ended()
    }

    fn cancel(&mut self, now: Now) {
        self.parts.cancel(now, self.machine.is_in_doubt());
    }
}
