//! Requests: how many, how they ended, how long they took.

use super::histogram::Times;
use crate::front::Area;
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};
use std::time::Duration;

/// What is answered before any router: the busiest routes look nothing up.
const BEFORE_ROUTES: [(Area, &str); 2] =
    [(Area::Aggregate, "/api/v1/budgets/{budget}/aggregate"), (Area::AggregatePage, "/b/{budget}/aggregate")];
/// What no route of the router has answered.
const OTHER: &str = "other";

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByArea {
    area: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    area: &'static str,
    /// As the router writes it, so that it doesn't grow with what people ask for.
    route: String,
    status: &'static str,
}

/// What is counted of them.
pub(super) struct Requests {
    counts: Family<ByArea, Counter>,
    times: Family<ByRoute, Times>,
    /// Of [`BEFORE_ROUTES`], by class.
    before: [[(Counter, Times); CLASSES.len()]; BEFORE_ROUTES.len()],
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let (counts, times) = (Family::<ByArea, Counter>::default(), Family::<ByRoute, Times>::default());
        registry.register("http_requests", "Requests answered, by area and class of status", counts.clone());
        registry.register(
            "http_request_seconds",
            "From a request's head until the head of its answer, by route and class of status",
            times.clone(),
        );
        let before = BEFORE_ROUTES.map(|(area, route)| {
            let area = area.as_str();
            CLASSES.map(|status| {
                let by_route = ByRoute { area, route: route.into(), status };
                (counts.get_or_create_owned(&ByArea { area, status }), times.get_or_create_owned(&by_route))
            })
        });
        Self { counts, times, before }
    }

    pub(super) fn count(&self, area: Area, response: &http::Response<impl Sized>, took: Duration) {
        let class = usize::from(response.status().as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        if let Some(place) = BEFORE_ROUTES.iter().position(|(before, _)| *before == area) {
            let (count, times) = &self.before[place][class];
            count.inc();
            times.0.observe_time(took);
            return;
        }
        let (area, status) = (area.as_str(), CLASSES[class]);
        self.counts.get_or_create(&ByArea { area, status }).inc();
        let route = response.extensions().get::<MatchedPath>().map_or(OTHER, MatchedPath::as_str).to_owned();
        self.times.get_or_create(&ByRoute { area, route, status }).0.observe_time(took);
    }
}

/// Leaves the name of the route that answered on the answer.
pub(crate) async fn name_route(request: Request, next: Next) -> axum::response::Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
