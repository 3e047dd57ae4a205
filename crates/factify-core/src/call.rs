use std::time::Duration;

use http::header::{
    AUTHORIZATION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
    USER_AGENT,
};

use crate::config::ClientConfig;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::operation::Operation;
use crate::retry::RetryPolicy;
use crate::run::Run;
use crate::transport::{Limits, Now};

/// An operation on its way to a client, with options for this call alone.
///
/// Nothing happens before `send`. It is `async` on a [`Client`](crate::Client) and a plain function
/// on a [`blocking::Client`](crate::blocking::Client).
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'c, C, O> {
    pub(crate) client: &'c C,
    config: &'c ClientConfig,
    operation: O,
    options: Options,
}

#[derive(Debug, Clone, Default)]
struct Options {
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: Option<RetryPolicy>,
    headers: HeaderMap,
}

impl<'c, C, O> Call<'c, C, O> {
    pub(crate) fn new(client: &'c C, config: &'c ClientConfig, operation: O) -> Self {
        Self {
            client,
            config,
            operation,
            options: Options::default(),
        }
    }

    /// The longest time of each attempt of this call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// The longest time of this whole call, all attempts and waits together.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// The retry policy of this call.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// One more request header, for instance a trace context. `Authorization`, `Host` and the
    /// headers that frame the body belong to the client and are left as they are.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if ![AUTHORIZATION, HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name) {
            self.options.headers.insert(name, value);
        }
        self
    }

    /// The operation, to look at.
    pub fn operation(&self) -> &O {
        &self.operation
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut O)) -> Self {
        change(&mut self.operation);
        self
    }
}

impl<C, O: Clone> Call<'_, C, O> {
    /// The same call of a changed operation.
    pub(crate) fn with(&self, change: impl FnOnce(&mut O)) -> Self {
        let mut operation = self.operation.clone();
        change(&mut operation);
        Self {
            client: self.client,
            config: self.config,
            operation,
            options: self.options.clone(),
        }
    }
}

impl<C, O: Operation> Call<'_, C, O> {
    /// The call under way.
    pub(crate) fn begin(self, now: Now) -> Result<Run, Error> {
        let config = self.config;
        let mut request = self.operation.encode(&config.base_url, &config.key)?;
        if let Some(user_agent) = &config.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        request.headers_mut().extend(self.options.headers);
        let limits = Limits::new(
            self.options.timeout.unwrap_or(config.limits.timeout),
            config.limits.max_response_bytes,
        );
        let exchange = Exchange::new(
            &O::INFO,
            self.options.retry.unwrap_or(config.retry),
            limits,
            self.options.deadline.unwrap_or(config.deadline),
            now,
            config.jitter_seed.unwrap_or_else(|| fastrand::u64(..)),
        );
        Ok(Run::new(
            &O::INFO,
            request,
            exchange,
            config.watch.clone(),
            now,
        ))
    }
}
