//! `GET /ops/jobs`: the queue as a page for operators, which reloads itself; buttons try again and stop.
//!
//! A page of our own: apalis-board asks nobody who they are, lets whoever reaches it queue what they like, and is a
//! WASM application of two megabytes that wants the root of its address.

use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderValue, header},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::Timestamp;
use serde::Deserialize;
use service::port::{JobFilter, JobRecord, JobState, JobStats, StoreError};
use std::{fmt::Write, sync::Arc};

/// Jobs on the page.
const SHOWN: u32 = 100;

/// Narrow windows get a card a job.
const STYLE: &str = include_str!("board.css");

/// What only this page may load.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Deserialize)]
pub(super) struct Asked {
    state: Option<String>,
}

/// The page.
pub(super) async fn show(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let now = shared.allot.now();
    let state = asked.state.as_deref().and_then(JobState::parse);
    let stats = shared.queue.stats(now).await.map_err(failed)?;
    let jobs = shared.queue.list(JobFilter { kind: None, state, limit: SHOWN }).await.map_err(failed)?;
    let headers = AppendHeaders([
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ]);
    Ok((headers, Html(page(&stats, &jobs, state, now))).into_response())
}

/// Its looks.
pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// `POST`: tries a job again.
pub(super) async fn retry(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Redirect, Problem> {
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    let before = shared.queue.retry(&id, shared.allot.now()).await.map_err(failed)?.ok_or(Kind::NotFound)?;
    tracing::info!(id, before = before.as_str(), "an operator retried a job");
    Ok(Redirect::to("/ops/jobs"))
}

/// `POST`: stops a job.
pub(super) async fn cancel(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Redirect, Problem> {
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    let before = shared.queue.cancel(&id, shared.allot.now()).await.map_err(failed)?.ok_or(Kind::NotFound)?;
    tracing::info!(id, before = before.as_str(), "an operator cancelled a job");
    Ok(Redirect::to("/ops/jobs"))
}

fn failed(error: StoreError) -> Problem {
    tracing::error!(%error, "the queue can't be read");
    Kind::Unavailable.into()
}

// Writing to a string does not fail: the results of `write!` below say nothing.

fn page(stats: &JobStats, jobs: &[JobRecord], chosen: Option<JobState>, now: Timestamp) -> String {
    let mut text = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Background jobs - Allot</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"10\">\
         <link rel=\"stylesheet\" href=\"/ops/board.css\"><h1>Background jobs</h1>",
    );
    let workers = match stats.workers {
        0 => "<b class=\"bad\">No worker is alive</b>".to_owned(),
        1 => "One worker".to_owned(),
        several => format!("{several} workers"),
    };
    let waiting = stats.oldest_waiting.map(|since| (now.as_millis() - since.as_millis()).max(0) / 1000);
    let waiting = waiting.map_or("nothing waits".into(), |seconds| format!("the oldest job has waited {seconds} s"));
    let _ = write!(text, "<p>{workers}; {waiting}; {} left by commits. Renewed every 10 s.</p><nav>", stats.outbox);
    way(&mut text, "all", None, chosen, stats.counts.iter().map(|(.., jobs)| jobs).sum());
    for state in JobState::ALL {
        let jobs = stats.counts.iter().filter(|(_, one, _)| *one == state).map(|(.., jobs)| jobs).sum();
        way(&mut text, state.as_str(), Some(state), chosen, jobs);
    }
    text.push_str("</nav>");
    if jobs.is_empty() {
        text.push_str("<p>There are none.</p></html>");
        return text;
    }
    text.push_str(
        "<table><thead><tr><th>Kind<th>State<th>Attempts<th>Runs at (UTC)<th>Says<th>Job<th></tr></thead><tbody>",
    );
    for job in jobs {
        row(&mut text, job);
    }
    text.push_str("</tbody></table></html>");
    text
}

fn way(text: &mut String, name: &str, state: Option<JobState>, chosen: Option<JobState>, jobs: u64) {
    let query = state.map(|state| format!("?state={}", state.as_str())).unwrap_or_default();
    let current = if state == chosen { " aria-current=\"page\"" } else { "" };
    let _ = write!(text, "<a href=\"/ops/jobs{query}\"{current}>{name} ({jobs})</a> ");
}

fn row(text: &mut String, job: &JobRecord) {
    let state = job.state.as_str();
    let _ = write!(
        text,
        "<tr><td><b>{kind}</b><td class=\"{state}\">{state}<td>{} of {}<td>{}<td class=\"says\">{}\
         <td class=\"id\">{id}<td class=\"do\">",
        job.attempts,
        job.max_attempts,
        to_the_second(job.run_at),
        escaped(&job.says()),
        id = escaped(&job.id),
        kind = escaped(&job.kind()),
    );
    let (again, stop) = match job.state {
        JobState::Dead | JobState::Cancelled => (true, false),
        JobState::Waiting | JobState::Retrying => (true, true),
        JobState::Running => (false, true),
        JobState::Done => (false, false),
    };
    for (offered, action, name) in [(again, "retry", "Run now"), (stop, "cancel", "Cancel")] {
        if offered {
            let id = escaped(&job.id);
            let _ =
                write!(text, "<form method=\"post\" action=\"/ops/jobs/{id}/{action}\"><button>{name}</button></form>");
        }
    }
}

fn to_the_second(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    text.split('.').next().unwrap_or_default().trim_end_matches('Z').replace('T', " ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_job_says_can_not_become_part_of_the_page() {
        let job = JobRecord {
            id: "\"><script>".into(),
            job: "{\"kind\":\"<i>\"}".into(),
            state: JobState::Dead,
            attempts: 1,
            max_attempts: 2,
            run_at: Timestamp::from_millis(0),
            started: None,
            finished: None,
            worker: None,
            result: Some("{\"Err\":\"<img src=x>\"}".into()),
            progress: None,
            key: None,
        };
        let page = page(&JobStats::default(), &[job], None, Timestamp::from_millis(0));
        for tag in ["<script", "<i>", "<img"] {
            assert!(!page.contains(tag), "{page}");
        }
        assert!(page.contains("No worker") && page.contains("Run now"), "{page}");
    }
}
