//! The door of the operations address: the same refusals and headers as in front, and none of the pages.

use super::{FrontBody, area::Area, headers::SecurityHeaders, host::Hosts, origin::Origins, request_id::RequestIds};
use crate::{
    config::Limits,
    router::{
        problem::{Kind, Problem},
        representation,
    },
};
use axum::{Router, body::Body, response::IntoResponse};
use futures_util::FutureExt;
use http::{Request, Response, header::CONTENT_SECURITY_POLICY};
use http_body_util::{Either, Limited};
use hyper::body::Incoming;
use std::panic::AssertUnwindSafe;
use tower::Service;
use tracing::Instrument;

/// The door of one operations address.
pub(crate) struct OpsFront {
    router: Router,
    hosts: Hosts,
    origins: Origins,
    ids: RequestIds,
    headers: SecurityHeaders,
    limits: Limits,
}

impl OpsFront {
    /// `local` when it listens for its own machine only.
    pub(crate) fn new(router: Router, limits: Limits, local: bool) -> Self {
        Self {
            router,
            hosts: Hosts::new(local),
            origins: Origins::new(None),
            ids: RequestIds::new(),
            headers: SecurityHeaders::new(false),
            limits,
        }
    }

    /// Answers one request; never fails.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<FrontBody> {
        let id = self.ids.of(request.headers(), false);
        let span = tracing::info_span!(
            "operations",
            id = id.to_str().unwrap_or_default(),
            method = request.method().as_str(),
            path = request.uri().path()
        );
        let mut response = self.route(request).instrument(span).await.map(Either::Right);
        let own_policy = response.headers_mut().remove(CONTENT_SECURITY_POLICY);
        self.headers.finish(&mut response, Area::Operations, id, None);
        if let Some(policy) = own_policy {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    async fn route(&self, request: Request<Incoming>) -> Response<Body> {
        let admitted = self.hosts.check(&request).and_then(|()| self.origins.check(&request));
        let refusal = match admitted {
            Err(kind) => kind,
            Ok(()) => match tokio::time::timeout(self.limits.operation, self.dispatch(request)).await {
                Ok(Some(response)) => return response,
                Ok(None) => Kind::Internal,
                Err(_) => Kind::Unavailable,
            },
        };
        let problem = Problem::from(refusal);
        let problem = match refusal {
            Kind::Misdirected => problem.detail(
                "This address answers to its own machine's names only: ask for localhost, or let ALLOT_OPS_ADDR listen elsewhere.",
            ),
            _ => problem,
        };
        problem.into_response()
    }

    /// `None` after a panic, which the hook has logged.
    async fn dispatch(&self, request: Request<Incoming>) -> Option<Response<Body>> {
        let form = representation::Asked::of(&request);
        let request = request.map(|body| Body::new(Limited::new(body, self.limits.body_bytes)));
        let response = AssertUnwindSafe(self.router.clone().call(request)).catch_unwind().await.ok()?.ok()?;
        Some(representation::give(&form, response).await)
    }
}
