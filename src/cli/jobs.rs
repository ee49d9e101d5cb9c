//! `allot jobs list|show|retry|cancel`

use super::{failure::Failure, output};
use crate::{config::Config, jobs::Queue, start};
use clap::{Subcommand, builder::PossibleValuesParser};
use domain::Timestamp;
use serde_json::{Value, json};
use service::{
    jobs::{Job, Kind},
    port::{Clock, Enqueued, JobFilter, JobQueue, JobRecord, JobState, SystemClock},
};
use std::{fmt::Write, process::ExitCode, sync::Arc};

/// Look at background jobs, try them again, stop them
#[derive(Subcommand)]
pub(super) enum Jobs {
    /// List jobs, newest first
    #[command(after_help = "Example:\n  allot jobs list --state dead")]
    List {
        /// Only those in this state
        #[arg(long, value_name = "STATE", value_parser = states())]
        state: Option<String>,
        /// Only those of this kind
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show one job: what it does, how it went, what it says
    #[command(after_help = "Example:\n  allot jobs show 01KAJ6R3M8Z7Q4F2T9X5C1B0DE")]
    Show {
        /// Its id, as `allot jobs list` shows it
        #[arg(value_name = "ID")]
        id: String,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Run a job now that is dead, cancelled, or waits for its time
    ///
    /// It gets all its attempts again.
    #[command(after_help = "Example:\n  allot jobs retry 01KAJ6R3M8Z7Q4F2T9X5C1B0DE")]
    Retry {
        /// Its id, as `allot jobs list` shows it
        #[arg(value_name = "ID")]
        id: String,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Stop a job: at once when it waits, within seconds when it runs
    ///
    /// What a running one has done so far stays done.
    #[command(after_help = "Example:\n  allot jobs cancel 01KAJ6R3M8Z7Q4F2T9X5C1B0DE")]
    Cancel {
        /// Its id, as `allot jobs list` shows it
        #[arg(value_name = "ID")]
        id: String,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

fn states() -> PossibleValuesParser {
    JobState::ALL.map(JobState::as_str).into()
}

fn kinds() -> PossibleValuesParser {
    Kind::ALL.map(Kind::as_str).into()
}

/// The queue of the configured database, with its schema.
pub(super) async fn queue(config: &Config) -> Result<Arc<dyn JobQueue>, Failure> {
    start::open_store(config).await?;
    Ok(Queue::open(config)?.port())
}

/// Leaves a job to a worker and says how to follow it. The schema must be there.
pub(super) async fn enqueue(config: &Config, job: &Job, json: bool) -> Result<ExitCode, Failure> {
    let queue = Queue::open(config)?.port();
    match queue.enqueue(job, None, SystemClock.now()).await? {
        Enqueued::Added(id) if json => output::json(&json!({ "queued": id }))?,
        // The one that waits will do it.
        Enqueued::Known if json => output::json(&json!({ "queued": null }))?,
        Enqueued::Added(id) => output::result(&format!("{id} is queued; `allot jobs show {id}` tells how it goes"))?,
        Enqueued::Known => output::result("the same job waits already; `allot jobs list --state waiting` shows it")?,
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn execute(config: &Config, command: Jobs) -> Result<ExitCode, Failure> {
    let queue = queue(config).await?;
    match command {
        Jobs::List { state, kind, limit, json } => {
            let state = state.as_deref().and_then(JobState::parse);
            let kind = kind.as_deref().and_then(Kind::parse);
            let jobs = queue.list(JobFilter { kind, state, limit }).await?;
            output::result(&if json { as_json(&Value::from_iter(jobs.iter().map(value))) } else { table(&jobs) })?;
        }
        Jobs::Show { id, json } => {
            let job = queue.find(&id).await?.ok_or_else(|| unknown(&id))?;
            output::result(&if json { as_json(&value(&job)) } else { details(&job) })?;
        }
        Jobs::Retry { id, json } => match queue.retry(&id, SystemClock.now()).await?.ok_or_else(|| unknown(&id))? {
            before @ (JobState::Done | JobState::Running) => return Err(refused(&id, before)),
            before if json => output::json(&changed(&id, before))?,
            before => output::result(&format!("{id} was {} and runs now", before.as_str()))?,
        },
        Jobs::Cancel { id, json } => match queue.cancel(&id, SystemClock.now()).await?.ok_or_else(|| unknown(&id))? {
            before @ (JobState::Done | JobState::Dead | JobState::Cancelled) => return Err(refused(&id, before)),
            before if json => output::json(&changed(&id, before))?,
            JobState::Running => output::result(&format!("{id} is running; its worker stops it within seconds"))?,
            before => output::result(&format!("{id} was {} and is cancelled", before.as_str()))?,
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// What it was until now; one that was running stops within seconds.
fn changed(id: &str, before: JobState) -> Value {
    json!({ "id": id, "was": before.as_str() })
}

fn unknown(id: &str) -> Failure {
    Failure::new(format!("there is no job {id:?}"), "`allot jobs list` shows the ids; ended jobs are forgotten in time")
}

fn refused(id: &str, state: JobState) -> Failure {
    Failure::new(format!("{id} is {}; nothing was changed", state.as_str()), "`allot jobs show` tells how it went")
}

fn table(jobs: &[JobRecord]) -> String {
    if jobs.is_empty() {
        return "no jobs".into();
    }
    let mut text =
        format!("{:<26}  {:<12}  {:<9}  {:<8}  {:<24}  {}", "ID", "KIND", "STATE", "ATTEMPTS", "RUNS AT", "SAYS");
    for job in jobs {
        let attempts = format!("{}/{}", job.attempts, job.max_attempts);
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\n{:<26}  {:<12}  {:<9}  {attempts:<8}  {:<24}  {}",
            job.id,
            job.kind(),
            job.state.as_str(),
            time(Some(job.run_at)),
            job.says()
        );
    }
    text
}

fn details(job: &JobRecord) -> String {
    let lines = [
        ("id", job.id.clone()),
        ("job", job.job.clone()),
        ("state", job.state.as_str().to_owned()),
        ("attempts", format!("{} of {}", job.attempts, job.max_attempts)),
        ("runs at", time(Some(job.run_at))),
        ("started", time(job.started)),
        ("ended", time(job.finished)),
        ("worker", job.worker.clone().unwrap_or_else(|| "-".into())),
        ("key", job.key.clone().unwrap_or_else(|| "-".into())),
        ("progress", job.progress.clone().unwrap_or_else(|| "-".into())),
        ("result", job.result.clone().unwrap_or_else(|| "-".into())),
    ];
    lines.map(|(name, value)| format!("{name:<9} {value}")).join("\n")
}

fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".into(), |at| Timestamp::from_millis(at.as_millis().div_euclid(1000) * 1000).to_rfc3339())
}

fn value(job: &JobRecord) -> Value {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339);
    json!({
        "id": job.id,
        "kind": job.kind(),
        "job": parsed(&job.job),
        "state": job.state.as_str(),
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "run_at": time(Some(job.run_at)),
        "started": time(job.started),
        "ended": time(job.finished),
        "worker": job.worker,
        "key": job.key,
        "progress": job.progress,
        "result": job.result.as_deref().map(parsed),
    })
}

fn as_json(value: &Value) -> String {
    // Texts and numbers always serialise.
    serde_json::to_string_pretty(value).unwrap_or_default()
}
