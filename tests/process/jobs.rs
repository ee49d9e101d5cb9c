//! Background jobs: a worker dies at any moment, and no job is lost or has its effect twice.

use crate::{
    fleet::Postgres,
    program::{allot, err, out, run, signal},
};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

const SECRET: &str = "the-same-secret-in-every-process-of-a-test";
/// As many as take an audit long enough to be caught at it.
const SUBMISSIONS: &str = "150000";
const KILLS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(90);

/// An `allot worker`. Dropping it kills it.
pub(crate) struct Working(Child);

impl Working {
    pub(crate) fn start(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = allot(folder, &["worker"])
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "Allot works on background jobs");
        Self(child)
    }

    pub(crate) fn terminate(mut self) -> bool {
        signal(self.0.id(), "TERM");
        self.0.wait().unwrap().success()
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One database and how to reach past the program into it.
struct Place<'a> {
    folder: &'a Path,
    environment: Vec<(&'a str, &'a str)>,
    sql: &'a dyn Fn(&str) -> String,
    jobs: &'a str,
    /// Bytes that are no cell, as its SQL writes them.
    no_cell: &'a str,
}

impl Place<'_> {
    fn succeed(&self, arguments: &[&str]) -> String {
        let done = run(self.folder, arguments, &self.environment);
        assert!(done.status.success(), "{arguments:?}: {}{}", out(&done), err(&done));
        out(&done)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.succeed(&[arguments, &["--json"]].concat())).unwrap()
    }

    fn job(&self, id: &str) -> Value {
        self.json(&["jobs", "show", id])
    }

    fn status(&self, id: &str) -> String {
        (self.sql)(&format!("SELECT status FROM {} WHERE id = '{id}'", self.jobs))
    }

    /// The job's status and whose it is, at one moment.
    fn held(&self, id: &str) -> (String, String) {
        let held =
            (self.sql)(&format!("SELECT status || '/' || coalesce(lock_by, '') FROM {} WHERE id = '{id}'", self.jobs));
        let (status, worker) = held.split_once('/').unwrap();
        (status.to_owned(), worker.to_owned())
    }

    /// Until all of them ended.
    fn settle(&self) {
        let open = format!("SELECT count(*) FROM {} WHERE status NOT IN ('Done', 'Killed')", self.jobs);
        until("every job to end", || (self.sql)(&open) == "0");
    }
}

#[track_caller]
pub(crate) fn until(what: &str, mut there: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !there() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

/// Kills the worker that has the job, again and again; afterwards it was done once.
fn a_killed_worker_loses_no_job_and_finishes_none_twice(place: &Place<'_>) {
    place.succeed(&["simulate", "--submissions", SUBMISSIONS, "--budget", "us-fy2024"]);
    (place.sql)("DELETE FROM summary_delta");
    (place.sql)(&format!("UPDATE summary_cell SET cell = {}", place.no_cell));
    assert!(!run(place.folder, &["aggregates", "verify"], &place.environment).status.success(), "it is broken");
    let queued = place.succeed(&["aggregates", "rebuild", "--background", "--budget", "us-fy2024"]);
    let id = queued.split(' ').next().unwrap();
    let same = ["aggregates", "rebuild", "--background", "--budget", "us-fy2024"];
    let again = place.succeed(&same);
    assert!(again.contains("waits already"), "{again}");
    assert_eq!(place.json(&same)["queued"], Value::Null);
    let (mut hits, mut dead) = (0, String::new());
    for _ in 0..KILLS {
        let worker = Working::start(place.folder, &place.environment);
        // The dead one's name stays on the job until the next one takes it over.
        until("a worker to take the job", || {
            let (status, worker) = place.held(id);
            status == "Done" || status == "Running" && worker != dead
        });
        signal(worker.0.id(), "STOP");
        let (status, stopped) = place.held(id);
        hits += usize::from(status == "Running");
        dead = stopped;
        drop(worker);
    }
    assert!(hits > 0, "the job was done before it could be interrupted: the test proves nothing");
    // Two at once, of which one takes it over.
    let workers = [(); 2].map(|()| Working::start(place.folder, &place.environment));
    until("the job to be done", || place.status(id) == "Done");
    place.settle();
    let job = place.job(id);
    assert_eq!((&job["state"], &job["kind"]), (&"done".into(), &"rebuild".into()));
    assert_eq!(job["attempts"], hits + 1, "each death cost one attempt: {job}");
    // Corrected twice, everybody would count twice.
    place.succeed(&["aggregates", "verify"]);
    for worker in workers {
        assert!(worker.terminate(), "a worker without jobs stops in order");
    }
    let open = place.succeed(&["jobs", "list", "--state", "running"]);
    assert_eq!(open.trim(), "no jobs");
}

#[test]
fn a_killed_worker_loses_no_job_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data/allot.sqlite");
    let sql = |statement: &str| {
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection.busy_timeout(Duration::from_secs(10)).unwrap();
        let mut statement = connection.prepare(statement).unwrap();
        let mut rows = statement.query([]).unwrap();
        let row = rows.next().unwrap();
        row.map_or(String::new(), |row| match row.get_ref(0).unwrap() {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            other => other.as_str().unwrap().to_owned(),
        })
    };
    let environment = vec![("ALLOT_WORKER_LEASE", "3")];
    let place = Place { folder: folder.path(), environment, sql: &sql, jobs: "Jobs", no_cell: "x'ff'" };
    a_killed_worker_loses_no_job_and_finishes_none_twice(&place);
    what_an_operator_can_do(&place);
}

#[test]
fn a_killed_worker_loses_no_job_on_postgres() {
    let (folder, postgres) = (tempfile::tempdir().unwrap(), Postgres::start());
    let (url, sql) = (postgres.url(), |statement: &str| postgres.sql(statement));
    let environment = vec![("ALLOT_WORKER_LEASE", "3"), ("DATABASE_URL", url.as_str()), ("ALLOT_SECRET", SECRET)];
    let place = Place { folder: folder.path(), environment, sql: &sql, jobs: "apalis.jobs", no_cell: r"'\xff'" };
    a_killed_worker_loses_no_job_and_finishes_none_twice(&place);
    what_an_operator_can_do(&place);
}

/// Dead letters, cancelling, trying again, with no worker and with one.
fn what_an_operator_can_do(place: &Place<'_>) {
    let queued = place.succeed(&["aggregates", "rebuild", "--background"]);
    let id = queued.split(' ').next().unwrap();
    assert!(place.succeed(&["jobs", "list", "--kind", "rebuild"]).contains(id));
    assert!(place.succeed(&["jobs", "cancel", id]).contains("is cancelled"));
    let refused = run(place.folder, &["jobs", "cancel", id], &place.environment);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("is cancelled; nothing was changed"), "{}", err(&refused));
    assert_eq!(run(place.folder, &["jobs", "show", "nothing"], &place.environment).status.code(), Some(1));
    assert_eq!(run(place.folder, &["jobs", "list", "--state", "odd"], &place.environment).status.code(), Some(2));
    // One that a later version queued, and one for a budget that is not there.
    (place.sql)("INSERT INTO job_outbox (job) VALUES ('{\"kind\":\"of_tomorrow\"}')");
    (place.sql)("INSERT INTO job_outbox (job) VALUES ('{\"kind\":\"warm\",\"budget\":\"gone\"}')");
    assert!(place.succeed(&["jobs", "retry", id]).contains("was cancelled and runs now"));
    assert_eq!(place.json(&["jobs", "cancel", id])["was"], "waiting");
    let retried = place.json(&["jobs", "retry", id]);
    assert_eq!((&retried["id"], &retried["was"]), (&id.into(), &"cancelled".into()), "{retried}");
    let worker = Working::start(place.folder, &place.environment);
    until("the retried job", || place.status(id) == "Done");
    until("the dead letters", || place.json(&["jobs", "list", "--state", "dead"]).as_array().unwrap().len() == 2);
    place.settle();
    let dead = place.succeed(&["jobs", "list", "--state", "dead"]);
    assert!(dead.contains("of_tomorrow") && dead.contains("there is no budget"), "{dead}");
    assert!(worker.terminate());
}
