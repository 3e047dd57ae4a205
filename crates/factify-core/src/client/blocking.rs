use std::fmt;
use std::sync::Arc;

use factify_types::{DocumentId, OrganizationId, VersionId};

use super::call::Call;
use super::config::ClientConfig;
use super::download::DownloadCall;
use super::options::Options;
use super::response::ApiResponse;
use super::run::{Meta, Running, Step};
use super::{Inner, client};
use crate::error::Error;
use crate::operation::Operation;
use crate::operations::organizations::OrganizationResource;
use crate::presigned_url::PresignedUrl;
use crate::transport::blocking::HttpTransport;

client! {
    /// The blocking client of the Factify API.
    ///
    /// `factify::ureq::client` makes one with the feature `ureq`, and [`new`](Self::new) makes one with any other blocking
    /// [`HttpTransport`], even `Arc<dyn HttpTransport>`. Cloning is cheap and shares the transport and its connections. It
    /// starts no runtime.
    ///
    /// ```
    /// # extern crate factify_core as factify;
    /// use factify::blocking::{Client, HttpTransport};
    /// use factify::invites::OrganizationInviteStatus;
    /// use factify::{Error, OrganizationId};
    ///
    /// fn print_pending(client: &Client<impl HttpTransport>, id: OrganizationId) -> Result<(), Error> {
    ///     let organization = client.organization(id);
    ///     println!("{}", organization.get().send()?.name);
    ///     let pending = organization.invites().list().status(OrganizationInviteStatus::Pending);
    ///     for invite in pending.items() {
    ///         println!("{}", invite?.email);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    Client
}

impl<T: HttpTransport, O: Operation> Call<'_, Client<T>, O> {
    /// Sends the call and returns its value.
    ///
    /// # Errors
    /// See [`Error::kind`] for what can happen and [`Error::outcome`] for whether it was applied.
    pub fn send(self) -> Result<O::Output, Error> {
        Ok(self.drive(Meta::Dropped)?.value)
    }

    /// Sends the call and returns its value with status, request id, rate limit and attempts.
    ///
    /// # Errors
    /// As [`Call::send`].
    pub fn send_with_meta(self) -> Result<ApiResponse<O::Output>, Error> {
        self.drive(Meta::Kept)
    }

    fn drive(self, meta: Meta) -> Result<ApiResponse<O::Output>, Error> {
        let transport = self.client.transport();
        let mut now = transport.now();
        let mut run = Running::new(self.begin(now, meta)?, || transport.now());
        #[cfg(feature = "tracing")]
        let span = run.span();
        #[cfg(feature = "tracing")]
        let _entered = span.enter();
        let mut step = run.start(now);
        loop {
            step = match step {
                Step::Ask(pace, request) => {
                    let wait = pace.turn_blocking(&request);
                    now = transport.now();
                    run.asked(now, wait)
                }
                Step::Send(limits) => {
                    let result = transport.send(run.request(), &limits);
                    now = transport.now();
                    run.attempted(now, result)
                }
                Step::Sleep(wait) => {
                    transport.sleep(wait);
                    now = transport.now();
                    run.woke(now)
                }
                Step::Done(result) => return run.finish(&self.operation, now, result),
            };
        }
    }
}
