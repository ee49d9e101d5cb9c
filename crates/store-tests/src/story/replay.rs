//! An id that is known: replays and conflicts.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use service::port::{NewSubmission, Outcome, Store};

pub(crate) async fn a_replay_gets_the_first_answer<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1).answers([1, 0]);
    let first = world.submit(&said).await;
    for later in [0, 1, 5000] {
        let again = world.submit_at(&said, at(later)).await;
        assert_eq!(again, Outcome::Replayed { version: version(first), counted: true });
    }
}

pub(crate) async fn a_replay_says_counted_also_after_it_was_superseded<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    let first = world.submit(&said).await;
    world.submit_at(&submission(world.budget, id(at(1), 0)).by(1), at(1)).await;
    assert_eq!(world.submit_at(&said, at(2)).await, Outcome::Replayed { version: version(first), counted: true });
}

pub(crate) async fn a_replay_says_superseded_also_after_it_counts<D: Database>() {
    let world = World::<D>::new().await;
    let newer = submission(world.budget, id(at(1), 0)).by(1);
    world.submit_at(&newer, at(1)).await;
    let older = submission(world.budget, id(at(0), 0)).by(1);
    let first = world.submit_at(&older, at(2)).await;
    assert!(matches!(first, Outcome::Superseded { .. }));
    world.store.delete(newer.id, at(3)).await.unwrap();
    assert_eq!(world.people().await, 1);
    assert_eq!(world.submit_at(&older, at(4)).await, Outcome::Replayed { version: version(first), counted: false });
}

pub(crate) async fn a_replay_changes_nothing<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    world.submit(&said).await;
    let before = (world.store.heads().await.unwrap(), world.store.lookup(&[said.id]).await.unwrap());
    world.submit_at(&said, at(1000)).await;
    assert_eq!((world.store.heads().await.unwrap(), world.store.lookup(&[said.id]).await.unwrap()), before);
    assert_eq!(world.people().await, 1);
    world.assert_exact().await;
}

pub(crate) async fn a_replay_by_somebody_else_is_still_a_replay<D: Database>() {
    // An outbox may send before and after consent was given: the id, the budget and what was said decide.
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0));
    let first = world.submit(&said).await;
    let again = world.submit_at(&said.by(7), at(1)).await;
    assert_eq!(again, Outcome::Replayed { version: version(first), counted: true });
    world.assert_exact().await;
}

async fn conflicts<D: Database>(change: impl FnOnce(NewSubmission, &World<D>) -> NewSubmission) {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1).answers([1, 2]);
    world.submit(&said).await;
    let other = change(said, &world);
    assert_eq!(world.submit_at(&other, at(1)).await, Outcome::Conflict);
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn other_points_conflict<D: Database>() {
    conflicts::<D>(|said, _| said.points([5000, 2000, 3000])).await;
}

pub(crate) async fn other_segments_conflict<D: Database>() {
    conflicts::<D>(|said, _| said.answers([1, 3])).await;
    conflicts::<D>(|said, _| NewSubmission { segments: Box::default(), ..said }).await;
}

pub(crate) async fn another_budget_conflicts<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    let said = submission(world.budget, id(at(0), 0));
    world.submit(&said).await;
    let elsewhere = NewSubmission { budget: other, ..said.clone() };
    assert_eq!(world.submit_at(&elsewhere, at(1)).await, Outcome::Conflict);
    let nowhere = NewSubmission { budget: service::port::BudgetId(4711), ..said };
    assert_eq!(world.submit_at(&nowhere, at(1)).await, Outcome::Conflict);
    world.assert_exact().await;
}

pub(crate) async fn a_conflict_changes_nothing<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    world.submit(&said).await;
    let before = (world.store.heads().await.unwrap(), world.store.lookup(&[said.id]).await.unwrap());
    world.submit_at(&said.clone().points([0, 0, 10_000]), at(9)).await;
    assert_eq!((world.store.heads().await.unwrap(), world.store.lookup(&[said.id]).await.unwrap()), before);
}
