//! What a running server does ahead of time.

use crate::own::{NOW, until, world};
use domain::Timestamp;
use service::{
    Allot, Settings,
    port::{Clock, Store},
};
use std::sync::Arc;

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_makes_the_months_to_come_and_forgets_old_tombstones() {
    let (cluster, store, budget) = world(&[]).await;
    let said = [crate::own::submission(budget, NOW, 1)];
    store.commit(&said, NOW).await.unwrap();
    store.delete(said[0].id, NOW).await.unwrap();
    // Two processes that have run for two years, with nothing submitted meanwhile.
    let later = Timestamp::from_millis(NOW.as_millis() + 730 * 86_400_000);
    let mut running = Vec::new();
    for _ in 0..2 {
        let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
        let allot = Allot::start(Arc::new(cluster.open().await), Arc::new(At(later)), settings).await.unwrap();
        running.push(allot);
    }
    let months = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
                  WHERE relkind = 'r' AND relname >= 'submission_2028_11' AND relname < 'submission_3'";
    let expected = "submission_2028_11 submission_2028_12 submission_2029_01 submission_2029_02";
    until("the months to come", async || cluster.sql(months) == expected).await;
    until("the tombstone", async || cluster.sql("SELECT count(*) FROM tombstone") == "0").await;
    assert_eq!(store.prepare(later).await.unwrap(), 0);
}
