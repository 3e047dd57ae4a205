//! Keeps the last response of a call, because the error of a call has only a part of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use factify_core::blocking::HttpTransport;
use factify_core::bytes::Bytes;
use factify_core::http::{Request, Response};
use factify_core::{Limits, Now, RequestBody, TransportError};
use factify_ureq::UreqTransport;

pub(crate) struct Recorder {
    inner: Arc<UreqTransport>,
    last: Mutex<Option<Response<Bytes>>>,
}

impl Recorder {
    pub(crate) fn new(inner: Arc<UreqTransport>) -> Self {
        let last = Mutex::default();
        Self { inner, last }
    }

    /// The response of the last attempt, if it has arrived completely.
    pub(crate) fn take(&self) -> Option<Response<Bytes>> {
        self.set(None)
    }

    fn set(&self, response: Option<Response<Bytes>>) -> Option<Response<Bytes>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut last, response)
    }
}

impl HttpTransport for Recorder {
    fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let result = self.inner.send(request, limits);
        self.set(result.as_ref().ok().cloned());
        result
    }

    fn sleep(&self, duration: Duration) {
        self.inner.sleep(duration);
    }

    fn now(&self) -> Now {
        self.inner.now()
    }
}
