//! A service that embeds the client: one client for all requests, a deadline for each call, a list and a file as
//! streamed bodies, errors mapped to responses, and a graceful shutdown.
//!
//! Without `FACTIFY_KEY` it makes some calls on a sandbox and ends. With it, it serves until Ctrl-C:
//! `cargo run --example axum_service -- org_… 127.0.0.1:8080`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use factify::hyper::HyperTransport;
use factify::invites::OrganizationInvite;
use factify::sandbox::{Fault, FaultPlan, Persona, Sandbox};
use factify::{
    Client, DocumentId, EmailAddress, Error, HttpTransport, InviteId, Limits, OrganizationId,
    RequestBody, Upload,
};
use factify_examples::{Failure, Place, exit};
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{Method, Request, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Shared by all requests. Clones of the client share its connections.
#[derive(Clone)]
struct App {
    client: Client<HyperTransport>,
    organization: OrganizationId,
}

#[derive(Deserialize)]
struct Invitation {
    email: EmailAddress,
    message: Option<String>,
}

fn routes(app: App) -> Router {
    Router::new()
        .route("/invites", post(invite).get(list))
        .route("/invites/{invite_id}/revoke", post(revoke))
        .route("/documents/{document_id}/file", get(file))
        .with_state(app)
}

async fn invite(
    State(app): State<App>,
    Json(invitation): Json<Invitation>,
) -> Result<Json<OrganizationInvite>, Refused> {
    let invites = app.client.organization(app.organization).invites();
    let mut create = invites.create(invitation.email);
    if let Some(message) = invitation.message {
        create = create.message(message);
    }
    Ok(Json(create.send().await?))
}

/// The invites as lines of JSON. The next page is fetched after the previous one was sent. If the first page
/// fails, the response has the status of the error. A later error cuts off the body, so that a client can
/// detect an incomplete list.
async fn list(State(app): State<App>) -> Result<Response, Refused> {
    let invites = app.client.organization(app.organization).invites();
    let mut items = invites.list().items();
    // Fetches the first page, because the status of the response is sent before its body.
    let first = items.next().await.transpose()?;
    let all = stream::iter(first).map(Ok).chain(items);
    let lines = all.map(|invite| {
        let mut line = serde_json::to_vec(&invite?)?;
        line.push(b'\n');
        Ok::<_, Failure>(line)
    });
    let content_type = [(CONTENT_TYPE, "application/x-ndjson")];
    Ok((content_type, Body::from_stream(lines)).into_response())
}

/// The file of a document, passed on while it arrives. As with the list, an error before its first byte has its
/// status, and a later one cuts off the body.
async fn file(
    State(app): State<App>,
    Path(document_id): Path<DocumentId>,
) -> Result<Response, Refused> {
    let mut chunks = app.client.document(document_id).download().chunks();
    let first = chunks.try_next().await?;
    let content_type = chunks.content_type().cloned();
    let all = stream::iter(first).map(Ok).chain(chunks);
    let mut response = Body::from_stream(all).into_response();
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    Ok(response)
}

async fn revoke(
    State(app): State<App>,
    Path(invite_id): Path<InviteId>,
) -> Result<Response, Refused> {
    let invites = app.client.organization(app.organization).invites();
    let ensured = invites.ensure_revoked(invite_id).send().await?;
    let status = if ensured.is_accepted() {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    let result = ensured.state.as_str();
    let body = json!({ "result": result, "invite": ensured.invite });
    Ok((status, Json(body)).into_response())
}

/// A failed call, as this service reports it to its callers.
struct Refused(Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(error) = self;
        // The report is for the operator; callers get only what they can act on.
        eprintln!("{}", error.report());
        let status = if error.is_invalid_argument() {
            StatusCode::BAD_REQUEST
        } else if error.is_not_found() {
            StatusCode::NOT_FOUND
        } else if error.is_conflict() {
            StatusCode::CONFLICT
        } else if error.is_rate_limited() {
            StatusCode::SERVICE_UNAVAILABLE
        } else if error.is_timeout() {
            StatusCode::GATEWAY_TIMEOUT
        } else {
            StatusCode::BAD_GATEWAY
        };
        let outcome = error.outcome().as_str();
        let mut response = (status, Json(json!({ "outcome": outcome }))).into_response();
        if let Some(wait) = error.retry_after() {
            let seconds = wait.as_secs().saturating_add(1);
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Failure> {
    let place = Place::from_env("address:port")?;
    eprintln!("{place}");
    // The callers of this service wait for ten seconds, so each call must end before that.
    let config = place.config.clone().deadline(Duration::from_secs(9));
    let app = App {
        client: factify::hyper::client(config)?,
        organization: place.organization,
    };
    let (stop, stopped) = oneshot::channel();
    let address = match place.sandbox {
        Some(_) => "127.0.0.1:0",
        None => place.argument()?,
    };
    let listener = TcpListener::bind(address).await?;
    let url = format!("http://{}", listener.local_addr()?);
    println!("Serving at {url}");
    let serve = axum::serve(listener, routes(app)).with_graceful_shutdown(async {
        tokio::select! {
            _ = stopped => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    });
    match &place.sandbox {
        None => serve.await?,
        Some(sandbox) => {
            let server = tokio::spawn(async { serve.await });
            demonstrate(&url, sandbox, stop).await?;
            server.await??;
        }
    }
    println!("Every request got a response; the service has stopped.");
    Ok(())
}

/// Calls the service like its users.
async fn demonstrate(
    url: &str,
    sandbox: &Sandbox,
    stop: oneshot::Sender<()>,
) -> Result<(), Failure> {
    let nobody = "/invites/inv_01h2xcejqtf2nbrexx3vqjhp41/revoke";
    let dwight = r#"{"email":"dwight@example.com","message":"Bring both keys."}"#;
    call(url, Method::POST, "/invites", dwight).await?;
    call(url, Method::GET, "/invites", "").await?;
    call(url, Method::POST, nobody, "").await?;
    call(url, Method::POST, "/invites/user_1/revoke", "").await?;
    call(
        url,
        Method::POST,
        "/invites",
        r#"{"email":"admin@example.com"}"#,
    )
    .await?;

    let notes = Upload::bytes("notes.md", "# Notes\n");
    let admin = sandbox.blocking_client(Persona::Admin);
    let document = admin.documents().create(notes, "Notes").send()?;
    let path = format!("/documents/{}/file", document.id);
    call(url, Method::GET, &path, "").await?;

    println!("The API refuses to list:");
    sandbox.inject(FaultPlan::schedule([Some(Fault::Html {
        status: StatusCode::NOT_FOUND,
        processed: false,
    })]));
    let status = call(url, Method::GET, "/invites", "").await?;
    if status != StatusCode::NOT_FOUND {
        return Err(format!("a failed list has the status {status}").into());
    }

    println!("The API responds slowly, and the service is stopped during the call:");
    sandbox.inject(FaultPlan::schedule([Some(Fault::Delay(
        Duration::from_millis(300),
    ))]));
    let newest = sandbox.invites().pop().ok_or("there is no invite")?;
    let path = format!("/invites/{}/revoke", newest.id);
    let last = call(url, Method::POST, &path, "");
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stop.send(()).ok()
    };
    let (response, _) = tokio::join!(last, stopping);
    response.map(drop)
}

async fn call(url: &str, method: Method, path: &str, body: &str) -> Result<StatusCode, Failure> {
    println!("{method} {path} {body}");
    let request = Request::builder()
        .method(method)
        .uri(format!("{url}{path}"));
    let request = request.header(CONTENT_TYPE, "application/json");
    let request = request.body(RequestBody::from(body.to_owned()))?;
    let limits = Limits::new(Duration::from_secs(10), 1 << 20);
    let transport = HyperTransport::builder().build()?;
    let response = transport.send(request, &limits).await?;
    println!(
        "  {} {}",
        response.status(),
        String::from_utf8_lossy(response.body())
    );
    Ok(response.status())
}
