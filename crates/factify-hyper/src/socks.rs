//! Connections through a SOCKS 5 proxy.

use std::io;

use factify_core::proxy::{ProxyLogin, ProxyRefusal, SocksHandshake};
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Asks the proxy to connect to `target`.
pub(crate) async fn connect(
    connected: TokioIo<TcpStream>,
    target: &Uri,
    login: Option<ProxyLogin>,
) -> Result<TokioIo<TcpStream>, BoxError> {
    let mut stream = connected.into_inner();
    let port = target.port_u16().unwrap_or(443);
    let host = target.host().unwrap_or_default();
    let mut handshake = SocksHandshake::new(host, port, login)?;
    let mut received = Vec::new();
    while let Some(step) = handshake.next(&received)? {
        stream.write_all(&step.send).await?;
        received.resize(step.receive, 0);
        stream
            .read_exact(&mut received)
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => ProxyRefusal::NoResponse.into(),
                _ => BoxError::from(error),
            })?;
    }
    Ok(TokioIo::new(stream))
}
