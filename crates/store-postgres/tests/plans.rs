//! What this store promises beyond the contract: one partition a look-up, one transaction a batch, no month missing,
//! no wait without an end.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

#[path = "cluster/ask.rs"]
mod ask;
mod cluster;
#[path = "cluster/shared.rs"]
mod shared;

use domain::{Allocation, Budget, Category, SubmissionId, Timestamp, summary::Cell};
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

/// Of so many blocks that they are read in several parts, by two connections, some of them with the last row of the one
/// and the first of the next month; a hundred thousand rows, one in ten of another budget and one in seven superseded.
#[tokio::test(flavor = "multi_thread")]
async fn the_raw_total_is_that_of_every_row_in_whichever_month_and_block_it_lies() {
    const ROWS: u16 = 50_000;
    let (database, store, budget) = world().await;
    database.sql(&format!(
        "SELECT ensure_partition({0} + 31 * {DAY}::bigint * month) FROM generate_series(0, 1) AS month;
         INSERT INTO submission (version, budget, standing, id, points)
         SELECT 1, {1} + (n % 10 = 0)::integer, (CASE WHEN n % 7 = 0 THEN 's' ELSE 'S' END)::\"char\",
             (lpad(to_hex({0} + 31 * {DAY}::bigint * month), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
             int2send((n % 10001)::smallint) || int2send((10000 - n % 10001)::smallint) || int2send(0::smallint)
         FROM generate_series(1, {ROWS}) AS n, generate_series(0, 1) AS month",
        NOW.as_millis(),
        budget.0,
    ));
    let blocks = "SELECT min(pg_relation_size(relid)) / 8192 FROM pg_partition_tree('submission')
                  WHERE isleaf AND pg_relation_size(relid) > 0";
    assert!(database.sql(blocks).parse::<u32>().unwrap() > 300, "each month has more blocks than are read at once");
    let mut expected = Cell::empty(3);
    for n in (1..=ROWS).filter(|n| n % 10 != 0 && n % 7 != 0) {
        let points = n % 10_001;
        (0..2).for_each(|_| expected.count(&[points, 10_000 - points, 0], 1));
    }
    assert!(store.raw_total(budget).await.unwrap().unwrap().total == expected);
    database.sql(&format!(
        "UPDATE submission SET points = '\\x0001270f' WHERE id_ms(id) = {} AND id::text LIKE '%-000000000001'",
        NOW.as_millis()
    ));
    expected.count(&[1, 9999, 0], -1);
    expected.count(&[1, 9999], 1);
    assert!(store.raw_total(budget).await.unwrap().unwrap().total == expected, "a row of another length");
    database.sql(&format!(
        "UPDATE submission SET points = '\\x00' WHERE budget = {} AND id_ms(id) = {}",
        budget.0,
        NOW.as_millis()
    ));
    assert!(matches!(store.raw_total(budget).await, Err(StoreError::Damaged(_))), "nothing is left out in silence");
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
