//! `allot worker`

use super::{failure::Failure, output, service_manager};
use crate::{
    config::Config,
    jobs::{Queue, Worker, watch},
    metrics::{self, Metrics},
    router::{Shared, api::Places},
    server::Operations,
    start,
};
use clap::Args;
use std::{
    process::ExitCode,
    sync::{Arc, OnceLock},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch as state,
};

/// Do background jobs, and serve nobody
///
/// The same worker as within `allot serve`, in a process of its own: set ALLOT_WORKER=off for those that serve. Any
/// number may run. It warms what processes share, verifies the totals every night, makes room for the months to come,
/// backs up where ALLOT_BACKUPS is set, and does what was left to it with --background. `allot jobs list` shows it all.
/// With ALLOT_OPS_ADDR it answers /metrics and /health there, and with ALLOT_OPS_TOKEN /ops.
///
/// SIGTERM or Ctrl-C stops it in order. A job that was not done by then, or whose worker died, is done by the next one.
#[derive(Args)]
#[command(after_help = "Example:\n  ALLOT_OPS_ADDR=127.0.0.1:9101 allot worker")]
pub(super) struct WorkerCommand {}

pub(super) async fn execute(config: Config) -> Result<ExitCode, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::io("signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::io("signals"))?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let (allot, redis) = start::for_server(&config).await?;
    let queue = Queue::open(&config)?;
    let shared = Arc::new(Shared {
        allot: Arc::clone(&allot),
        queue: queue.port(),
        secure_cookies: false,
        metrics: Metrics::new(&allot, redis.is_some()),
        redis,
        ops_token: config.ops_token.clone(),
        vitals: None,
        live_places: Places::new(0),
        stopping: state::Sender::new(false),
        pages: OnceLock::new(),
        body_patience: config.limits.request,
    });
    let operations = Operations::open(&config, &shared).await?;
    metrics::start_sampling(&shared, config.backups.clone());
    let address = operations.as_ref().map(Operations::address);
    let (over, until) = state::channel(());
    let operations = operations.map(|operations| {
        let mut until = until.clone();
        tokio::spawn(operations.serve(async move { while until.changed().await.is_ok() {} }))
    });
    let metrics = shared.metrics.jobs().clone();
    tokio::spawn(watch(queue.port(), Arc::downgrade(&allot), metrics.clone()));
    let worker = Worker::new(&config, queue, Arc::clone(&allot), metrics);
    output::result("Allot works on background jobs")?;
    if let Some(address) = address {
        output::result(&format!("Operators find it on http://{address}"))?;
    }
    service_manager::tell_ready();
    worker.run(stop).await;
    drop((over, until));
    if let Some(operations) = operations {
        let _ = operations.await;
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
