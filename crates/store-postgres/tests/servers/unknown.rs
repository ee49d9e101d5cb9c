//! A change that the database makes although its answer is lost.
//!
//! Waiting for a standby that does not exist holds a commit after it is in the log; ending the connection then is
//! what a network that breaks at `COMMIT` looks like.

use crate::{
    cluster::Cluster,
    own::{NOW, budget, submission, until, world},
};
use domain::summary::{Entry, Summary};
use service::port::{
    BulkSubmission, CommitError, Correction, Deletion, ImportOutcome, Outcome, Store, StoreError, StoreResult, Version,
};
use store_postgres::{Options, PgStore};

const SETTINGS: &str = "synchronous_commit = local\nsynchronous_standby_names = 'nobody'";

/// A store whose commits wait for the standby.
async fn waiting(cluster: &Cluster) -> PgStore {
    let url = format!("{}&options[synchronous_commit]=on", cluster.url());
    PgStore::connect(&url, Options::default()).await.unwrap()
}

/// Makes a change, cuts its connection between the commit and the answer, and answers what was told.
async fn cut<T>(cluster: &Cluster, change: impl Future<Output = T>) -> T {
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let (told, ()) = tokio::join!(change, until("the commit", async || cluster.sql(ended) == "1"));
    told
}

fn assert_unknown<T: std::fmt::Debug>(told: &StoreResult<T>) {
    assert!(matches!(told, Err(StoreError::OutcomeUnknown(_))), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_told_as_unknown_and_may_be_repeated() {
    let (cluster, store, id) = world(&[SETTINGS]).await;
    let doubtful = waiting(&cluster).await;

    let said = [submission(id, NOW, 1)];
    let told = cut(&cluster, doubtful.commit(&said, NOW)).await;
    assert!(matches!(told, Err(CommitError::OutcomeUnknown(_))), "{told:?}");
    let again = store.commit(&said, NOW).await.unwrap();
    assert!(matches!(again[..], [Outcome::Replayed { counted: true, .. }]), "{again:?}");

    assert_unknown(&cut(&cluster, doubtful.delete(said[0].id, NOW)).await);
    assert_eq!(store.delete(said[0].id, NOW).await.unwrap(), Deletion::AlreadyDeleted);

    assert_unknown(&cut(&cluster, doubtful.set_closed(id, true, NOW)).await);
    assert!(store.budgets().await.unwrap()[0].closed);
    assert_unknown(&cut(&cluster, doubtful.set_closed(id, false, NOW)).await);

    assert_unknown(&cut(&cluster, doubtful.import_budget(&budget("country"), NOW)).await);
    assert_eq!(store.import_budget(&budget("country"), NOW).await.unwrap(), ImportOutcome::Unchanged);

    let mut difference = Summary::default();
    difference.count(&Entry { day: NOW.day(), segments: [].into(), points: [10_000, 0, 0].into() }, 1);
    let audited = store.heads().await.unwrap()[0].version;
    assert_unknown(&cut(&cluster, doubtful.correct(id, &difference, audited, NOW)).await);
    assert_eq!(store.correct(id, &difference, audited, NOW).await.unwrap(), Correction::Stale);
    assert_eq!(store.total(id).await.unwrap().unwrap().total.people(), 1);

    assert_unknown(&cut(&cluster, doubtful.fold(id, 100)).await);
    assert_eq!(store.fold(id, 100).await.unwrap(), 0);
    assert_unknown(&cut(&cluster, doubtful.forget_tombstones(NOW.plus_days(1))).await);
    assert_eq!(store.forget_tombstones(NOW.plus_days(1)).await.unwrap(), 0);

    let new = submission(id, NOW, 9);
    let row = BulkSubmission {
        id: new.id,
        participant: new.participant,
        points: new.allocation.points().into(),
        segments: new.segments.clone(),
    };
    assert_unknown(&cut(&cluster, doubtful.bulk_insert(id, vec![row.clone()], NOW)).await);
    assert!(store.lookup(&[new.id]).await.unwrap()[0].is_some());
    assert!(store.bulk_insert(id, vec![row], NOW).await.is_err());
    assert_eq!(store.total(id).await.unwrap().unwrap().total.people(), 2);
    assert!(store.heads().await.unwrap()[0].version > Version(0));
}
