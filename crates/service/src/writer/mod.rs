//! Group commit: the submissions of a budget go through one bounded channel to one task; while a batch
//! commits, the next gathers. Every waiting request is answered after its commit, never before.

mod batch_commit;
mod meter;

pub use meter::WriterMeter;

use crate::port::{BudgetId, Clock, NewSubmission, Outcome, Store, Version};
use batch_commit::commit_batch;
use meter::Oldest;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    task::JoinHandle,
};

/// Submissions that may wait for one budget's writer; one more is refused at once.
const QUEUE: usize = 4096;
/// Submissions of one transaction.
const BATCH: usize = 1024;

/// Why a submission has no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteError {
    /// The queue is full, or the process is stopping: nothing was accepted.
    Refused,
    /// The database could not take it in time. It may or may not be stored; sending it again is safe.
    Unavailable,
    /// The database refuses this row or is damaged; the log says why.
    Failed,
}

/// A submission that was handed over.
pub(crate) struct Waiting(oneshot::Receiver<Result<Outcome, WriteError>>);

impl Waiting {
    /// What came of it, once.
    pub(crate) async fn outcome(&mut self) -> Result<Outcome, WriteError> {
        (&mut self.0).await.unwrap_or(Err(WriteError::Unavailable))
    }
}

/// Called after a commit and before its requests are answered, with the newest version that it made.
pub(crate) type OnCommit = Arc<dyn Fn(BudgetId, Version) + Send + Sync>;

struct Job {
    since: Instant,
    submission: NewSubmission,
    answer: oneshot::Sender<Result<Outcome, WriteError>>,
}

struct Writer {
    jobs: mpsc::Sender<Job>,
    oldest: Arc<Oldest>,
    task: JoinHandle<()>,
}

/// The writers of all budgets of this process.
pub(crate) struct Writers {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    on_commit: OnCommit,
    meter: Arc<WriterMeter>,
    /// `None` once the process is stopping.
    writers: RwLock<Option<HashMap<BudgetId, Writer>>>,
}

impl Writers {
    /// No task runs until a budget's first submission.
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, on_commit: OnCommit) -> Self {
        let meter = Arc::new(WriterMeter::new());
        Self { store, clock, on_commit, meter, writers: RwLock::new(Some(HashMap::new())) }
    }

    /// Hands a submission over; refused at once when the queue is full.
    pub(crate) fn send(&self, submission: NewSubmission) -> Waiting {
        let (answer, outcome) = oneshot::channel();
        let sender = self.sender(submission.budget);
        let job = Job { since: Instant::now(), submission, answer };
        let refused = match sender {
            Some(jobs) => jobs.try_send(job).err().map(TrySendError::into_inner),
            None => Some(job),
        };
        if let Some(Job { answer, .. }) = refused {
            let _ = answer.send(Err(WriteError::Refused));
        }
        Waiting(outcome)
    }

    /// Submissions that wait now, over all budgets.
    pub(crate) fn queued(&self) -> usize {
        let writers = self.writers.read().unwrap_or_else(PoisonError::into_inner);
        writers.iter().flatten().map(|(_, w)| w.jobs.max_capacity() - w.jobs.capacity()).sum()
    }

    /// How long the oldest submission has waited that has no outcome yet; zero = none waits.
    pub(crate) fn oldest(&self) -> Duration {
        let writers = self.writers.read().unwrap_or_else(PoisonError::into_inner);
        writers.iter().flatten().filter_map(|(_, writer)| writer.oldest.age()).max().unwrap_or_default()
    }

    /// What was measured.
    pub(crate) fn meter(&self) -> &WriterMeter {
        &self.meter
    }

    /// Takes no more, commits and answers what was accepted.
    pub(crate) async fn shutdown(&self) {
        let writers = self.writers.write().unwrap_or_else(PoisonError::into_inner).take();
        for (_, Writer { jobs, task, .. }) in writers.into_iter().flatten() {
            drop(jobs);
            if let Err(error) = task.await {
                tracing::error!(%error, "a writer ended badly");
            }
        }
    }

    fn sender(&self, budget: BudgetId) -> Option<mpsc::Sender<Job>> {
        if let Some(writer) = self.writers.read().unwrap_or_else(PoisonError::into_inner).as_ref()?.get(&budget) {
            return Some(writer.jobs.clone());
        }
        let mut writers = self.writers.write().unwrap_or_else(PoisonError::into_inner);
        let writer = writers.as_mut()?.entry(budget).or_insert_with(|| {
            let (jobs, queue) = mpsc::channel(QUEUE);
            let oldest = Arc::<Oldest>::default();
            let work = Work {
                store: Arc::clone(&self.store),
                clock: Arc::clone(&self.clock),
                on_commit: Arc::clone(&self.on_commit),
                meter: Arc::clone(&self.meter),
                oldest: Arc::clone(&oldest),
            };
            Writer { jobs, oldest, task: tokio::spawn(work.run(queue)) }
        });
        Some(writer.jobs.clone())
    }
}

/// What the task of one budget has.
struct Work {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    on_commit: OnCommit,
    meter: Arc<WriterMeter>,
    oldest: Arc<Oldest>,
}

impl Work {
    async fn run(self, mut queue: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(BATCH);
        let mut committed = Committed::default();
        loop {
            if queue.is_empty() {
                committed.answer();
            }
            if queue.recv_many(&mut jobs, BATCH).await == 0 {
                return;
            }
            self.oldest.set(jobs.first().map(|job: &Job| job.since));
            let begun = Instant::now();
            for job in &jobs {
                self.meter.waits.observe_time(begun.saturating_duration_since(job.since));
            }
            let (batch, answers): (Vec<_>, Vec<_>) = jobs.drain(..).map(|job| (job.submission, job.answer)).unzip();
            // The database begins with this batch before those of the last one are answered: it need not wait for that.
            let commit = commit_batch(&*self.store, &*self.clock, &batch);
            let (outcomes, ()) = tokio::join!(biased; commit, async { committed.answer() });
            self.meter.sizes.observe(batch.len() as f64);
            self.meter.commits.observe_time(begun.elapsed());
            for (submission, outcome) in batch.iter().zip(&outcomes) {
                if let Ok(
                    Outcome::Counted { version } | Outcome::Superseded { version } | Outcome::Replayed { version, .. },
                ) = outcome
                {
                    (self.on_commit)(submission.budget, *version);
                }
            }
            committed = Committed { answers, outcomes };
            self.oldest.set(None);
        }
    }
}

/// A batch that was committed, or that can't be, and of which those who sent it don't know yet.
#[derive(Default)]
struct Committed {
    answers: Vec<oneshot::Sender<Result<Outcome, WriteError>>>,
    outcomes: Vec<Result<Outcome, WriteError>>,
}

impl Committed {
    fn answer(&mut self) {
        for (answer, outcome) in self.answers.drain(..).zip(self.outcomes.drain(..)) {
            // Whoever went away in between finds the outcome by sending the same id again.
            let _ = answer.send(outcome);
        }
    }
}

impl Drop for Committed {
    /// Whatever ends the writer: what is stored is told.
    fn drop(&mut self) {
        self.answer();
    }
}
