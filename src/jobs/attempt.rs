//! One attempt at a job: its limits, its progress, and what becomes of it when it fails.

use crate::metrics::JobMetrics;
use apalis_core::{
    error::{AbortError, BoxDynError},
    task::{attempt::Attempt, data::Data, task_id::TaskId},
    worker::context::WorkerContext,
};
use domain::Timestamp;
use serde_json::Value;
use service::{
    jobs::{Job, JobError, Runner},
    port::JobQueue,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle},
    time::{MissedTickBehavior, interval, sleep},
};
use tracing::Instrument;

/// How often progress is kept and it is asked whether an operator wants the job to stop.
const LOOK: Duration = Duration::from_secs(2);
/// How long a stopping process lets a job come to its end.
const GRACE: Duration = Duration::from_secs(4);
/// How long a job that was interrupted waits: by then whatever it left running has ended with its process.
const GONE: Duration = Duration::from_secs(10);

/// What every attempt of a worker has.
#[derive(Clone)]
pub(super) struct Workplace {
    pub(super) runner: Runner,
    pub(super) metrics: JobMetrics,
    /// Becomes true when the process stops.
    pub(super) stopping: watch::Receiver<bool>,
}

/// How an attempt ended other than well.
enum Ended {
    Failed(String),
    Hopeless(String),
    Stopped,
}

/// What the queue calls for each job that this worker takes.
pub(super) async fn make(
    job: Value,
    workplace: Data<Arc<Workplace>>,
    id: TaskId,
    attempt: Attempt,
    worker: WorkerContext,
) -> Result<Value, BoxDynError> {
    let id = id.to_string();
    let number = u32::try_from(attempt.current()).unwrap_or(u32::MAX);
    let name = job.get("kind").and_then(Value::as_str).unwrap_or("?").to_owned();
    let span = tracing::info_span!("job", id, kind = name, attempt = number);
    let Ok(job) = serde_json::from_value::<Job>(job) else {
        workplace.metrics.finished("unknown", "dead");
        tracing::error!(parent: &span, "this version does not know this job; it stays as a dead letter");
        return Err(AbortError::new("this version of allot does not know this job").into());
    };
    workplace.attempt(&id, number, job, worker.name()).instrument(span).await
}

impl Workplace {
    async fn attempt(&self, id: &str, number: u32, job: Job, worker: &str) -> Result<Value, BoxDynError> {
        let (kind, policy, begun) = (job.kind(), job.kind().policy(), Instant::now());
        // Whoever takes its workers along every time gets no further ones.
        let ended = if number > policy.attempts {
            Err(Ended::Hopeless(format!("given up: {} attempts ended with the worker's death", number - 1)))
        } else {
            self.limited(id, job, policy.timeout).await
        };
        self.metrics.took(kind.as_str(), begun.elapsed());
        let (outcome, answer) = match ended {
            Ok(result) => {
                tracing::info!(seconds = begun.elapsed().as_secs_f64(), "a job is done");
                ("done", Ok(result))
            }
            Err(Ended::Failed(error)) if number < policy.attempts => {
                let pause = policy.pause_after(number);
                tracing::warn!(error, pause = pause.as_secs(), "a job failed; it will be tried again");
                // If this can't be kept, it is only tried again sooner.
                if let Err(error) = self.runner.queue().postpone(id, self.after(pause)).await {
                    tracing::warn!(%error, "the pause before the next attempt is not kept");
                }
                ("failed", Err(error.into()))
            }
            Err(Ended::Stopped) => {
                tracing::info!("a job was interrupted; another worker begins it anew");
                // If it can't be handed back, this was an attempt that failed.
                if let Err(error) = self.runner.queue().hand_back(id, worker, self.after(GONE)).await {
                    tracing::warn!(%error, "the interrupted attempt counts");
                }
                ("stopped", Err("the worker was stopped".into()))
            }
            Err(Ended::Failed(error)) => {
                tracing::error!(error, "a job failed too often; it stays as a dead letter: `allot jobs show`");
                ("dead", Err(error.into()))
            }
            Err(Ended::Hopeless(error)) => {
                tracing::error!(error, "a job was given up; it stays as a dead letter: `allot jobs show`");
                ("dead", Err(AbortError::new(error).into()))
            }
        };
        self.metrics.finished(kind.as_str(), outcome);
        answer
    }

    fn after(&self, pause: Duration) -> Timestamp {
        let now = self.runner.allot().now().as_millis();
        Timestamp::from_millis(now.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The job on a task of its own, so that a panic or a block harms nobody else, with all that may end it early.
    async fn limited(&self, id: &str, job: Job, limit: Duration) -> Result<Value, Ended> {
        let said = Arc::new(Mutex::new(None::<String>));
        let task = Task::spawn(self.runner.clone(), job, Arc::clone(&said));
        let cancelled = until_cancelled(&**self.runner.queue(), id, &said);
        task.until_over(cancelled, limit, self.stopping.clone()).await
    }
}

/// Keeps the progress, until an operator wants the job to stop.
async fn until_cancelled(queue: &dyn JobQueue, id: &str, said: &Mutex<Option<String>>) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let progress = said.lock().unwrap_or_else(PoisonError::into_inner).take();
        match queue.note(id, progress.as_deref()).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a job's progress is not kept"),
        }
    }
}

/// How its task says that it ended.
fn ended(done: Result<Result<Value, JobError>, JoinError>) -> Result<Value, Ended> {
    match done {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(JobError::Failed(error))) => Err(Ended::Failed(error)),
        Ok(Err(JobError::Hopeless(error))) => Err(Ended::Hopeless(error)),
        Err(_) => Err(Ended::Failed("the job panicked; the log says where".into())),
    }
}

/// Never, if whoever could say so is gone.
async fn until_stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending().await
    }
}

/// Ends with whoever waits for it.
struct Task(JoinHandle<Result<Value, JobError>>);

impl Task {
    fn spawn(runner: Runner, job: Job, said: Arc<Mutex<Option<String>>>) -> Self {
        let run = async move {
            let progress = |text: &str| *said.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
            runner.run(&job, &progress).await
        };
        Self(tokio::spawn(run.in_current_span()))
    }

    /// Its own end, or what ends it early. None of them waits for another: least of all for the queue, which says
    /// whether it is `cancelled` and may be away.
    async fn until_over(
        mut self,
        cancelled: impl Future<Output = ()>,
        limit: Duration,
        mut stopping: watch::Receiver<bool>,
    ) -> Result<Value, Ended> {
        tokio::select! {
            done = &mut self.0 => ended(done),
            () = cancelled => Err(Ended::Hopeless("cancelled".into())),
            () = sleep(limit) => Err(Ended::Failed(format!("it took longer than {} seconds", limit.as_secs()))),
            () = until_stopped(&mut stopping) => {
                tokio::time::timeout(GRACE, &mut self.0).await.map_or(Err(Ended::Stopped), ended)
            }
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    const FOREVER: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_queue_that_does_not_answer_keeps_no_job_from_its_end() {
        let (stop, _) = watch::channel(false);
        let done = Task(tokio::spawn(async { Ok(Value::Bool(true)) }));
        let ended = done.until_over(pending(), FOREVER, stop.subscribe()).await;
        assert!(matches!(ended, Ok(Value::Bool(true))));

        let endless = Task(tokio::spawn(pending()));
        let ended = endless.until_over(pending(), Duration::ZERO, stop.subscribe()).await;
        assert!(matches!(ended, Err(Ended::Failed(why)) if why == "it took longer than 0 seconds"));

        let mut stopping = stop.subscribe();
        let obedient = Task(tokio::spawn(async move {
            until_stopped(&mut stopping).await;
            Ok(Value::Null)
        }));
        let told = async { stop.send_replace(true) };
        let (ended, _) = tokio::join!(obedient.until_over(pending(), FOREVER, stop.subscribe()), told);
        assert!(matches!(ended, Ok(Value::Null)), "it is told to come to its end, and waited for");
    }

    #[tokio::test]
    async fn a_job_that_an_operator_cancelled_is_given_up_at_once() {
        let (stop, _) = watch::channel(false);
        let endless = Task(tokio::spawn(pending()));
        let ended = endless.until_over(async {}, FOREVER, stop.subscribe()).await;
        assert!(matches!(ended, Err(Ended::Hopeless(why)) if why == "cancelled"));
    }
}
