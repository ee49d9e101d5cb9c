//! Closed and unknown budgets.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use service::port::{BudgetId, Deletion, Outcome, Store};

pub(crate) async fn a_closed_budget_takes_nothing_new<D: Database>() {
    let world = World::<D>::new().await;
    assert!(world.store.set_closed(world.budget, true, at(0)).await.unwrap());
    assert!(world.store.budgets().await.unwrap()[0].closed);
    assert_eq!(world.submit(&submission(world.budget, id(at(0), 0))).await, Outcome::Closed);
    // Closed is said before anything about the id's time.
    assert_eq!(world.submit(&submission(world.budget, id(at(-9_000_000_000), 0))).await, Outcome::Closed);
    assert_eq!(world.people().await, 0);
}

pub(crate) async fn a_closed_budget_still_answers_replays_conflicts_and_deletions<D: Database>() {
    let world = World::<D>::new().await;
    let [kept, gone] = [0, 1].map(|n| submission(world.budget, id(at(0), n)));
    let first = world.submit(&kept).await;
    world.submit(&gone).await;
    world.store.set_closed(world.budget, true, at(1)).await.unwrap();
    assert!(matches!(world.store.delete(gone.id, at(2)).await.unwrap(), Deletion::Deleted { .. }));
    assert_eq!(world.submit(&kept).await, Outcome::Replayed { version: version(first), counted: true });
    assert_eq!(world.submit(&kept.points([0, 0, 10_000])).await, Outcome::Conflict);
    assert_eq!(world.submit(&gone).await, Outcome::Deleted);
    assert_eq!(world.people().await, 1);
    world.assert_exact().await;
}

pub(crate) async fn a_reopened_budget_takes_submissions_again<D: Database>() {
    let world = World::<D>::new().await;
    world.store.set_closed(world.budget, true, at(0)).await.unwrap();
    world.store.set_closed(world.budget, false, at(1)).await.unwrap();
    assert!(matches!(world.submit(&submission(world.budget, id(at(0), 0))).await, Outcome::Counted { .. }));
}

pub(crate) async fn an_unknown_budget_is_said_to_be_unknown<D: Database>() {
    let world = World::<D>::new().await;
    let heads = world.store.heads().await.unwrap();
    assert_eq!(world.submit(&submission(BudgetId(4711), id(at(0), 0))).await, Outcome::UnknownBudget);
    assert!(!world.store.set_closed(BudgetId(4711), true, at(0)).await.unwrap());
    assert_eq!(world.store.heads().await.unwrap(), heads);
}

pub(crate) async fn closing_advances_the_version_once<D: Database>() {
    let world = World::<D>::new().await;
    let open = world.store.heads().await.unwrap()[0].version;
    world.store.set_closed(world.budget, true, at(0)).await.unwrap();
    let closed = world.store.heads().await.unwrap()[0].version;
    assert!(closed > open);
    assert!(world.store.set_closed(world.budget, true, at(1)).await.unwrap());
    assert_eq!(world.store.heads().await.unwrap()[0].version, closed);
}
