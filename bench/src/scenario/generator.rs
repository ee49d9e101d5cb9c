//! Shows that the load generator isn't the bottleneck: against the fastest server of these comparisons, a bare
//! handler, it must leave a good part of its core unused while the server's core is full.

use super::{Context, reads};
use crate::{
    capture::Response,
    process::start_bare,
    report::{Aim, Row, Unit},
    rounds::Spread,
};
use anyhow::Result;

/// Share of its core, in percent, that the generator may need to keep a bare handler busy.
const BUSY: f64 = 90.0;

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
        let rate = Spread::of(reports.iter().map(|report| report.rate()));
        let share = Spread::of(reports.iter().map(|report| report.generator_cores * 100.0));
        let server = Spread::of(reports.iter().map(|report| report.server_cores * 100.0));
        let could = Spread::of(reports.iter().map(|report| report.rate() / report.generator_cores));
        rows.push(Row::new(&name, share, Unit::CorePercent).aim(Aim::AtMost(BUSY)).note(format!(
            "{:.0} requests a second with the bare handler at {:.0} % of a core; a full core of generator would drive {:.0}",
            rate.median, server.median, could.median
        )));
    }
    Ok(rows)
}
