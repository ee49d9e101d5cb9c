//! A route of the server against a bare handler that answers the same bytes.

use super::{BUDGET, Context, counted};
use crate::{
    capture::{self, Response},
    load::{self, Report},
    process::{Allot, Server, start_bare},
    report::{Aim, Row, Unit},
    requests::Fixed,
    rounds::{Spread, alternate},
};
use anyhow::{Result, ensure};

/// Keep-alive connections of a read comparison.
const CONNECTIONS: usize = 64;
/// Submissions behind what is read: enough for a histogram without many empty bins.
pub(super) const SUBMISSIONS: u64 = 10_000;

/// A route and how it is asked for.
pub(super) struct Route<'a> {
    pub(super) name: &'a str,
    pub(super) path: &'a str,
    pub(super) encoding: Option<&'a str>,
    pub(super) aim: Option<Aim>,
}

/// The aggregate route, memory tier.
pub(super) fn aggregate_json(context: &Context<'_>) -> Result<Vec<Row>> {
    let server = serve(context)?;
    let path = &format!("/api/v1/budgets/{BUDGET}/aggregate");
    let aim = Some(Aim::RatioAtLeast(0.85));
    let mut rows = Vec::new();
    for (name, encoding) in [("aggregate JSON", None), ("aggregate JSON, br", Some("br"))] {
        // The first read fills the tier.
        for tier in [None, Some("memory")] {
            let response = capture::get(server.target(), path, encoding)?;
            let seen = response.header("x-allot-tier");
            ensure!(tier.is_none() || seen == tier, "tier {seen:?} instead of {tier:?}");
        }
        rows.extend(compare(context, &server, &Route { name, path, encoding, aim })?);
    }
    server.stop()?;
    Ok(rows)
}

/// A server on its core, with submissions behind what is read.
pub(super) fn serve(context: &Context<'_>) -> Result<Server> {
    let allot = Allot::new(context.allot, context.scratch, "data")?;
    allot.simulate(SUBMISSIONS)?;
    let server = allot.serve(context.cores.server)?;
    ensure!(counted(server.target())? > 0, "the simulated submissions aren't there");
    Ok(server)
}

/// Measures a route of a running server against its own bytes.
pub(super) fn compare(context: &Context<'_>, server: &Server, route: &Route<'_>) -> Result<Vec<Row>> {
    let response = capture::get(server.target(), route.path, route.encoding)?;
    ensure!(response.status == 200, "{} answers {}", route.path, response.status);
    let bare = start_bare(context.bare, route.path, &response, context.cores.server, context.scratch)?;
    let pairs = alternate(
        context.scale.rounds,
        || read(context, server, route, CONNECTIONS),
        || read(context, &bare, route, CONNECTIONS),
    )?;
    let rate = Row::compared(route.name, &pairs, Unit::PerSecond, Report::rate).note(note(&response, &pairs));
    let cost =
        Row::compared(format!("{}, server time a request", route.name), &pairs, Unit::Micros, Report::server_micros);
    Ok(vec![Row { aim: route.aim, ..rate }, cost])
}

/// One round.
pub(super) fn read(context: &Context<'_>, server: &Server, route: &Route<'_>, connections: usize) -> Result<Report> {
    let requests = Fixed::get(server.target(), route.path, route.encoding);
    let report = load::run(&context.pinned(server, connections), || Ok(requests.clone()))?;
    report.expect_only(200)?;
    eprintln!("  {} {report}", route.name);
    Ok(report)
}

fn note(response: &Response, pairs: &[(Report, Report)]) -> String {
    let cores = |cores: fn(&Report) -> f64| {
        let spread = Spread::of(pairs.iter().flat_map(|(a, b)| [cores(a), cores(b)]));
        format!("{:.0} to {:.0} %", spread.min * 100.0, spread.max * 100.0)
    };
    format!(
        "{} bytes; generator {} of its core, servers {} of theirs",
        response.body.len(),
        cores(|report| report.generator_cores),
        cores(|report| report.server_cores)
    )
}
