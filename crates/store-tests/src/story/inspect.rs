//! Looking into a database.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{NOW, World, at},
};
use service::port::{Between, Inspect, Participation, Verdict};
use std::time::Duration;

pub(crate) async fn every_look_answers_and_nothing_is_wrong_with_a_new_database<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0)).by(1)).await;
    let store = &world.store;
    assert!(!store.engine().await.unwrap().version.is_empty());
    store.clock().await.unwrap();
    let slow = store.statements(Duration::ZERO).await.unwrap();
    assert!(slow.rows.len() + slow.untold.len() > 0, "it says what it can't tell");
    store.connections().await.unwrap();
    store.caches().await.unwrap();
    let sizes = store.sizes().await.unwrap();
    assert!(sizes.rows.iter().any(|row| row.table.starts_with("submission") && row.bytes > Some(0)), "{sizes:?}");
    let indexes = store.indexes().await.unwrap();
    assert!(indexes.rows.iter().any(|row| row.table == "submission"), "{indexes:?}");
    let condition = store.condition().await.unwrap();
    // The tests' own server does without, to be quick.
    let expected = |what: &str| what.starts_with("fsync");
    for finding in condition.iter().filter(|one| !expected(&one.what)).chain(&slow.findings).chain(&indexes.findings) {
        assert_ne!(finding.verdict, Verdict::Fail, "{finding:?}");
    }
}

pub(crate) async fn a_migrated_database_lacks_no_migration<D: Database>() {
    let world = World::<D>::new().await;
    let schema = world.store.schema().await.unwrap();
    assert!(schema.missing.is_empty() && schema.unknown.is_empty(), "{schema:?}");
    assert_eq!(schema.applied.first(), Some(&1));
}

pub(crate) async fn participants_are_counted_once_and_those_who_came_back_are_told_apart<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    for (n, who) in [(0, Some(1)), (1, Some(1)), (2, Some(1)), (3, Some(2)), (4, None), (5, None)] {
        let said = submission(world.budget, id(at(0), n));
        world.submit(&who.map_or_else(|| said.clone(), |who| said.clone().by(who))).await;
    }
    world.submit(&submission(other, id(at(0), 6)).by(2)).await;
    let expected = Participation { submissions: 6, without_participant: 2, participants: 2, returning: 1 };
    assert_eq!(world.store.participation(world.budget).await.unwrap(), expected);
    let expected = Participation { submissions: 1, without_participant: 0, participants: 1, returning: 0 };
    assert_eq!(world.store.participation(other).await.unwrap(), expected);
}

pub(crate) async fn submissions_of_a_span_of_time_come_oldest_first<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    for (time, budget) in [(3, world.budget), (1, other), (2, world.budget), (5, world.budget)] {
        world.submit_at(&submission(budget, id(at(time), 0)), at(9)).await;
    }
    let all = Between { from: at(-1), to: at(100), budget: None, limit: 100 };
    let times = async |span: Between| {
        let found = world.store.between(&span).await.unwrap();
        found.iter().map(|stored| stored.id.time().as_millis() - NOW.as_millis()).collect::<Vec<_>>()
    };
    assert_eq!(times(all).await, [1, 2, 3, 5]);
    assert_eq!(times(Between { from: at(2), to: at(5), ..all }).await, [2, 3], "the end is not within");
    assert_eq!(times(Between { budget: Some(world.budget), ..all }).await, [2, 3, 5]);
    assert_eq!(times(Between { limit: 2, ..all }).await, [1, 2]);
    assert!(times(Between { from: at(6), ..all }).await.is_empty());
}
