#[cfg(feature = "gzip")]
use http::header::ACCEPT_ENCODING;
use http::header::USER_AGENT;

use super::config::ClientConfig;
use super::observe::Watch;
use super::options::{Options, option_setters};
use super::run::{self, Meta, Run};
use crate::error::Error;
use crate::exchange::Exchange;
use crate::operation::Operation;
use crate::scrub::Secret;
use crate::transport::{Limits, Now, Progress, ProgressFn};

/// A request body of more bytes is a transfer, which has its own limits.
const LARGE: u64 = 64 << 10;

/// A call of an operation, with its options.
///
/// Nothing happens before `send`. It is `async` on a [`Client`](crate::Client) and a plain function
/// on a [`blocking::Client`](crate::blocking::Client).
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
///
/// use factify::blocking::{Client, HttpTransport};
/// use factify::organizations::GetOrganization;
/// use factify::{Error, OrganizationId, RetryPolicy};
///
/// fn name(client: &Client<impl HttpTransport>, id: OrganizationId) -> Result<String, Error> {
///     // The same as `client.organization(id).get()`.
///     let call = client.call(GetOrganization::new(id));
///     let call = call.timeout(Duration::from_secs(5)).retry(RetryPolicy::never());
///     Ok(call.send()?.name)
/// }
/// ```
#[derive(Debug)]
#[must_use = "a call does nothing until you `send` it"]
pub struct Call<'c, C, O> {
    pub(crate) client: &'c C,
    config: &'c ClientConfig,
    pub(super) operation: O,
    options: Options,
}

impl<'c, C, O> Call<'c, C, O> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, operation: O) -> Self {
        Self::with_options(client, config, operation, Options::default())
    }

    pub(crate) fn with_options(
        client: &'c C,
        config: &'c ClientConfig,
        operation: O,
        options: Options,
    ) -> Self {
        Self {
            client,
            config,
            operation,
            options,
        }
    }

    option_setters!();

    /// Calls `report` each time a part of the request body is passed to the transport. A retry starts
    /// again. A body that contains a secret is sent without reports.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.progress = Some(ProgressFn::new(report));
        self
    }

    /// The operation.
    pub fn operation(&self) -> &O {
        &self.operation
    }

    /// The parts, to make other calls with the same options.
    pub(crate) fn into_parts(self) -> (&'c C, O, Options) {
        (self.client, self.operation, self.options)
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut O)) -> Self {
        change(&mut self.operation);
        self
    }
}

impl<C, O: Operation> Call<'_, C, O> {
    /// Starts the call.
    pub(crate) fn begin(&self, now: Now, meta: Meta) -> Result<Run, Error> {
        let begun = self.prepare(now, meta);
        if let Err(error) = &begun {
            run::refused(&self.operation.info(), self.watch(), error);
        }
        begun
    }

    fn watch(&self) -> &Watch {
        self.options.watch.as_ref().unwrap_or(&self.config.watch)
    }

    fn prepare(&self, now: Now, meta: Meta) -> Result<Run, Error> {
        let (config, options) = (self.config, &self.options);
        let info = self.operation.info();
        if let Some(name) = options.reserved_header() {
            let reason = format!("header {name}: only the client may set it");
            return Err(info.complete(Error::invalid(reason)));
        }
        let mut request = self.operation.encode(&config.base_url, &config.token)?;
        if let Some(user_agent) = &config.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        #[cfg(feature = "gzip")]
        if config.gzip {
            let accepted = crate::wire::inflate::GZIP;
            request.headers_mut().insert(ACCEPT_ENCODING, accepted);
        }
        for (name, value) in options.headers() {
            request.headers_mut().insert(name, value.clone());
        }
        let mut limits = Limits::new(
            options.timeout.unwrap_or(config.limits.timeout),
            config.response_limit(&info),
        );
        if request.body().len() > LARGE && options.timeout.is_none() {
            limits = limits.with_transfer(config.transfer);
        }
        if let Some(progress) = &options.progress {
            request = request.map(|body| body.with_progress(progress.clone()));
        }
        let mut exchange = Exchange::new(
            &info.idempotent(self.operation.is_idempotent()),
            options.retry.unwrap_or(config.retry),
            limits,
            options.deadline.unwrap_or(config.deadline),
            now,
            config.jitter_seed,
        );
        if options.deadline.is_some() {
            exchange = exchange.strict_deadline();
        }
        let secret = Secret::new(self.operation.secret());
        let watch = self.watch().clone();
        let pace = config.pace.clone();
        let run = Run::new(request, secret, exchange, watch, meta, now);
        Ok(run.paced(pace).in_doubt(self.operation.in_doubt()))
    }
}
