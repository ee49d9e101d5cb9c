//! A running server, asked over HTTP: what only it knows, and what only it can warm.

use super::failure::Failure;
use crate::config::Config;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use std::{
    io,
    net::{Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// Until a connection must be made.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the answer must be there: longer than a server takes for anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of an answer that is worth reading.
const LARGEST: usize = 16 << 20;

/// Where a server listens.
#[derive(Clone, Debug)]
pub(super) struct Running {
    /// host:port
    pub(super) address: String,
    /// For the operations routes.
    token: Option<HeaderValue>,
}

/// What it answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status) || self.status == 304
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Running {
    /// The servers that the flags name, or the one that the configuration describes.
    pub(super) fn chosen(config: &Config, named: &[String]) -> Result<Vec<Self>, Failure> {
        if named.is_empty() {
            return Ok(vec![Self { address: config.addr.clone(), token: None }]);
        }
        named.iter().map(|text| Self::parse(text)).collect()
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        let address = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
        let port = address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        if address.contains("//") || port.is_none() {
            let hint = "ask each process by itself, not through a proxy: host:port, such as 127.0.0.1:3000";
            return Err(Failure::new(format!("{text:?} is no address of a server"), hint));
        }
        Ok(Self { address: address.to_owned(), token: None })
    }

    /// The operations address, when it is configured together with its token.
    pub(super) fn operations(config: &Config) -> Option<Self> {
        let token = config.ops_token.as_ref()?;
        let mut token = HeaderValue::from_bytes(&[b"Bearer ", token.as_bytes()].concat()).ok()?;
        token.set_sensitive(true);
        Some(Self { address: config.ops_addr.clone()?, token: Some(token) })
    }

    /// Where its metrics are, which need no token: the operations address, if there is one.
    pub(super) fn metrics(config: &Config) -> Option<Self> {
        Self::operations(config).or_else(|| Some(Self { address: config.ops_addr.clone()?, token: None }))
    }

    pub(super) async fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask(Method::GET, path, &[]).await
    }

    /// One request on a connection of its own.
    pub(super) async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> io::Result<Answer> {
        let connect = async { TcpStream::connect(reachable(&self.address).await?).await };
        let stream = timeout(CONNECT, connect).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        let answer = self.exchange(stream, method, path, headers);
        timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn exchange(
        &self,
        stream: TcpStream,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<Answer> {
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // Ends with the connection, which the server closes.
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::CONNECTION, "close")
            .header(header::CONTENT_LENGTH, "0");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token);
        }
        let request = request.body(Full::<Bytes>::default()).map_err(io::Error::other)?;
        let (head, body) = sender.send_request(request).await.map_err(io::Error::other)?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// A server that listens on all addresses is asked at its own machine's.
pub(super) async fn reachable(address: &str) -> io::Result<SocketAddr> {
    let mut address = lookup_host(address).await?.next().ok_or(io::ErrorKind::NotFound)?;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { [127, 0, 0, 1].into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_host_and_port() {
        for (text, address) in
            [("127.0.0.1:3000", "127.0.0.1:3000"), ("http://app-1:80/", "app-1:80"), ("[::1]:3000", "[::1]:3000")]
        {
            assert_eq!(Running::parse(text).unwrap().address, address);
        }
        for text in ["", "app", "https://allot.example", "https://allot.example:443", "app:port"] {
            assert!(Running::parse(text).is_err(), "{text}");
        }
    }
}
