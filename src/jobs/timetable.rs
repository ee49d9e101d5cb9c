//! The timetable: puts jobs into the queue when their time has come.
//!
//! Every worker follows it; the key of a job is its kind and time, so that it is there once however many they are.

use apalis_cron::CronScheduler;
use chrono::{DateTime, Utc};
use cron::Schedule;
use futures_util::StreamExt;
use service::{
    jobs::{Kind, Runner, SCHEDULES},
    port::JobFilter,
};
use std::{pin::pin, str::FromStr, time::Duration};
use tokio::time::sleep;

/// After the timetable, or the database, could not be followed.
const PAUSE: Duration = Duration::from_secs(2);
/// How often a job is offered to a database that does not take it; by then the next one may be due.
const OFFERS: u32 = 300;

/// A kind and its times.
pub(super) struct Line {
    kind: Kind,
    times: Schedule,
}

/// The fixed lines, and one for backups if there are any.
pub(super) fn all(backup: Option<String>) -> Vec<Line> {
    let fixed = SCHEDULES.iter().map(|line| (line.kind, line.cron.to_owned()));
    let lines = fixed.chain(backup.map(|cron| (Kind::Backup, cron))).filter_map(|(kind, cron)| {
        // The fixed ones are tested, a given one was checked with the settings.
        let times = Schedule::from_str(&cron).inspect_err(|error| tracing::error!(%error, cron, "not a timetable"));
        Some(Line { kind, times: times.ok()? })
    });
    lines.collect()
}

/// Enqueues what was missed, then what comes.
pub(super) async fn follow(line: Line, runner: Runner) {
    catch_up(&line, &runner).await;
    loop {
        let mut ticks = pin!(CronScheduler::new(line.times.clone()).into_stream());
        while let Some(tick) = ticks.next().await {
            match tick {
                Ok(tick) => offer(&runner, line.kind, Some(tick.get_timestamp().cast_signed())).await,
                Err(error) => {
                    // The clock was set, or the machine slept.
                    tracing::warn!(%error, kind = line.kind.as_str(), "the timetable begins anew");
                    break;
                }
            }
        }
        sleep(PAUSE).await;
    }
}

/// What should have run while no worker did. On a database without any past, only what is cheap.
async fn catch_up(line: &Line, runner: &Runner) {
    if line.kind == Kind::Warm {
        // What processes share may have been lost meanwhile. A server that starts warms its own memory itself.
        return offer(runner, line.kind, None).await;
    }
    let now = DateTime::<Utc>::from_timestamp_millis(runner.allot().now().as_millis()).unwrap_or_default();
    let Some(missed) = line.times.after(&now).next_back() else { return };
    let filter = JobFilter { kind: Some(line.kind), limit: 1, ..JobFilter::default() };
    let has_past = runner.queue().list(filter).await.is_ok_and(|jobs| !jobs.is_empty());
    if has_past || line.kind == Kind::Upkeep {
        offer(runner, line.kind, Some(missed.timestamp())).await;
    }
}

/// Puts the job into the queue, trying for a while.
async fn offer(runner: &Runner, kind: Kind, second: Option<i64>) {
    let key = second.map(|second| format!("{}@{second}", kind.as_str()));
    let Some(job) = kind.scheduled() else { return };
    for _ in 0..OFFERS {
        match runner.queue().enqueue(&job, key.as_deref(), runner.allot().now()).await {
            Ok(added) => return tracing::debug!(kind = kind.as_str(), ?added, "it is time for a job"),
            Err(error) => tracing::warn!(%error, kind = kind.as_str(), "a job can't be queued yet"),
        }
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_timetable_is_understood_and_knows_its_last_time() {
        let lines = all(Some("0 15 2 * * *".into()));
        assert_eq!(lines.len(), SCHEDULES.len() + 1);
        let now: DateTime<Utc> = "2026-11-21T10:30:45Z".parse().unwrap();
        let last: Vec<String> = lines
            .iter()
            .map(|line| {
                let last = line.times.after(&now).next_back().unwrap();
                format!("{} {}", line.kind.as_str(), last.format("%d %H:%M"))
            })
            .collect();
        assert_eq!(last, ["warm 21 10:00", "upkeep 21 10:20", "verify 21 03:40", "backup 21 02:15"]);
        assert!(all(Some("whenever".into())).len() == SCHEDULES.len());
    }
}
