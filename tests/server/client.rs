//! A plain HTTP client: sends exactly what a test says, follows nothing, remembers nothing.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use std::net::SocketAddr;

/// Shares its connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
}

impl Http {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The status, or nothing if the connection ended without an answer.
    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> Option<StatusCode> {
        let call = self.post(path, body);
        let request = call.request.body(Full::new(call.body)).unwrap();
        Some(self.client.request(request).await.ok()?.status())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> Call {
        let request = Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        Call { http: self.clone(), request, body: Bytes::new() }
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Call {
        self.request(Method::POST, path).header("content-type", "application/json").body(body.to_string())
    }

    pub(crate) fn delete(&self, path: &str) -> Call {
        self.request(Method::DELETE, path)
    }
}

/// A request that is being written.
pub(crate) struct Call {
    http: Http,
    request: http::request::Builder,
    body: Bytes,
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The head of the answer, and a body that may never end.
    pub(crate) async fn open(self) -> Response<Incoming> {
        let request = self.request.body(Full::new(self.body)).unwrap();
        self.http.client.request(request).await.expect("the server answers")
    }

    pub(crate) async fn send(self) -> Answer {
        let request = self.request.body(Full::new(self.body)).unwrap();
        let response = self.http.client.request(request).await.expect("the server answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the answer is whole").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Checks that it is a problem of this kind and status, and answers it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, kind: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{kind}"));
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        assert!(!self.header("x-request-id").is_empty());
        problem
    }
}
