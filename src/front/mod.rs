//! The front door: what every request passes, in order, before any route and after every answer.
//!
//! One function instead of a stack of layers: the order is visible, and the aggregate, which everybody asks, and its
//! page, which everybody looks at, are answered after the first step.

mod area;
mod client_address;
mod error_page;
mod files;
pub(crate) mod headers;
mod host;
mod logged;
mod nonce;
mod ops;
mod origin;
mod request_id;
mod slash;

pub(crate) use area::Area;
pub(crate) use client_address::Proxies;
pub(crate) use files::Files;
pub(crate) use ops::OpsFront;
pub(crate) use slash::without_slash;

use crate::{
    config::{Config, Limits},
    router::{
        Shared, aggregate, api,
        problem::{Kind, Problem},
        representation,
    },
};
use app::server::{AppState, ClientAddress, changed, changed_lately};
use axum::{Router, body::Body, response::IntoResponse};
use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{Either, Full, Limited};
use hyper::body::Incoming;
use service::replica;
use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc, time::Instant};
use tower::Service;
use tracing::Instrument;

/// The bytes of a kept answer, or whatever a route makes.
pub(crate) type FrontBody = Either<Full<Bytes>, Body>;

/// The front door of one server.
pub(crate) struct Front {
    shared: Arc<Shared>,
    pages: AppState,
    router: Router,
    files: Option<Files>,
    hosts: host::Hosts,
    origins: origin::Origins,
    proxies: Proxies,
    ids: request_id::RequestIds,
    headers: headers::SecurityHeaders,
    errors: error_page::ErrorPage,
    limits: Limits,
}

impl Front {
    /// `local` when the server listens for its own machine only.
    pub(crate) fn new(
        config: &Config,
        shared: Arc<Shared>,
        pages: AppState,
        router: Router,
        files: Option<Files>,
        stylesheet: Option<&str>,
        local: bool,
    ) -> Self {
        let public = config.public_url.as_ref();
        Self {
            shared,
            pages,
            router,
            files,
            hosts: host::Hosts::new(local && public.is_none()),
            origins: origin::Origins::new(public.map(|url| url.origin().to_owned())),
            proxies: Proxies::new(config.trusted_proxies.clone()),
            ids: request_id::RequestIds::new(),
            headers: headers::SecurityHeaders::new(public.is_some_and(crate::config::PublicUrl::is_https)),
            errors: error_page::ErrorPage::new(stylesheet),
            limits: config.limits,
        }
    }

    /// Answers one request; never fails.
    pub(crate) async fn answer(&self, mut request: Request<Incoming>, peer: IpAddr) -> Response<FrontBody> {
        let began = Instant::now();
        let (kept, area) = match self.remembered(&request) {
            Some((response, area)) => (Some(response), area),
            None => (None, Area::of(request.uri().path())),
        };
        let id = self.ids.of(request.headers(), self.proxies.trusts(peer));
        let mut nonce = None;
        let mut response = match kept {
            Some(response) => response,
            None => {
                let span = tracing::info_span!(
                    "request",
                    id = id.to_str().unwrap_or_default(),
                    method = request.method().as_str(),
                    path = &*logged::path(request.uri().path())
                );
                if area == Area::Page {
                    nonce = Some(nonce::make(&mut request));
                }
                // Every open connection has room for this function's state, idle ones too: what only a request needs is
                // apart, and gone with its answer.
                let response = Box::pin(self.route(request, peer, area).instrument(span)).await;
                response.map(Either::Right)
            }
        };
        self.headers.finish(&mut response, area, id, nonce.as_deref());
        self.shared.metrics.request(area, &response, began.elapsed());
        response
    }

    /// The aggregate or its page, if that is asked for and memory has it.
    fn remembered(&self, request: &Request<Incoming>) -> Option<(Response<FrontBody>, Area)> {
        let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
        if !matches!(*method, Method::GET | Method::HEAD) || !path.ends_with("/aggregate") {
            return None;
        }
        if let Some(response) = aggregate::from_memory(&self.shared, path, headers) {
            return Some((response.map(Either::Left), Area::Aggregate));
        }
        self.hosts.check(request).ok()?;
        let page = self.pages.aggregate_in_memory(path, headers, self.hosts.origin(request).as_ref())?;
        Some((page.map(Either::Right), Area::AggregatePage))
    }

    /// All that is not answered from memory.
    async fn route(&self, request: Request<Incoming>, peer: IpAddr, area: Area) -> Response<Body> {
        let asked = error_page::Asked::of(request.uri(), request.headers());
        let form = representation::Asked::of(&request);
        let may_change = may_change(request.method(), request.uri().path());
        let refusal = match self.admit(&request) {
            Err(kind) => kind,
            Ok(Some(redirect)) => return redirect,
            Ok(None) => match tokio::time::timeout(self.limits.request, self.dispatch(request, peer, &form)).await {
                Ok(Ok(mut response)) => {
                    self.note_change(may_change, &mut response);
                    return response;
                }
                Ok(Err(kind)) => kind,
                Err(_) => {
                    tracing::error!(seconds = self.limits.request.as_secs(), "the answer took too long");
                    Kind::Unavailable
                }
            },
        };
        let mut response = match area {
            Area::Page | Area::File => self.errors.show(refusal, &asked),
            _ => Problem::from(refusal).into_response(),
        };
        // Also when the answer took too long: it may have been done all the same.
        self.note_change(may_change, &mut response);
        representation::give(&form, response).await
    }

    /// Who may have changed something reads from the database for a moment, where there is a replica.
    fn note_change(&self, may_change: bool, response: &mut Response<Body>) {
        let status = response.status();
        // 410: it is done already, perhaps by the same request a moment ago.
        let refused = status.is_client_error() && status != StatusCode::GONE;
        if may_change
            && !refused
            && self.shared.allot.replica_is_used().is_some()
            && let Some(cookie) = changed(self.shared.secure_cookies)
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// Refuses or redirects what no route should see.
    fn admit(&self, request: &Request<Incoming>) -> Result<Option<Response<Body>>, Kind> {
        self.hosts.check(request)?;
        self.origins.check(request)?;
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > self.limits.body_bytes as u64) {
            return Err(Kind::TooLarge);
        }
        Ok(slash::redirect(request.uri()))
    }

    /// A file or a route, or why neither was asked; [`Kind::Internal`] after a panic, which the hook has logged.
    async fn dispatch(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
        form: &representation::Asked,
    ) -> Result<Response<Body>, Kind> {
        if let Some(files) = &self.files
            && files.has(request.uri().path())
        {
            return Ok(files.serve(request.map(Body::new)).await);
        }
        let client = self.proxies.client(peer, request.headers());
        let request = request.map(|body| Body::new(Limited::new(body, self.limits.body_bytes)));
        let mut request = self.arrived(request).await?;
        request.extensions_mut().insert(ClientAddress(Some(client)));
        if let Some(origin) = self.hosts.origin(&request) {
            request.extensions_mut().insert(origin);
        }
        if request.method() == Method::HEAD {
            // The headers are those of the whole answer, which the connection then leaves out.
            *request.method_mut() = Method::GET;
        }
        if form.takes_no_coding() {
            // What compresses answers part by part would say 406; here everybody takes an answer as it is.
            request.headers_mut().remove(header::ACCEPT_ENCODING);
        }
        let reads = request.method().is_safe() || request.uri().path() == api::BATCH;
        let may_be_older = reads && !changed_lately(request.headers());
        let answer = AssertUnwindSafe(self.router.clone().call(request)).catch_unwind();
        let answer = if may_be_older { replica::may_be_older(answer).await } else { answer.await };
        let Ok(Ok(response)) = answer else { return Err(Kind::Internal) };
        Ok(representation::give(form, response).await)
    }

    /// Forms are whole before their route is asked; `/api/v1` and `/vitals` read their bodies themselves.
    async fn arrived(&self, request: Request<Body>) -> Result<Request<Body>, Kind> {
        let path = request.uri().path();
        if request.method().is_safe() || path.starts_with("/api/v1/") || path == "/vitals" {
            return Ok(request);
        }
        let (parts, body) = request.into_parts();
        let body = api::whole_body(body, self.shared.body_patience).await.map_err(|problem| problem.kind())?;
        Ok(Request::from_parts(parts, body.into()))
    }
}

/// Whether a request may change what its sender reads later. Some are sent as changes are and only read or measure.
fn may_change(method: &Method, path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let reads = path == api::BATCH || path == "/vitals" || last == "manage" || last.starts_with("export.");
    !(method.is_safe() || reads)
}
