//! Shows that the load generator isn't the bottleneck: a request must cost it less than it costs the cheapest
//! server of these comparisons, a bare handler. Then the server's core is full before the generator's is.

use super::{Context, reads};
use crate::{
    capture::Response,
    load::Report,
    process::start_bare,
    report::{Aim, Row, Unit},
    rounds::Spread,
};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (bytes, connections) in [(2, 64), (2, 256), (8 * 1024, 64)] {
        let headers = vec![("content-type".to_owned(), "application/octet-stream".to_owned())];
        let response = Response { status: 200, headers, body: vec![b'x'; bytes] };
        let bare = start_bare(context.bare, "/fixed", &response, context.cores.server, context.scratch)?;
        let name = format!("generator, {bytes} bytes, {connections} connections");
        let route = reads::Route { name: &name, path: "/fixed", encoding: None, aim: None };
        let mut reports = Vec::new();
        for _ in 0..context.scale.rounds {
            reports.push(reads::read(context, &bare, &route, connections)?);
        }
        let costs: Vec<_> = reports.iter().map(|report| (report.generator_micros(), report.server_micros())).collect();
        let rate = Spread::of(reports.iter().map(Report::rate));
        let row = Row::new(&name, Spread::of(costs.iter().map(|cost| cost.0)), Unit::Micros);
        rows.push(Row {
            baseline: Some(Spread::of(costs.iter().map(|cost| cost.1))),
            ratio: Some(Spread::of(costs.iter().map(|(generator, server)| generator / server))),
            aim: Some(Aim::RatioAtMost(1.0)),
            note: format!(
                "processor time a request, of the generator and of the bare handler; {:.0} requests a second",
                rate.median
            ),
            ..row
        });
    }
    Ok(rows)
}
