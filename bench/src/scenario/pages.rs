//! Pages as a browser asks for them, against a bare handler that answers the same bytes.

use super::{BUDGET, Context, categories, reads};
use crate::{
    capture,
    process::Server,
    report::{Aim, Row},
    requests::{Ids, Requests, Submissions},
};
use anyhow::{Context as _, Result};

const ENCODING: Option<&str> = Some("gzip, deflate, br");

pub(super) fn aggregate(context: &Context<'_>) -> Result<Vec<Row>> {
    let aim = Some(Aim::RatioAtLeast(0.6));
    page(context, "aggregate page", aim, |_| Ok(format!("/b/{BUDGET}/aggregate")))
}

pub(super) fn allocate(context: &Context<'_>) -> Result<Vec<Row>> {
    page(context, "allocate page", None, |_| Ok(format!("/b/{BUDGET}")))
}

pub(super) fn results(context: &Context<'_>) -> Result<Vec<Row>> {
    page(context, "results page", None, |server| {
        let target = server.target();
        let mut request = Vec::new();
        Submissions::new(target, BUDGET, &categories(target, BUDGET)?, Ids::Client)?.write_next(&mut request);
        let receipt = capture::send(target, &request)?.json(201)?;
        Ok(format!("/results/{}", receipt["id"].as_str().context("a receipt without id")?))
    })
}

fn page(
    context: &Context<'_>,
    name: &str,
    aim: Option<Aim>,
    path: impl Fn(&Server) -> Result<String>,
) -> Result<Vec<Row>> {
    let server = reads::serve(context)?;
    let path = path(&server)?;
    let rows = reads::compare(context, &server, &reads::Route { name, path: &path, encoding: ENCODING, aim })?;
    server.stop()?;
    Ok(rows)
}
