//! Reading from a streaming replica that lags, stops and comes back.

use crate::{
    cluster::Cluster,
    own::{NOW, submission, until, world},
};
use service::{
    Allot, Authority, Settings,
    port::{Lookup, Participant, SystemClock},
    replica::may_be_older,
};
use std::sync::Arc;
use store_postgres::{Options, PgStore};

struct Pair {
    primary: Cluster,
    copy: Cluster,
    allot: Arc<Allot>,
    budget: service::port::BudgetId,
}

impl Pair {
    async fn start() -> Self {
        let (primary, _, budget) = world(&[]).await;
        let folder = primary.folder.clone();
        let copy = tokio::task::spawn_blocking(move || Cluster::start(&["", "", &folder])).await.unwrap();
        let settings = Settings { secret: vec![7; 32], submissions_per_hour: 0, address_submissions_per_hour: 0 };
        let allot = Allot::start(Arc::new(primary.open().await), Arc::new(SystemClock), settings).await.unwrap();
        allot.read_from(Arc::new(PgStore::lazy(&copy.url(), Options::default()).unwrap()));
        let pair = Self { primary, copy, allot, budget };
        pair.until_used(true).await;
        pair
    }

    async fn until_used(&self, used: bool) {
        let is_so = async || self.allot.replica_is_used() == Some(used);
        until(if used { "the replica is read" } else { "the replica is not read" }, is_so).await;
    }

    /// Stops the replica from applying what it gets.
    async fn pause(&self) {
        self.copy.sql("SELECT pg_wal_replay_pause()");
        until("the pause", async || self.copy.sql("SELECT pg_get_wal_replay_pause_state()") == "paused").await;
    }

    async fn submit(&self, n: u8) {
        self.allot.store().commit(&[submission(self.budget, NOW, n)], NOW).await.unwrap();
    }

    async fn is_found(&self, n: u8) -> bool {
        let found = self.allot.submission(submission(self.budget, NOW, n).id).await.unwrap();
        assert!(matches!(found, None | Some(Lookup::Found(_) | Lookup::Deleted)));
        matches!(found, Some(Lookup::Found(_)))
    }

    async fn history(&self, n: u8) -> usize {
        self.allot.history(Participant(n.into()), 10).await.unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_misses_what_they_just_did_while_the_replica_lags() {
    let pair = Pair::start().await;
    pair.submit(1).await;
    until("the replica has it", async || pair.copy.sql("SELECT count(*) FROM submission") == "1").await;
    pair.pause().await;
    pair.submit(2).await;
    pair.allot.delete(submission(pair.budget, NOW, 1).id, &Authority::Operator).await.unwrap();
    // Who did it reads from the database.
    assert_eq!((pair.history(1).await, pair.history(2).await), (0, 1));
    assert!(!pair.is_found(1).await && pair.is_found(2).await);
    // Others may see the state of a moment ago, which shows that the replica answers; but no new address is unknown.
    let others = may_be_older(async { (pair.history(1).await, pair.history(2).await, pair.is_found(1).await) }).await;
    let found = may_be_older(pair.is_found(2)).await;
    if pair.allot.replica_is_used() == Some(true) {
        assert_eq!(others, (1, 0, true));
    }
    assert!(found);
    // A replica that stays behind is left alone.
    pair.until_used(false).await;
    let others = may_be_older(async { (pair.history(1).await, pair.history(2).await, pair.is_found(1).await) }).await;
    assert_eq!(others, (0, 1, false));
    pair.copy.sql("SELECT pg_wal_replay_resume()");
    pair.until_used(true).await;
    let others = may_be_older(async { (pair.history(1).await, pair.history(2).await, pair.is_found(1).await) }).await;
    assert_eq!(others, (0, 1, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_gone_costs_nobody_an_answer() {
    let pair = Pair::start().await;
    pair.submit(1).await;
    pair.copy.control(&["stop", "--mode", "immediate"]);
    assert_eq!(may_be_older(pair.history(1)).await, 1);
    assert!(may_be_older(pair.is_found(1)).await);
    pair.until_used(false).await;
    assert_eq!(may_be_older(pair.history(1)).await, 1);
    pair.copy.control(&["start"]);
    pair.until_used(true).await;
    assert_eq!(may_be_older(pair.history(1)).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aggregate_never_comes_from_the_replica() {
    let pair = Pair::start().await;
    pair.pause().await;
    for n in 0..20 {
        pair.submit(n).await;
        let head = pair.allot.store().heads().await.unwrap()[0].version;
        let snapshot = may_be_older(pair.allot.aggregate("city", Some(head))).await.unwrap().unwrap().0;
        assert_eq!((snapshot.version, snapshot.view.submissions), (head, u64::from(n) + 1));
    }
    assert_eq!(pair.primary.sql("SELECT count(*) FROM submission"), "20");
}
