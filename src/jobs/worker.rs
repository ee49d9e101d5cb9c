//! A worker: takes jobs and does them, as long as the process lives.

use super::{
    Queue,
    attempt::{self, Workplace},
    backup, export, timetable,
};
use crate::{config::Config, metrics::JobMetrics};
use apalis_core::{
    backend::ext::BackendExt,
    error::WorkerError,
    worker::{builder::WorkerBuilder, context::WorkerContext},
};
use service::{Allot, jobs::Runner};
use std::{future::Future, pin::pin, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tower::limit::ConcurrencyLimitLayer;

/// How often the queue and the outbox are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Rows of the outbox that are moved at once.
const MOVED: u32 = 100;
/// Jobs at once: a long scan must not keep the short ones waiting.
const AT_ONCE: usize = 2;
/// The longest that jobs which end may take when the process stops.
const LAST: Duration = Duration::from_secs(8);
/// Before a worker that lost its database tries again, doubled up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// One worker of this process.
pub(crate) struct Worker {
    queue: Queue,
    workplace: Arc<Workplace>,
    schedules: Vec<timetable::Line>,
    lease: Duration,
    stop: watch::Sender<bool>,
}

impl Worker {
    /// Over the use cases of this process.
    pub(crate) fn new(config: &Config, queue: Queue, allot: Arc<Allot>, metrics: JobMetrics) -> Self {
        let stop = watch::Sender::new(false);
        let (line, place) = backup::configured(config).unzip();
        let runner = Runner::new(allot, queue.port(), place, export::configured(config));
        let workplace = Arc::new(Workplace { runner, metrics, stopping: stop.subscribe() });
        Self { queue, workplace, schedules: timetable::all(line), lease: config.worker_lease, stop }
    }

    /// Until `shutdown`: then takes no more, and lets what it has come to its end for a few seconds. What does not is
    /// done again by another worker.
    pub(crate) async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        let mut beside = JoinSet::new();
        beside.spawn(relay(self.workplace.runner.clone()));
        for line in self.schedules {
            beside.spawn(timetable::follow(line, self.workplace.runner.clone()));
        }
        let mut shutdown = pin!(shutdown);
        let mut pause = PAUSE;
        loop {
            let begun = tokio::time::Instant::now();
            let context = WorkerContext::new(&name());
            // A task of its own, so that a panic in there ends no more than this.
            let work = work(self.queue.clone(), context.clone(), Arc::clone(&self.workplace), self.lease);
            let mut working = tokio::spawn(work);
            let ended = tokio::select! {
                () = &mut shutdown => {
                    beside.shutdown().await;
                    self.stop.send_replace(true);
                    // One that has not begun can't be stopped, and has nothing to end.
                    if context.stop().is_ok() && timeout(LAST, &mut working).await.is_err() {
                        tracing::warn!("jobs were still running; another worker does them again");
                    }
                    working.abort();
                    return;
                }
                ended = &mut working => ended,
            };
            let error = match ended {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(panic) => Some(panic.to_string()),
            };
            if begun.elapsed() > LONGEST_PAUSE {
                pause = PAUSE;
            }
            tracing::warn!(error, pause = pause.as_secs_f64(), "the worker lost its queue and begins anew");
            tokio::select! {
                () = &mut shutdown => return,
                () = sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }
}

/// Takes and does jobs until it is stopped or the database fails.
async fn work(
    queue: Queue,
    context: WorkerContext,
    workplace: Arc<Workplace>,
    lease: Duration,
) -> Result<(), WorkerError> {
    // The two are of different types.
    macro_rules! run {
        ($storage:expr) => {
            WorkerBuilder::new(&context)
                .backend($storage.poll_with_interval(LOOK))
                .layer(ConcurrencyLimitLayer::new(AT_ONCE))
                .data(workplace)
                .build(attempt::make)
                .run()
                .await
        };
    }
    match queue {
        Queue::Sqlite(queue) => run!(queue.storage(lease)),
        Queue::Postgres(queue) => run!(queue.storage(lease)),
    }
}

/// Nobody else's, ever: a worker that comes back is not taken for the one that died.
fn name() -> String {
    format!("allot-{}-{:016x}", std::process::id(), getrandom::u64().unwrap_or_default())
}

/// Moves what commits left in the outbox.
async fn relay(runner: Runner) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        if let Err(error) = runner.queue().relay(MOVED, runner.allot().now()).await {
            tracing::warn!(%error, "the outbox will be looked at again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Key, Layers},
        metrics::Metrics,
        start,
    };
    use async_trait::async_trait;
    use service::{
        jobs::{Backup, Job, Words},
        port::{Clock, Enqueued, JobState, SystemClock},
    };
    use tokio::sync::oneshot;

    /// Takes longer than any process lives.
    struct Endless;

    #[async_trait]
    impl Backup for Endless {
        async fn make(&self, _progress: Words<'_>) -> Result<String, String> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn a_job_that_a_stop_interrupts_waits_again_with_all_its_attempts() {
        let folder = tempfile::tempdir().unwrap();
        let mut layers = Layers::default();
        layers.set(Key::Data, folder.path().to_str().unwrap());
        let config = Config::load(&layers).unwrap();
        let allot = start::for_command(&config).await.unwrap();
        let queue = Queue::open(&config).unwrap();
        let Enqueued::Added(id) = queue.port().enqueue(&Job::Backup, None, SystemClock.now()).await.unwrap() else {
            panic!("there is nothing yet")
        };
        let (stop, metrics) = (watch::Sender::new(false), Metrics::new(&allot, false).jobs().clone());
        let runner = Runner::new(allot, queue.port(), Some(Arc::new(Endless)), export::configured(&config));
        let workplace = Arc::new(Workplace { runner, metrics, stopping: stop.subscribe() });
        let worker =
            Worker { queue: queue.clone(), workplace, schedules: Vec::new(), lease: config.worker_lease, stop };
        let (end, ended) = oneshot::channel::<()>();
        let working = tokio::spawn(worker.run(async {
            let _ = ended.await;
        }));
        let file = rusqlite::Connection::open(folder.path().join("allot.sqlite")).unwrap();
        file.busy_timeout(Duration::from_secs(10)).unwrap();
        let status = || file.query_row("SELECT status FROM Jobs WHERE id = ?1", [&id], |row| row.get::<_, String>(0));
        let taken = async {
            while status().unwrap() != "Running" {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(60), taken).await.unwrap();
        drop(end);
        working.await.unwrap();
        let job = queue.port().find(&id).await.unwrap().unwrap();
        assert_eq!((job.state, job.attempts, job.worker), (JobState::Waiting, 0, None));
        assert!(job.run_at > SystemClock.now(), "not before this process has ended");
    }
}
