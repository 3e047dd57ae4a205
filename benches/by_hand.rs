//! The same calls as typical hand-written code, without the SDK: a request, one timeout, and
//! `serde_json` into plain types.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::responses::{PlainEnvelope, PlainInvite, PlainPage};

/// Any error.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The key of all requests.
pub const KEY: &str = "ffy_test_benchmark";

const TIMEOUT: Duration = Duration::from_secs(30);

/// Calls on hyper.
#[derive(Debug, Clone)]
pub struct Hyper {
    authorization: HeaderValue,
    client: Client<HttpConnector, Full<Bytes>>,
    base_url: String,
}

impl Hyper {
    /// Creates a client for this server.
    pub fn new(base_url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self {
            authorization: authorization(),
            client,
            base_url: base_url.to_owned(),
        }
    }

    /// Revokes an invite.
    pub async fn revoke(&self, organization: &str, invite: &str) -> Result<PlainInvite, Failure> {
        let base = &self.base_url;
        let url = format!("{base}/v1beta/organizations/{organization}/invites/{invite}/revoke");
        let request = http::Request::post(url)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "by-hand/1.0")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from_static(b"{}")))?;
        let body = self.send(request).await?;
        Ok(serde_json::from_slice::<PlainEnvelope>(&body)?.invite)
    }

    /// Reads a page of invites.
    pub async fn list(
        &self,
        organization: &str,
        token: Option<&str>,
    ) -> Result<PlainPage, Failure> {
        let request = http::Request::get(page_url(&self.base_url, organization, token))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "by-hand/1.0")
            .body(Full::default())?;
        Ok(serde_json::from_slice(&self.send(request).await?)?)
    }

    async fn send(&self, request: http::Request<Full<Bytes>>) -> Result<Bytes, Failure> {
        tokio::time::timeout(TIMEOUT, async {
            let response = self.client.request(request).await?;
            if !response.status().is_success() {
                return Err(response.status().as_str().into());
            }
            Ok(response.into_body().collect().await?.to_bytes())
        })
        .await?
    }
}

/// Calls on ureq.
#[derive(Debug, Clone)]
pub struct Ureq {
    authorization: HeaderValue,
    agent: ureq::Agent,
    base_url: String,
}

impl Ureq {
    /// Creates a client for this server.
    pub fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT));
        Self {
            authorization: authorization(),
            agent: config.build().into(),
            base_url: base_url.to_owned(),
        }
    }

    /// Revokes an invite.
    pub fn revoke(&self, organization: &str, invite: &str) -> Result<PlainInvite, Failure> {
        let base = &self.base_url;
        let url = format!("{base}/v1beta/organizations/{organization}/invites/{invite}/revoke");
        let mut response = self
            .agent
            .post(url)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .send("{}")?;
        let body = response.body_mut().read_to_vec()?;
        Ok(serde_json::from_slice::<PlainEnvelope>(&body)?.invite)
    }

    /// Reads a page of invites.
    pub fn list(&self, organization: &str, token: Option<&str>) -> Result<PlainPage, Failure> {
        let mut response = self
            .agent
            .get(page_url(&self.base_url, organization, token))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(ACCEPT, "application/json")
            .call()?;
        Ok(serde_json::from_slice(&response.body_mut().read_to_vec()?)?)
    }
}

fn authorization() -> HeaderValue {
    let mut header = HeaderValue::from_str(&format!("Bearer {KEY}")).unwrap();
    header.set_sensitive(true);
    header
}

fn page_url(base: &str, organization: &str, token: Option<&str>) -> String {
    let list = format!("{base}/v1beta/organizations/{organization}/invites?page_size=100");
    match token {
        Some(token) => format!("{list}&page_token={token}"),
        None => list,
    }
}
