//! `GET /api/v1/budgets/{budget}/live`: the aggregate as server-sent events (HTML standard, section 9.2).
//!
//! A stream holds nothing but its place and the version that it sent last: all share the snapshots in memory, and
//! whoever reads slowly skips versions instead of queueing them.

use super::{
    caller,
    places::{Full, Place},
    responses,
};
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use prometheus_client::metrics::gauge::Gauge;
use service::{Encoding, Snapshot, port::Version};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

/// The least time between two events.
const PACE: Duration = Duration::from_secs(1);
/// After how long without an event a comment keeps proxies from closing the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// When to ask again while there is no place.
const LATER: Duration = Duration::from_secs(10);
/// After how many milliseconds a browser reconnects: some time in this range, so that those whom a stopping server
/// sends away do not come back all at once.
const RECONNECT: std::ops::Range<u32> = 1000..5000;

pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Follow what everyone says.
///
/// One `snapshot` event at once, then one for newer versions, at most one a second; `data` is the aggregate, `id` its
/// version. A reader who shows the last one (`Last-Event-ID`) gets no older one. The stream ends when the server
/// stops: connect again.
#[utoipa::path(
    get,
    path = "/api/v1/budgets/{budget}/live",
    tag = "budgets",
    operation_id = "followAggregate",
    params(
        ("budget" = inline(super::schema::Slug), Path, description = "Slug of the budget", example = "tax-dollars"),
        ("Last-Event-ID" = Option<String>, Header, description = "The version that the reader has", example = "1795257045006000"),
    ),
    responses(
        (
            status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String,
            headers(
                ("Cache-Control" = String, description = "`no-store`"),
                ("X-Accel-Buffering" = String, description = "`no`: proxies must pass every event on at once"),
            ),
        ),
        responses::NotFound,
        responses::Unavailable,
    ),
)]
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    slug: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Result<Response, Problem> {
    let Path(slug) = slug.map_err(|_| Kind::NotFound)?;
    if shared.allot.catalogue().find(&slug).is_none() {
        return Err(Kind::NotFound.into());
    }
    let place = shared.live_places.take(caller::of(&shared, &parts).address).map_err(|full| {
        let detail = match full {
            Full::All => "As many people as possible are following. The aggregate itself can still be read.",
            Full::Network => "As many as one network may are following. The aggregate itself can still be read.",
        };
        Problem::from(Kind::Overloaded).detail(detail).retry_after(LATER)
    })?;
    let found = shared.allot.aggregate(&slug, seen(&parts.headers)).await.map_err(|error| {
        tracing::error!(%error, budget = slug, "no aggregate can be read");
        Kind::Unavailable
    })?;
    let (snapshot, _) = found.ok_or(Kind::NotFound)?;
    let follower = Follower::new(shared, slug, &snapshot, place);
    let first = event(&snapshot, Some(reconnect_after()));
    let rest = stream::unfold(follower, async |mut follower| Some((follower.next().await?, follower)));
    let events = stream::once(std::future::ready(first)).chain(rest).map(Ok::<Bytes, Infallible>);
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

/// The version that the reader has; what is none was not ours.
pub(crate) fn seen(headers: &HeaderMap) -> Option<Version> {
    headers.get(LAST_EVENT_ID)?.to_str().ok()?.trim().parse().ok().map(Version)
}

fn reconnect_after() -> u32 {
    RECONNECT.start + getrandom::u32().unwrap_or_default() % (RECONNECT.end - RECONNECT.start)
}

/// One event. The aggregate is one line: JSON escapes line breaks.
fn event(snapshot: &Snapshot, reconnect: Option<u32>) -> Bytes {
    let json = snapshot.body(Encoding::Identity);
    let mut text = format!("id: {}\nevent: snapshot\ndata: ", snapshot.version.0).into_bytes();
    text.extend_from_slice(&json);
    if let Some(milliseconds) = reconnect {
        text.extend_from_slice(format!("\nretry: {milliseconds}").as_bytes());
    }
    text.extend_from_slice(b"\n\n");
    text.into()
}

/// One open stream. Dropping it gives its place back.
struct Follower {
    shared: Arc<Shared>,
    slug: String,
    sent: Version,
    not_before: Instant,
    stopping: watch::Receiver<bool>,
    _place: Place,
    _counted: Counted,
}

impl Follower {
    fn new(shared: Arc<Shared>, slug: String, first: &Snapshot, place: Place) -> Self {
        Self {
            slug,
            sent: first.version,
            not_before: Instant::now() + PACE,
            stopping: shared.stopping.subscribe(),
            _place: place,
            _counted: Counted::new(shared.metrics.live_streams()),
            shared,
        }
    }

    /// The next bytes; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        let mut stopping = self.stopping.clone();
        let newer = tokio::select! {
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => return None,
            newer = self.newer() => newer?,
            () = sleep(KEEP_ALIVE) => return Some(Bytes::from_static(b": keep-alive\n\n")),
        };
        self.sent = newer.version;
        self.not_before = Instant::now() + PACE;
        Some(event(&newer, None))
    }

    /// Waits for a newer snapshot than the last; `None` when the budget is gone.
    async fn newer(&self) -> Option<Arc<Snapshot>> {
        sleep_until(self.not_before).await;
        loop {
            // Listening begins before reading, so that nothing is missed between the two.
            let mut changes = self.shared.allot.aggregate_changes(&self.slug)?;
            match self.shared.allot.aggregate(&self.slug, Some(self.sent)).await {
                Ok(found) => {
                    let (snapshot, _) = found?;
                    if snapshot.version > self.sent {
                        return Some(snapshot);
                    }
                    // It ends when the budget's texts change; then there is something else to listen to.
                    if changes.changed().await.is_err() {
                        sleep(PACE).await;
                    }
                }
                // Who reads the aggregate logs it.
                Err(_) => sleep(PACE).await,
            }
        }
    }
}

/// Counts a stream for as long as it is open.
struct Counted(Gauge);

impl Counted {
    fn new(streams: &Gauge) -> Self {
        streams.inc();
        Self(streams.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
