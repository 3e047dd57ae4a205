//! The same calls as typical hand-written code, without the SDK: a request, one timeout, and
//! `serde_json` into plain types.

use std::fs::File;
use std::io::{Read, Write};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Either, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::io::AsyncReadExt;

use crate::responses::{PlainEnvelope, PlainInvite, PlainPage};

/// Any error.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The key of all requests.
pub const KEY: &str = "ffy_test_benchmark";

const TIMEOUT: Duration = Duration::from_secs(30);

/// The bytes to read from a file at once.
const CHUNK: usize = 256 << 10;

type Outgoing = Either<Full<Bytes>, Channel<Bytes>>;

/// Calls on hyper.
#[derive(Debug, Clone)]
pub struct Hyper {
    authorization: HeaderValue,
    client: Client<HttpConnector, Outgoing>,
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

    /// Uploads a file, which another thread reads.
    pub async fn upload(&self, path: &'static str, length: u64) -> Result<Bytes, Failure> {
        let (mut sender, body) = Channel::new(1);
        tokio::spawn(async move {
            let mut file = tokio::fs::File::open(path).await?;
            loop {
                let mut chunk = BytesMut::with_capacity(CHUNK);
                if file.read_buf(&mut chunk).await? == 0 {
                    return Ok::<_, Failure>(());
                }
                sender.send_data(chunk.freeze()).await?;
            }
        });
        let request = http::Request::post(format!("{}/upload", self.base_url))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, length)
            .body(Outgoing::Right(body))?;
        let response = self.client.request(request).await?;
        Ok(response.into_body().collect().await?.to_bytes())
    }

    /// Downloads `length` bytes.
    pub async fn download(&self, length: u64) -> Result<u64, Failure> {
        let request = http::Request::get(format!("{}/bytes/{length}", self.base_url));
        let request = request.body(Outgoing::Left(Full::default()))?;
        let mut body = self.client.request(request).await?.into_body();
        let mut received = 0;
        while let Some(frame) = body.frame().await {
            if let Ok(chunk) = frame?.into_data() {
                std::io::sink().write_all(&chunk)?;
                received += chunk.len() as u64;
            }
        }
        Ok(received)
    }

    async fn send(&self, request: http::Request<Full<Bytes>>) -> Result<Bytes, Failure> {
        tokio::time::timeout(TIMEOUT, async {
            let response = self.client.request(request.map(Outgoing::Left)).await?;
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

    /// Uploads a file.
    pub fn upload(&self, path: &str, length: u64) -> Result<Vec<u8>, Failure> {
        let mut response = self
            .agent
            .post(format!("{}/upload", self.base_url))
            .header(AUTHORIZATION, self.authorization.clone())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_LENGTH, length)
            .send(File::open(path)?)?;
        Ok(response.body_mut().read_to_vec()?)
    }

    /// Downloads `length` bytes.
    pub fn download(&self, length: u64) -> Result<u64, Failure> {
        let response = self
            .agent
            .get(format!("{}/bytes/{length}", self.base_url))
            .call()?;
        let mut body = response.into_body().into_reader();
        let (mut chunk, mut received) = (vec![0; 64 << 10], 0);
        loop {
            let read = body.read(&mut chunk)?;
            if read == 0 {
                return Ok(received);
            }
            std::io::sink().write_all(&chunk[..read])?;
            received += read as u64;
        }
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
