//! The clients, which send calls.

pub(crate) mod blocking;
mod call;
mod config;
pub(crate) mod download;
mod ensure;
#[macro_use]
mod machine_call;
mod grant_many;
mod no_access;
mod observe;
mod offboard;
mod options;
mod parts;
mod response;
mod run;
mod save;
#[cfg(feature = "tracing")]
mod trace;
mod wait;

use std::fmt;
use std::sync::Arc;

use factify_types::{DocumentId, OrganizationId, VersionId};

use crate::error::Error;
use crate::operation::Operation;
use crate::operations::organizations::OrganizationResource;
use crate::presigned_url::PresignedUrl;
use crate::transport::HttpTransport;

use download::DownloadCall;
use run::{Meta, Running, Step};

pub use call::Call;
pub use config::ClientConfig;
pub use ensure::EnsureCall;
pub use grant_many::GrantManyCall;
pub(crate) use machine_call::Machine;
pub use no_access::EnsureNoAccessCall;
pub use observe::{AttemptReport, CallReport, Observer};
pub use offboard::OffboardCall;
pub(crate) use options::Options;
pub use response::ApiResponse;
pub use save::{BlockingFileChunks, FileChunks, SaveCall};
pub use wait::WaitCall;

/// The common part of both clients: a transport, the settings and the resources.
macro_rules! client {
    ($(#[$doc:meta])* $Client:ident) => {
        $(#[$doc])*
        pub struct $Client<T> {
            inner: Arc<Inner<T>>,
        }

        impl<T: HttpTransport> $Client<T> {
            /// A client with this transport and these settings. A [`BearerToken`](crate::BearerToken) alone is enough.
            pub fn new(transport: T, config: impl Into<ClientConfig>) -> Self {
                let config = config.into();
                Self { inner: Arc::new(Inner { transport, config }) }
            }
        }

        impl<T> $Client<T> {
            /// The transport.
            pub fn transport(&self) -> &T {
                &self.inner.transport
            }

            /// A call of any operation, including your own: see [`Call`] for an example.
            pub fn call<O: Operation>(&self, operation: O) -> Call<'_, Self, O> {
                Call::new(self, &self.inner.config, operation)
            }

            pub(crate) fn call_with<O>(&self, operation: O, options: Options) -> Call<'_, Self, O> {
                Call::with_options(self, &self.inner.config, operation, options)
            }

            /// A download from a URL that the API returned: see [`DownloadCall`] for an example. It never carries the
            /// token.
            pub fn download(&self, url: PresignedUrl) -> DownloadCall<'_, Self> {
                DownloadCall::new(self, &self.inner.config, url)
            }

            /// The calls for API keys.
            pub fn api_keys(&self) -> $crate::operations::api_keys::ApiKeysResource<'_, Self> {
                $crate::operations::api_keys::ApiKeysResource::new(self, &self.inner.config)
            }

            /// The calls for the documents of the caller.
            pub fn documents(&self) -> $crate::operations::documents::DocumentsResource<'_, Self> {
                $crate::operations::documents::DocumentsResource::new(self, &self.inner.config)
            }

            /// The calls for one document.
            pub fn document(
                &self,
                id: DocumentId,
            ) -> $crate::operations::documents::DocumentResource<'_, Self> {
                $crate::operations::documents::DocumentResource::new(self, &self.inner.config, id)
            }

            /// The calls for one version of a document.
            pub fn version(
                &self,
                id: VersionId,
            ) -> $crate::operations::versions::VersionResource<'_, Self> {
                $crate::operations::versions::VersionResource::new(self, &self.inner.config, id)
            }

            /// The calls for the organizations of the caller.
            pub fn organizations(
                &self,
            ) -> $crate::operations::organizations::OrganizationsResource<'_, Self> {
                $crate::operations::organizations::OrganizationsResource::new(self, &self.inner.config)
            }

            /// The calls for usage and quotas.
            pub fn usage(&self) -> $crate::operations::usage::UsageResource<'_, Self> {
                $crate::operations::usage::UsageResource::new(self, &self.inner.config)
            }

            /// The calls for one organization.
            pub fn organization(&self, id: OrganizationId) -> OrganizationResource<'_, Self> {
                OrganizationResource::new(self, &self.inner.config, id)
            }
        }

        impl<T> Clone for $Client<T> {
            fn clone(&self) -> Self {
                Self { inner: Arc::clone(&self.inner) }
            }
        }

        impl<T> fmt::Debug for $Client<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($Client))
                    .field("config", &self.inner.config)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use client;

pub(crate) struct Inner<T> {
    pub(crate) transport: T,
    pub(crate) config: ClientConfig,
}

client! {
    /// The async client of the Factify API.
    ///
    /// `factify::hyper::client` makes one with the feature `hyper`, and [`new`](Self::new) makes one with any other
    /// [`HttpTransport`], even `Arc<dyn HttpTransport>`. Cloning is cheap and shares the transport and its connections.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::invites::OrganizationInviteStatus;
    /// use factify::{Client, Error, HttpTransport, OrganizationId};
    ///
    /// async fn print_pending<T: HttpTransport + 'static>(
    ///     client: &Client<T>,
    ///     id: OrganizationId,
    /// ) -> Result<(), Error> {
    ///     let organization = client.organization(id);
    ///     println!("{}", organization.get().send().await?.name);
    ///     let pending = organization.invites().list().status(OrganizationInviteStatus::Pending);
    ///     let mut invites = pending.items();
    ///     while let Some(invite) = invites.try_next().await? {
    ///         println!("{}", invite.email);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    Client
}

/// Carries out a call. It is a macro, because the future of an `async fn` would be copied into the
/// futures of its two callers.
macro_rules! drive {
    ($call:ident, $meta:expr) => {{
        let transport = $call.client.transport();
        let mut now = transport.now();
        let mut run = Running::new($call.begin(now, $meta)?, || transport.now());
        let mut step = run.start(now);
        loop {
            step = match step {
                Step::Ask(pace, request) => {
                    let wait = run.instrument(pace.turn(&request)).await;
                    now = transport.now();
                    run.asked(now, wait)
                }
                Step::Send(limits) => {
                    let attempt = transport.send(run.request(), &limits);
                    let result = run.instrument(attempt).await;
                    now = transport.now();
                    run.attempted(now, result)
                }
                Step::Sleep(wait) => {
                    run.instrument(transport.sleep(wait)).await;
                    now = transport.now();
                    run.woke(now)
                }
                Step::Done(result) => break run.finish(&$call.operation, now, result),
            };
        }
    }};
}

impl<T: HttpTransport, O: Operation> Call<'_, Client<T>, O> {
    /// Sends the call and returns its value.
    ///
    /// Dropping the future ends the call; whether it was applied is then unknown.
    ///
    /// # Errors
    /// See [`Error::kind`] for what can happen and [`Error::outcome`] for whether it was applied.
    pub async fn send(self) -> Result<O::Output, Error> {
        Ok(drive!(self, Meta::Dropped)?.value)
    }

    /// Sends the call and returns its value with status, request id, rate limit and attempts.
    ///
    /// # Errors
    /// As [`Call::send`].
    pub async fn send_with_meta(self) -> Result<ApiResponse<O::Output>, Error> {
        drive!(self, Meta::Kept)
    }
}
