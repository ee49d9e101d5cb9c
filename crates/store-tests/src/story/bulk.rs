//! The bulk path beside the ordinary one.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use domain::Timestamp;
use service::port::{BudgetId, BulkSubmission, Outcome, Participant, Store};

const DAY: i64 = 86_400_000;

fn row(time: Timestamp, n: u64, participant: Option<u64>, points: [u16; 3]) -> BulkSubmission {
    BulkSubmission {
        id: id(time, n),
        participant: participant.map(Participant),
        points: points.into(),
        segments: [1, 0].into(),
    }
}

pub(crate) async fn the_newest_of_each_participant_counts<D: Database>() {
    let world = World::<D>::new().await;
    let rows = (0..100)
        .map(|n| {
            let participant = (n % 2 == 0).then_some(n % 10);
            row(at(n as i64 * DAY - 300 * DAY), n, participant, [n as u16 * 100, 10_000 - n as u16 * 100, 0])
        })
        .collect();
    let bulk = world.store.bulk_insert(world.budget, rows, at(0)).await.unwrap();
    assert_eq!(world.store.heads().await.unwrap()[0].version, bulk);
    // Fifty without a participant, and five participants.
    assert_eq!(world.people().await, 55);
    let history = world.store.history(Participant(8), 100).await.unwrap();
    assert_eq!((history.len(), history[0].id, history[0].counted), (10, id(at(98 * DAY - 300 * DAY), 98), true));
    assert!(history[1..].iter().all(|stored| !stored.counted));
    world.assert_exact().await;
}

pub(crate) async fn bulk_supersedes_what_was_committed_before<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(-10), 0)).by(1)).await;
    let rows = vec![row(at(-5), 0, Some(1), [0, 10_000, 0]), row(at(-4), 0, Some(1), [0, 0, 10_000])];
    world.store.bulk_insert(world.budget, rows, at(1)).await.unwrap();
    assert_eq!(world.sums().await, [0, 0, 10_000]);
    world.assert_exact().await;
}

pub(crate) async fn what_was_committed_counts_against_older_bulk<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0)).by(1)).await;
    world.store.bulk_insert(world.budget, vec![row(at(-5), 0, Some(1), [0, 0, 10_000])], at(1)).await.unwrap();
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn commits_go_on_after_a_bulk_load<D: Database>() {
    let world = World::<D>::new().await;
    let rows = (0..10).map(|n| row(at(n as i64 - 100), n, Some(n), [0, 0, 10_000])).collect();
    world.store.bulk_insert(world.budget, rows, at(0)).await.unwrap();
    world.store.fold(world.budget, 100).await.unwrap();
    for n in 0..10 {
        let outcome = world.submit_at(&submission(world.budget, id(at(1), n)).by(n), at(1)).await;
        assert!(matches!(outcome, Outcome::Counted { .. }));
    }
    assert_eq!(world.sums().await, [50_000, 30_000, 20_000]);
    world.store.delete(id(at(1), 3), at(2)).await.unwrap();
    assert_eq!(world.sums().await, [45_000, 27_000, 28_000]);
    world.assert_exact().await;
}

pub(crate) async fn a_replay_of_a_bulk_row_is_answered<D: Database>() {
    let world = World::<D>::new().await;
    let rows = vec![row(at(-5), 0, Some(1), [5000, 3000, 2000]), row(at(-4), 0, Some(1), [0, 0, 10_000])];
    let bulk = world.store.bulk_insert(world.budget, rows, at(0)).await.unwrap();
    let said = submission(world.budget, id(at(-5), 0)).by(1).answers([1, 0]);
    assert_eq!(world.submit(&said).await, Outcome::Replayed { version: bulk, counted: false });
    assert!(version(world.submit(&submission(world.budget, id(at(0), 0))).await) > bulk);
}

pub(crate) async fn bulk_into_an_unknown_budget_fails<D: Database>() {
    let world = World::<D>::new().await;
    let rows = vec![row(at(-5), 0, None, [5000, 3000, 2000])];
    assert!(world.store.bulk_insert(BudgetId(4711), rows, at(0)).await.is_err());
    assert_eq!(world.store.lookup(&[id(at(-5), 0)]).await.unwrap(), [None]);
}

pub(crate) async fn an_empty_bulk_load_leaves_the_version<D: Database>() {
    let world = World::<D>::new().await;
    let head = world.store.heads().await.unwrap()[0].version;
    assert_eq!(world.store.bulk_insert(world.budget, Vec::new(), at(500)).await.unwrap(), head);
    assert_eq!(world.store.heads().await.unwrap()[0].version, head);
}

pub(crate) async fn a_bulk_load_brings_no_deleted_id_back<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(-3), 0))).await;
    world.store.delete(id(at(-3), 0), at(0)).await.unwrap();
    let rows = vec![row(at(-4), 0, None, [0, 0, 10_000]), row(at(-3), 0, None, [0, 0, 10_000])];
    assert!(world.store.bulk_insert(world.budget, rows, at(1)).await.is_err());
    assert_eq!(world.people().await, 0);
    world.assert_exact().await;
}

pub(crate) async fn a_refused_bulk_leaves_nothing<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(-3), 0)).by(1)).await;
    let heads = world.store.heads().await.unwrap();
    // The last row's id is known already.
    let rows = [-5, -4, -3].map(|time| row(at(time), 0, Some(1), [0, 0, 10_000])).into();
    assert!(world.store.bulk_insert(world.budget, rows, at(1)).await.is_err());
    assert_eq!(world.store.heads().await.unwrap(), heads);
    assert_eq!(world.store.history(Participant(1), 10).await.unwrap().len(), 1);
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}
