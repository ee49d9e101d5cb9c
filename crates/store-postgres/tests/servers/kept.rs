//! The connection that commits keep from one to the next.

use crate::own::{NOW, submission, until, world};
use futures_util::future::join_all;
use service::port::Store;
use std::time::Duration;
use store_postgres::{Options, PgStore};

/// Processes of the database that have committed a batch last.
const COMMITTERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%commit_new_to_one_budget%' \
                          AND application_name = 'allot'";

#[tokio::test(flavor = "multi_thread")]
async fn commits_that_follow_each_other_stay_on_one_connection_which_others_get_when_they_end() {
    let (cluster, store, budget) = world(&[]).await;
    for n in 0..20 {
        // Several connections rest in the pool, which would give out another one each time.
        join_all((0..4).map(|_| store.heads())).await;
        store.commit(&[submission(budget, NOW, n)], NOW).await.unwrap();
    }
    assert_eq!(cluster.sql(COMMITTERS), "1");
    until("what is kept to count as idle", async || store.pool().busy == 0).await;
    // Whoever takes connections in turn comes to it again.
    until("the connection among the others", async || {
        for _ in 0..8 {
            store.heads().await.unwrap();
        }
        cluster.sql(COMMITTERS) == "0"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_that_is_asked_before_every_use_is_still_the_same() {
    let (cluster, _, budget) = world(&[]).await;
    let options = Options { check_after_idle: Duration::ZERO, ..Options::default() };
    let store = PgStore::connect(&cluster.url(), options).await.unwrap();
    let mut committers = Vec::new();
    for n in 0..10 {
        store.commit(&[submission(budget, NOW, n)], NOW).await.unwrap();
        committers.push(cluster.sql(&COMMITTERS.replace("count(*)", "array_agg(pid)")));
    }
    committers.dedup();
    assert_eq!(committers.len(), 1, "{committers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_connection_is_not_kept_from_readers_by_a_stream_of_commits() {
    let (cluster, _, budget) = world(&[]).await;
    let options = Options { max_connections: 1, acquire_timeout: Duration::from_secs(20), ..Options::default() };
    let store = PgStore::connect(&cluster.url(), options).await.unwrap();
    let mut reads = 0;
    let commits = async {
        for n in 0..100 {
            store.commit(&[submission(budget, NOW, n)], NOW).await.unwrap();
        }
    };
    let reading = async {
        loop {
            store.heads().await.unwrap();
            reads += 1;
        }
    };
    tokio::select! {
        () = commits => {}
        () = reading => {}
    }
    assert!(reads >= 10, "{reads} reads beside a hundred commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_that_was_cut_is_noticed_and_the_next_commit_has_another_one() {
    let (cluster, store, budget) = world(&[]).await;
    store.commit(&[submission(budget, NOW, 1)], NOW).await.unwrap();
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'allot'");
    // Nobody can know whether one that was on its way was committed; the same batch tells.
    let again = [submission(budget, NOW, 2)];
    until("a commit", async || store.commit(&again, NOW).await.is_ok()).await;
    let stored = store.lookup(&[again[0].id]).await.unwrap();
    assert!(stored[0].is_some());
}
