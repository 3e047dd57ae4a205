//! Your own transport: any tower service for HTTP, with tower's middleware.
//!
//! It uses a sandbox: `cargo run --example tower_transport`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use factify::{
    Client, HttpTransport, Limits, Now, RequestBody, TransportError, TransportErrorKind,
};
use factify_examples::{Failure, Place, exit};
use http::{Request, Response};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

struct TowerTransport<S> {
    service: S,
    origin: Instant,
}

#[async_trait]
impl<S, B> HttpTransport for TowerTransport<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync,
    S: Service<Request<Full<Bytes>>, Error: Into<BoxError>, Future: Send>,
    B: http_body::Body<Data: Send, Error: Into<BoxError>> + Send,
{
    async fn send(
        &self,
        request: Request<RequestBody>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, TransportError> {
        let exchange = async {
            let (head, body) = request.into_parts();
            // It holds a body in memory, and so is not for large uploads.
            let body = body.into_bytes().map_err(|cause| {
                TransportError::not_sent(TransportErrorKind::RequestBody, cause)
            })?;
            let request = Request::from_parts(head, Full::new(body));
            let response = self.service.clone().oneshot(request).await;
            // The service does not say whether the request was sent, so assume that it was.
            let response =
                response.map_err(|cause| TransportError::sent(TransportErrorKind::Other, cause))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, limits.max_response_bytes)
                .collect()
                .await;
            let body = body.map_err(|cause| {
                let kind = match cause.downcast_ref::<LengthLimitError>() {
                    Some(_) => TransportErrorKind::TooLarge,
                    None => TransportErrorKind::Interrupted,
                };
                TransportError::sent(kind, cause).with_status(head.status)
            })?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let late = |late| Err(TransportError::sent(TransportErrorKind::Timeout, late));
        let in_time = tokio::time::timeout(limits.timeout, exchange).await;
        in_time.unwrap_or_else(late)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Now {
        Now::since(self.origin)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let place = Place::sandbox()?;
    eprintln!("{place}");
    let http = legacy::Client::builder(TokioExecutor::new()).build_http();
    let service = ServiceBuilder::new()
        .concurrency_limit(4)
        .map_request(|request: Request<_>| {
            println!("{} {}", request.method(), request.uri().path());
            request
        })
        .service(http);
    let origin = Instant::now();
    let client = Client::new(TowerTransport { service, origin }, place.config);

    let invites = client.organization(place.organization).invites();
    let invite = invites.create("dwight@example.com".parse()?).send().await?;
    let ensured = invites.ensure_revoked(invite.id).send().await?;
    println!("{}: {}", invite.id, ensured.state.as_str());
    Ok(())
}
