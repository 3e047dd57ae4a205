//! An async transport for the blocking client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use factify_core::{HttpTransport, Limits, Now, RequestBody, TransportError, blocking};
use http::{Request, Response};
use tokio::runtime::{Builder, Runtime};

/// Runs an async transport on its own runtime, which lives as long as the transport and its response
/// bodies. You must not drop it within another runtime.
pub struct OnRuntime<T> {
    transport: T,
    runtime: Arc<Runtime>,
}

impl<T> OnRuntime<T> {
    /// Starts the runtime with two threads.
    pub fn new(transport: T) -> Self {
        Self::on(Builder::new_multi_thread().worker_threads(2), transport)
    }

    /// Starts the runtime without threads. It runs only during a call.
    pub fn on_one_thread(transport: T) -> Self {
        Self::on(&mut Builder::new_current_thread(), transport)
    }

    fn on(runtime: &mut Builder, transport: T) -> Self {
        Self::with(transport, Arc::new(runtime.enable_all().build().unwrap()))
    }

    /// Uses a runtime that you share.
    pub fn with(transport: T, runtime: Arc<Runtime>) -> Self {
        Self { transport, runtime }
    }
}

impl<T: HttpTransport> blocking::HttpTransport for OnRuntime<T> {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        self.runtime.block_on(self.transport.send(request, limits))
    }

    fn fetch(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<blocking::ResponseBody>, TransportError> {
        let response = self.runtime.block_on(self.transport.fetch(request, limits));
        let runtime = Arc::clone(&self.runtime);
        Ok(response?.map(|mut body| {
            let chunks = std::iter::from_fn(move || runtime.block_on(body.chunk()));
            blocking::ResponseBody::new(chunks)
        }))
    }

    fn sleep(&self, duration: Duration) {
        self.runtime.block_on(self.transport.sleep(duration));
    }

    fn now(&self) -> Now {
        self.transport.now()
    }
}

impl<T> fmt::Debug for OnRuntime<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnRuntime").finish_non_exhaustive()
    }
}
