//! `bench load`: the generator alone.

use crate::{
    capture,
    cli::LoadOptions,
    load::{self, Plan, Target},
    requests::{Fixed, Ids, Submissions},
    scenario,
};
use anyhow::Result;
use std::time::Duration;

pub(crate) fn run(options: &LoadOptions) -> Result<()> {
    let target = Target::parse(&options.address)?;
    let plan = Plan {
        target,
        connections: options.connections as usize,
        threads: options.threads as usize,
        warm_up: Duration::from_millis(500),
        measure: Duration::from_secs(options.seconds.into()),
        pace: options.pace,
        core: options.core,
        watch: options.pid,
    };
    let report = match &options.submit {
        Some(budget) => {
            let categories = scenario::categories(target, budget)?;
            let ids = if options.without_ids { Ids::Server } else { Ids::Client };
            load::run(&plan, || Submissions::new(target, budget, &categories, ids))?
        }
        None => {
            let encoding = options.encoding.as_deref();
            let response = capture::get(target, &options.path, encoding)?;
            println!("{} answers {} with {} bytes", options.path, response.status, response.body.len());
            load::run(&plan, || Ok(Fixed::get(target, &options.path, encoding)))?
        }
    };
    println!("{report}");
    Ok(())
}
