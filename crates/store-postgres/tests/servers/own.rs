//! What a case does to its own server.

use crate::cluster::Cluster;
use domain::{Allocation, Budget, Category, SubmissionId, Timestamp};
use service::port::{BudgetId, NewSubmission, Participant, Store};
use std::{process::Command, time::Duration};
use store_postgres::{Options, PgStore};

/// 2026-11-21T10:30:45.006Z
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_257_045_006);

impl Cluster {
    pub(crate) fn url(&self) -> String {
        format!("postgres://allot@localhost/postgres?host={}", self.folder)
    }

    pub(crate) async fn open(&self) -> PgStore {
        PgStore::connect(&self.url(), Options::default()).await.unwrap()
    }

    /// Runs statements and answers what they say, unaligned and without headings.
    pub(crate) fn sql(&self, statements: &str) -> String {
        let arguments = ["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-At", "-d", "postgres", "-c", statements];
        self.run("psql", &arguments)
    }

    /// `pg_ctl` with these words; it runs as the owner of the data.
    pub(crate) fn control(&self, words: &[&str]) {
        let data = format!("{}/data", self.folder);
        let log = format!("{}/log", self.folder);
        let owner = Command::new("stat").args(["-c", "%U", &data]).output().unwrap();
        let owner = String::from_utf8(owner.stdout).unwrap();
        let me = Command::new("id").arg("-un").output().unwrap();
        let mut command = if me.stdout == owner.as_bytes() {
            Command::new(self.program("pg_ctl"))
        } else {
            let mut command = Command::new("runuser");
            command.args(["-u", owner.trim(), "--"]).arg(self.program("pg_ctl"));
            command
        };
        let done = command.args(words).args(["--pgdata", &data, "--wait", "--log", &log]).current_dir("/").output();
        let done = done.unwrap();
        assert!(done.status.success(), "pg_ctl {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// A server with the schema and one budget.
pub(crate) async fn world(more: &[&str]) -> (Cluster, PgStore, BudgetId) {
    let more: Vec<String> = more.iter().map(|&word| word.to_owned()).collect();
    let cluster =
        tokio::task::spawn_blocking(move || Cluster::start(&more.iter().map(String::as_str).collect::<Vec<_>>()));
    let cluster = cluster.await.unwrap();
    let store = cluster.open().await;
    store.migrate().await.unwrap();
    store.import_budget(&budget("city"), NOW).await.unwrap();
    let id = store.budgets().await.unwrap()[0].id;
    (cluster, store, id)
}

pub(crate) fn budget(slug: &str) -> Budget {
    let category = |n| Category {
        slug: format!("c{n}"),
        name: format!("C{n}"),
        description: String::new(),
        color: "#000000".into(),
        actual_points: None,
    };
    Budget {
        slug: slug.into(),
        title: slug.into(),
        currency: "EUR".into(),
        categories: (0..3).map(category).collect(),
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    }
}

pub(crate) fn submission(budget: BudgetId, at: Timestamp, n: u8) -> NewSubmission {
    NewSubmission {
        id: SubmissionId::from_parts(at, [0, 0, 0, 0, 0, 0, 0, 0, 0, n]),
        budget,
        participant: Some(Participant(u64::from(n))),
        allocation: Allocation::from_points(&[5000, 3000, 2000], 3).unwrap(),
        segments: Box::default(),
    }
}

/// Asks again until it is so, a minute at most.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_mins(1), asking).await.is_ok(), "waited in vain: {what}");
}
