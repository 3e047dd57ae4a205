//! One attempt: a request that hyper sends, and its response within the limits.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use factify_core::{
    Delivery, Limits, TooManyInterims, TransferLimits, TransferWatch, TransportError,
    TransportErrorKind, check_framing,
};
use http::{HeaderMap, Request, Response, Version};

use crate::body::{OutgoingBody, Upload};
use crate::connect::Lookup;
use crate::error;
use crate::incoming::IncomingBody;
use crate::pool::{Pool, Reserved};
use crate::sending::{Sending, Stop};

/// The largest response head in bytes.
pub(crate) const MAX_HEAD: u32 = 64 << 10;

/// A request for hyper.
pub(crate) struct Attempt {
    pub(crate) pool: Arc<Pool>,
    pub(crate) request: Request<OutgoingBody>,
    pub(crate) connection: Reserved,
    pub(crate) sending: Arc<Sending>,
    /// The progress of a streamed body.
    pub(crate) upload: Option<Arc<Upload>>,
    /// Marks the end of the attempt.
    pub(crate) stop: Option<Stop>,
    pub(crate) proxy: Option<Arc<str>>,
}

impl Attempt {
    /// Waits for the response and reads its body with `read`.
    pub(crate) async fn response<B, F>(
        self,
        limits: Limits,
        read: impl FnOnce(IncomingBody) -> F,
    ) -> Result<Response<B>, TransportError>
    where
        F: Future<Output = Result<B, TransportError>>,
    {
        let (sending, upload) = (self.sending, self.upload);
        let _stop = self.stop;
        let mut connection = self.connection;
        let lookup = Lookup::default();
        let mut head = None;
        let result = {
            let mut response = pin!(async {
                let response = self.pool.request(self.request);
                // Lets connections of HTTP/2 read first: the server may have closed one. The runtime polls the
                // sockets during the first pause, and the connections read during the second.
                if self.pool.has_http2() {
                    for _ in 0..2 {
                        tokio::task::yield_now().await;
                    }
                }
                let response = lookup.of(response).await.map_err(|error| {
                    let unread = upload.as_ref().and_then(|upload| upload.take_error());
                    unread.map_or_else(
                        || error::of_request(error, &sending),
                        |unread| TransportError::sent(TransportErrorKind::RequestBody, unread),
                    )
                })?;
                if sending.has_too_many_interims() {
                    let error = TransportError::sent(TransportErrorKind::TooLarge, TooManyInterims);
                    return Err(error);
                }
                let (parts, body) = response.into_parts();
                if parts.version == Version::HTTP_2 {
                    self.pool.note_http2();
                }
                check_size(&parts.headers)?;
                // The headers of an error response may contain `Retry-After`, even if its body never ends.
                let refused = !parts.status.is_success();
                let headers = refused.then(|| Box::new(parts.headers.clone()));
                head = Some((parts.status, headers));
                check_framing(&parts)?;
                let body = read(IncomingBody::new(parts.version, body)).await?;
                Ok(Response::from_parts(parts, body))
            });
            if let (Some(transfer), Some(upload)) = (limits.transfer, &upload) {
                let response = watched(response.as_mut(), upload, &limits, transfer);
                response.await.map_err(Some)
            } else {
                let response = tokio::time::timeout(limits.timeout, response.as_mut());
                response.await.map_err(|_| None)
            }
        };
        if result.is_ok() {
            connection.release();
        }
        let result = result.unwrap_or_else(|reason| {
            let delivery = if sending.give_up() {
                Delivery::NotSent
            } else {
                Delivery::Sent
            };
            let error = TransportError::timed_out(delivery);
            Err(match reason {
                Some(reason) => error.with_source(reason),
                None => error,
            })
        });
        result.map_err(|error| match (head, self.proxy) {
            (Some((status, headers)), _) => error
                .with_status(status)
                .with_headers(headers.map(|headers| *headers).unwrap_or_default()),
            (None, Some(proxy)) if error::is_of_proxy(&error, &lookup) => error.with_proxy(&proxy),
            (None, _) => error,
        })
    }
}

fn no_response(timeout: Duration) -> String {
    format!("no complete response within {timeout:?}")
}

/// Waits for the response to an upload as long as the upload makes progress.
async fn watched<F: Future>(
    mut response: Pin<&mut F>,
    upload: &Upload,
    limits: &Limits,
    transfer: TransferLimits,
) -> Result<F::Output, String> {
    let mut watch: Option<TransferWatch> = None;
    let (mut counted, mut waited) = (0, Duration::ZERO);
    loop {
        let now = upload.elapsed();
        let (sent, at) = upload.sent();
        let total = transfer.total.saturating_sub(now);
        let (left, reason) = if sent == upload.length() {
            let timeout = limits.response_timeout(sent);
            let left = at.saturating_add(timeout).saturating_sub(now);
            (left, no_response(timeout))
        } else if sent == 0 {
            let left = limits.timeout.saturating_sub(now);
            (left, no_response(limits.timeout))
        } else {
            let watch = watch.get_or_insert_with(|| {
                let mut watch = TransferWatch::new(transfer, Duration::ZERO);
                // The time before the first byte counts only for the total.
                watch.resumed(Duration::ZERO, at);
                watch
            });
            watch.moved(at, sent.saturating_sub(counted));
            counted = sent;
            // The time of a slow source does not count.
            let waiting = upload.waited(now);
            watch.resumed(now.saturating_sub(waiting.saturating_sub(waited)), now);
            waited = waiting;
            (watch.left(now), watch.reason(now))
        };
        if left.min(total).is_zero() {
            return Err(reason);
        }
        // The next phase may have begun meanwhile, with a shorter limit.
        let soon = transfer.idle.min(limits.response_timeout(upload.length())) / 4;
        let wait = left.min(total).min(soon.max(Duration::from_millis(1)));
        if let Ok(response) = tokio::time::timeout(wait, response.as_mut()).await {
            return Ok(response);
        }
    }
}

/// Checks the size of the head, because the connection's buffer may be larger than the limit.
fn check_size(headers: &HeaderMap) -> Result<(), TransportError> {
    let lines = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4);
    if lines.sum::<usize>() <= MAX_HEAD as usize {
        return Ok(());
    }
    let message = format!("the head is over {MAX_HEAD} bytes");
    Err(TransportError::sent(TransportErrorKind::TooLarge, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_of_exactly_the_limit_is_accepted() {
        for (bytes, accepted) in [(MAX_HEAD, true), (MAX_HEAD + 1, false)] {
            let mut headers = HeaderMap::new();
            let value = "v".repeat(bytes as usize - "x: \r\n".len());
            headers.insert("x", value.parse().unwrap());
            assert_eq!(check_size(&headers).is_ok(), accepted, "{bytes}");
        }
    }
}
