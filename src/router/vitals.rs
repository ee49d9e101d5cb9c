//! `POST /vitals`: what a page measured of itself.
//!
//! It is added to histograms by kind of page and forgotten: no cookie is looked at, nothing is logged, and of the
//! address there is only the keyed hash that limits how much one network may tell.

use super::{
    Shared,
    problem::{Kind, Problem},
};
use crate::metrics::VitalsMetrics;
use app::{server::ClientAddress, vitals::PAGES};
use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::Deserialize;
use service::{AddressKey, limits::Limiter};
use std::sync::Arc;

/// Bytes of a report.
const LARGEST: usize = 1024;
/// Reports an hour of one network: a school at a sample of one visit in ten.
const PER_HOUR: u32 = 600;
/// Nobody waits longer; more is a clock that was set, or somebody's joke.
const LONGEST_MILLIS: f64 = 600_000.0;
/// A page that shifts by more than this in five seconds is none.
const LARGEST_CLS: f64 = 100.0;

/// Where reports go, if pages are asked for any.
pub(crate) struct Vitals {
    limiter: Limiter<AddressKey>,
}

impl Vitals {
    pub(crate) fn new() -> Self {
        Self { limiter: Limiter::new(PER_HOUR) }
    }
}

/// Milliseconds; `cls` has no unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    page: String,
    lcp: Option<f64>,
    fcp: Option<f64>,
    inp: Option<f64>,
    ttfb: Option<f64>,
    cls: Option<f64>,
}

impl Report {
    fn read(bytes: &[u8]) -> Result<(&'static str, Self), Problem> {
        let malformed = |detail: &'static str| Problem::from(Kind::Malformed).detail(detail);
        let report: Self = serde_json::from_slice(bytes).map_err(|_| malformed("The body is not a report."))?;
        let page = PAGES.into_iter().find(|page| *page == report.page);
        let page = page.ok_or_else(|| malformed("There is no such kind of page."))?;
        let times = report.times().into_iter().flat_map(|(_, millis)| millis);
        let in_range = times.into_iter().all(|millis| (0.0..=LONGEST_MILLIS).contains(&millis))
            && report.cls.is_none_or(|cls| (0.0..=LARGEST_CLS).contains(&cls));
        if in_range { Ok((page, report)) } else { Err(malformed("A number is out of range.")) }
    }

    fn times(&self) -> [(&'static str, Option<f64>); 4] {
        [("lcp", self.lcp), ("fcp", self.fcp), ("inp", self.inp), ("ttfb", self.ttfb)]
    }

    fn count(&self, page: &'static str, metrics: &VitalsMetrics) {
        for (name, millis) in self.times() {
            if let Some(millis) = millis {
                metrics.seconds(name, page, millis / 1000.0);
            }
        }
        if let Some(cls) = self.cls {
            metrics.cls(page, cls);
        }
    }
}

pub(super) async fn post(State(shared): State<Arc<Shared>>, request: Request) -> Result<StatusCode, Problem> {
    let vitals = shared.vitals.as_ref().ok_or(Kind::NotFound)?;
    let (parts, body) = request.into_parts();
    if declines(&parts.headers) {
        return Ok(StatusCode::NO_CONTENT);
    }
    if let Some(network) = network(&shared, &parts) {
        let limited = vitals.limiter.charge(network);
        limited
            .map_err(|wait| Problem::from(Kind::RateLimited).detail("Too many reports from here.").retry_after(wait))?;
    }
    let is_json = parts.headers.get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json");
    if !is_json || parts.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Kind::UnsupportedMediaType.into());
    }
    let too_large = || Problem::from(Kind::TooLarge).detail("A report has at most 1 KiB.");
    let read = tokio::time::timeout(shared.body_patience, to_bytes(body, LARGEST));
    let bytes = read.await.map_err(|_| Kind::RequestTimeout)?.map_err(|_| too_large())?;
    let (page, report) = Report::read(&bytes)?;
    report.count(page, shared.metrics.vitals());
    Ok(StatusCode::NO_CONTENT)
}

/// Global Privacy Control, or Do Not Track. Our pages send nothing then; whoever else does is not counted either.
fn declines(headers: &HeaderMap) -> bool {
    ["sec-gpc", "dnt"].into_iter().any(|name| headers.get(name).is_some_and(|value| value == "1"))
}

fn network(shared: &Shared, parts: &Parts) -> Option<AddressKey> {
    let address = parts.extensions.get::<ClientAddress>()?.0?;
    Some(shared.allot.keys().address_key(address, shared.allot.now().day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_known_page_and_numbers_that_can_be() {
        let (page, report) = Report::read(br#"{"page":"allocate","lcp":812.5,"cls":0,"inp":24}"#).unwrap();
        assert_eq!((page, report.lcp, report.ttfb, report.cls), ("allocate", Some(812.5), None, Some(0.0)));
        for wrong in [
            "",
            "[]",
            r#"{"lcp":1}"#,
            r#"{"page":"/results/0192d3a4"}"#,
            r#"{"page":"allocate","lcp":-1}"#,
            r#"{"page":"allocate","lcp":600001}"#,
            r#"{"page":"allocate","lcp":1e400}"#,
            r#"{"page":"allocate","lcp":"1"}"#,
            r#"{"page":"allocate","cls":101}"#,
            r#"{"page":"allocate","who":"me"}"#,
        ] {
            assert!(Report::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
