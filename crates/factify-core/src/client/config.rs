use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::InvalidHeaderValue;

use super::observe::{Observer, Watch};
use crate::base_url::BaseUrl;
use crate::bearer_token::BearerToken;
use crate::environment::InvalidVariable;
use crate::exchange::RetryPolicy;
use crate::operation::OperationInfo;
use crate::pace::{Pace, SharedPace};
use crate::transport::{Limits, TransferLimits};

/// The settings of a client, the same for async and blocking.
///
/// ```
/// # extern crate factify_core as factify;
/// use std::time::Duration;
/// use factify::{BearerToken, ClientConfig, RetryPolicy};
///
/// let config = ClientConfig::new(BearerToken::new("ffy_test_example")?)
///     .timeout(Duration::from_secs(10))
///     .deadline(Duration::from_secs(45))
///     .retry(RetryPolicy::standard().max_attempts(3));
/// # let _ = config;
/// # Ok::<(), factify::InvalidBearerToken>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClientConfig {
    pub(crate) token: BearerToken,
    pub(crate) base_url: BaseUrl,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: Limits,
    /// Whether the limit of responses was set, so that it counts for every operation.
    is_response_limit_set: bool,
    pub(crate) deadline: Duration,
    pub(crate) transfer: TransferLimits,
    #[cfg(feature = "gzip")]
    pub(crate) gzip: bool,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) jitter_seed: Option<u64>,
    pub(crate) watch: Watch,
    pub(crate) pace: Option<SharedPace>,
}

impl ClientConfig {
    /// The defaults: the production API, four attempts of 30 seconds within two minutes, responses of
    /// at most 8 MiB.
    pub fn new(token: BearerToken) -> Self {
        Self {
            token,
            base_url: BaseUrl::production(),
            retry: RetryPolicy::standard(),
            limits: Limits::new(Duration::from_secs(30), 8 << 20),
            is_response_limit_set: false,
            deadline: Duration::from_secs(120),
            transfer: TransferLimits::standard(),
            #[cfg(feature = "gzip")]
            gzip: false,
            user_agent: None,
            jitter_seed: None,
            watch: Watch::default(),
            pace: None,
        }
    }

    /// Reads the token from the environment variable `FACTIFY_KEY` and the URL of the API from
    /// `FACTIFY_BASE_URL`. Without the latter it is [`BaseUrl::production`]. The `factify` command reads the
    /// same variables, and `factify sandbox` prints them. White space around a value is ignored, and an
    /// empty value is the same as none.
    ///
    /// # Errors
    /// If [there is no token](InvalidVariable::is_missing), or a variable is not valid. The error names the
    /// variable and does not contain its value.
    ///
    /// ```no_run
    /// # extern crate factify_core as factify;
    /// use std::time::Duration;
    ///
    /// let config = factify::ClientConfig::from_env()?.timeout(Duration::from_secs(10));
    /// # let _ = config;
    /// # Ok::<(), factify::InvalidVariable>(())
    /// ```
    pub fn from_env() -> Result<Self, InvalidVariable> {
        let token = BearerToken::from_env()?;
        Ok(Self::new(token).base_url(BaseUrl::from_env()?.unwrap_or_default()))
    }

    /// Replaces the token, for another client with the same settings. If it is that of another API key, give the
    /// client another [`pace`](Self::pace): the limits are for one key.
    #[must_use]
    pub fn token(mut self, token: BearerToken) -> Self {
        self.token = token;
        self
    }

    /// The URL of the API. Default: [`BaseUrl::production`].
    #[must_use]
    #[doc(alias = "serverURL")]
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// When to retry failed attempts. Default: [`RetryPolicy::standard`].
    #[must_use]
    #[doc(alias = "retryConfig")]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The time limit of one attempt. Default: 30 seconds.
    #[must_use]
    #[doc(alias = "timeoutMs")]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// The time limit of a call, with all attempts and waits. Default: two minutes.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Limits for slow uploads and downloads. Default: [`TransferLimits::standard`].
    ///
    /// They apply to request bodies of more than 64 KiB and to the bodies of downloads. The transfer time
    /// does not count toward [`timeout`](Self::timeout) and [`deadline`](Self::deadline), unless you set
    /// one of these for the call itself.
    #[must_use]
    pub fn transfer(mut self, limits: TransferLimits) -> Self {
        self.transfer = limits;
        self
    }

    /// The largest response body, in bytes. Default: 8 MiB, except for an operation with a default of its own:
    /// [`OperationInfo::max_response_bytes`](crate::OperationInfo::max_response_bytes).
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.limits.max_response_bytes = bytes;
        self.is_response_limit_set = true;
        self
    }

    /// The limit of the response of this operation.
    pub(crate) fn response_limit(&self, operation: &OperationInfo) -> usize {
        let own = operation.max_response_bytes;
        let own = own.filter(|_| !self.is_response_limit_set);
        own.unwrap_or(self.limits.max_response_bytes)
    }

    /// Whether to request compressed responses. Default: no.
    ///
    /// It helps for lists over a slow link. The limit of
    /// [`max_response_bytes`](Self::max_response_bytes) also applies to the inflated body: above it the
    /// call fails with `ErrorKind::TooLarge`. A success that cannot be inflated is an
    /// `ErrorKind::Decode`; an error response is an `ErrorKind::Api` without its body.
    #[cfg(feature = "gzip")]
    #[must_use]
    pub fn gzip(mut self, gzip: bool) -> Self {
        self.gzip = gzip;
        self
    }

    /// The `User-Agent` header. Default: `factify-rust/` and the version.
    ///
    /// # Errors
    /// If the text is not a valid header value.
    pub fn user_agent(mut self, text: &str) -> Result<Self, InvalidHeaderValue> {
        self.user_agent = Some(HeaderValue::from_str(text)?);
        Ok(self)
    }

    /// An observer that sees every attempt and every call.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.watch = Watch::new(observer);
        self
    }

    /// Asks this pace before each attempt. Default: none, so a request that is over the rate limit is refused
    /// and sent again later.
    ///
    /// Clones of this configuration share the pace. Downloads from presigned URLs do not ask it.
    #[must_use]
    pub fn pace(mut self, pace: Arc<dyn Pace>) -> Self {
        self.pace = Some(SharedPace(pace));
        self
    }

    /// Makes the random waits repeatable, for tests.
    #[must_use]
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.jitter_seed = Some(seed);
        self
    }
}

impl From<BearerToken> for ClientConfig {
    fn from(token: BearerToken) -> Self {
        Self::new(token)
    }
}
