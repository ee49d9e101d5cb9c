//! Commits of two budgets that add the same id at the same moment. Each holds the lock of its own head only.

use crate::own::{NOW, budget, submission, until, world};
use service::port::{BudgetId, NewSubmission, Outcome, Store};
use sqlx::{Connection, Executor, PgConnection, types::Uuid};

/// Somebody waits for what another transaction has added.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'allot' \
                       AND wait_event_type = 'Lock' AND query LIKE '%commit_new_to_one_budget%'";

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_another_budget_adds_at_this_moment_conflicts_only_if_that_is_committed() {
    let (cluster, store, city) = world(&[]).await;
    store.import_budget(&budget("county"), NOW).await.unwrap();
    let county = store.budgets().await.unwrap().iter().map(|record| record.id).find(|id| *id != city).unwrap();
    for (n, end) in [(1, "COMMIT"), (3, "ROLLBACK")] {
        let batch = [submission(city, NOW, n), submission(city, NOW, n + 1)];
        let mut other = PgConnection::connect(&cluster.url()).await.unwrap();
        other.execute("BEGIN").await.unwrap();
        add(&mut other, county, &batch[1]).await;

        let ends = async {
            until("the commit to wait", async || cluster.sql(WAITING) == "1").await;
            other.execute(end).await.unwrap();
        };
        let (outcomes, ()) = tokio::join!(store.commit(&batch, NOW), ends);

        let outcomes = outcomes.unwrap();
        let Outcome::Counted { version } = outcomes[0] else { panic!("{end}: {outcomes:?}") };
        let expected = if end == "COMMIT" { Outcome::Conflict } else { Outcome::Counted { version } };
        assert_eq!(outcomes[1], expected, "{end}");
    }
    // One of the first batch, two of the second.
    assert_eq!(store.total(city).await.unwrap().unwrap().total.people(), 3);
}

async fn add(connection: &mut PgConnection, budget: BudgetId, new: &NewSubmission) {
    sqlx::query("INSERT INTO submission (version, budget, standing, id, points) VALUES (1, $1, 'C', $2, $3)")
        .bind(budget.0)
        .bind(Uuid::from_bytes(*new.id.as_bytes()))
        .bind(new.allocation.to_bytes())
        .execute(connection)
        .await
        .unwrap();
}
