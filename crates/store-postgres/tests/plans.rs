//! What this store promises beyond the contract: one partition a look-up, one transaction a batch, no month missing,
//! no wait without an end.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "cluster/ask.rs"]
mod ask;
mod cluster;
#[path = "cluster/shared.rs"]
mod shared;

use domain::{Allocation, Budget, Category, SubmissionId, Timestamp};
use service::port::{BudgetId, CommitError, NewSubmission, Outcome, Participant, Store, StoreError};
use shared::PgDatabase;
use std::time::Duration;
use store_postgres::{Options, PgStore};

const DAY: i64 = 86_400_000;
/// 2026-11-21T10:30:45.006Z
const NOW: Timestamp = Timestamp::from_millis(1_795_257_045_006);

fn budget() -> Budget {
    let category = |n| Category {
        slug: format!("c{n}"),
        name: format!("C{n}"),
        description: String::new(),
        color: "#000000".into(),
        actual_points: None,
    };
    Budget {
        slug: "city".into(),
        title: "City".into(),
        currency: "EUR".into(),
        categories: (0..3).map(category).collect(),
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    }
}

fn submission(budget: BudgetId, at: Timestamp, n: u8) -> NewSubmission {
    NewSubmission {
        id: SubmissionId::from_parts(at, [0, 0, 0, 0, 0, 0, 0, 0, 0, n]),
        budget,
        participant: Some(Participant(u64::from(n))),
        allocation: Allocation::from_points(&[5000, 3000, 2000], 3).unwrap(),
        segments: Box::default(),
    }
}

async fn open(database: &PgDatabase, options: Options) -> PgStore {
    PgStore::connect(&database.url, options).await.unwrap()
}

async fn world() -> (PgDatabase, PgStore, BudgetId) {
    let database = PgDatabase::new();
    let store = open(&database, Options::default()).await;
    store.migrate().await.unwrap();
    store.import_budget(&budget(), NOW).await.unwrap();
    let id = store.budgets().await.unwrap()[0].id;
    (database, store, id)
}

/// The partitions that looking these ids up really reads, by the plan that the database tells after running it.
async fn partitions_read(store: &PgStore, ids: &[SubmissionId]) -> Vec<String> {
    let plan = store.explain_lookup(ids).await.unwrap();
    let scans = plan.lines().filter(|line| line.contains(" on submission_") && !line.contains("never executed"));
    let names = scans.filter_map(|line| line.split(" on ").nth(1)?.split_whitespace().next());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lookup_by_id_touches_one_partition() {
    let (database, store, budget) = world().await;
    let months = [0, 30, 60].map(|days| submission(budget, NOW.plus_days(-days), 1));
    store.commit(&months, NOW).await.unwrap();
    database.sql("ANALYZE");
    let ids = months.map(|new| new.id);
    // Plans are cached for any argument after a few times; those must prune too.
    for _ in 0..8 {
        assert_eq!(partitions_read(&store, &ids[..1]).await, ["submission_2026_11"]);
        assert_eq!(partitions_read(&store, &ids[1..2]).await, ["submission_2026_10"]);
        assert_eq!(partitions_read(&store, &ids[1..]).await, ["submission_2026_09", "submission_2026_10"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_one_transaction() {
    let (database, store, budget) = world().await;
    let batch: Vec<_> = (0..50).map(|n| submission(budget, NOW, n)).collect();
    store.commit(&batch, NOW).await.unwrap();
    let writers = "SELECT count(DISTINCT writer) FROM (
        SELECT xmin::text AS writer FROM submission UNION ALL SELECT xmin::text FROM summary_delta
        UNION ALL SELECT xmin::text FROM head) AS rows";
    assert_eq!(database.sql(writers), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn months_are_made_ahead_of_time_and_when_they_are_missing() {
    let (database, store, budget) = world().await;
    let ahead =
        "SELECT to_regclass('submission_' || to_char(now() AT TIME ZONE 'UTC' + interval '2 months', 'YYYY_MM'))
                 IS NOT NULL";
    assert_eq!(database.sql(ahead), "t");
    let later = Timestamp::from_millis(NOW.as_millis() + 400 * DAY);
    let outcomes = store.commit(&[submission(budget, later, 1)], later).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Counted { .. }]), "{outcomes:?}");
    assert_eq!(store.prepare(later).await.unwrap(), 3);
    assert_eq!(store.prepare(later).await.unwrap(), 0);
    assert_eq!(database.sql("SELECT count(*) FROM pg_class WHERE relname LIKE '%default'"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_head_is_not_waited_for_longer_than_allowed() {
    let (database, store, budget) = world().await;
    let options = Options { lock_timeout: Duration::from_millis(200), ..Options::default() };
    let impatient = open(&database, options).await;
    let blocker = database.hold("SELECT FROM head FOR UPDATE");
    let refused = impatient.commit(&[submission(budget, NOW, 1)], NOW).await;
    assert!(matches!(refused, Err(CommitError::NotCommitted(StoreError::Unavailable(_)))), "{refused:?}");
    drop(blocker);
    assert_eq!(store.total(budget).await.unwrap().unwrap().total.people(), 0);
    assert!(impatient.commit(&[submission(budget, NOW, 1)], NOW).await.is_ok(), "the same connection goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_database_ended_are_replaced_after_one_failure() {
    let (database, store, budget) = world().await;
    // Several at once, so that the pool holds several.
    let (one, two, three) = tokio::join!(store.heads(), store.heads(), store.heads());
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'allot' AND datname = current_database()",
    );
    let first = store.commit(&[submission(budget, NOW, 1)], NOW).await;
    assert!(matches!(first, Err(CommitError::OutcomeUnknown(_))), "{first:?}");
    let again = store.commit(&[submission(budget, NOW, 1)], NOW).await.unwrap();
    assert!(matches!(again[..], [Outcome::Counted { .. }]), "{again:?}");
    assert_eq!(store.total(budget).await.unwrap().unwrap().total.people(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_told_without_its_password() {
    let error = PgStore::connect("postgres://somebody:secret@localhost/nothing?host=/nonexistent", Options::default());
    let error = error.await.err().unwrap().to_string();
    assert!(!error.contains("secret"), "{error}");
}
