//! Folding deltas into the base cells changes where numbers are, never what they are.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at},
};
use service::port::Store;

async fn ten_commits<D: Database>() -> World<D> {
    let world = World::<D>::new().await;
    for n in 0..10 {
        let said = submission(world.budget, id(at(n * 40_000_000 - 400_000_000), 0)).by(n as u64 % 4);
        world.submit(&said.points([100 * n as u16, 10_000 - 100 * n as u16, 0]).answers([1, (n % 4) as u8])).await;
    }
    world
}

pub(crate) async fn folding_keeps_every_number_and_the_version<D: Database>() {
    let world = ten_commits::<D>().await;
    let before = world.store.summary(world.budget).await.unwrap().unwrap();
    let total = world.store.total(world.budget).await.unwrap().unwrap();
    assert_eq!(world.store.unfolded().await.unwrap(), 10);
    assert_eq!(world.store.fold(world.budget, 1000).await.unwrap(), 10);
    assert_eq!(world.store.unfolded().await.unwrap(), 0);
    assert_eq!(world.store.summary(world.budget).await.unwrap().unwrap(), before);
    assert_eq!(world.store.total(world.budget).await.unwrap().unwrap(), total);
    world.assert_exact().await;
}

pub(crate) async fn folding_goes_in_steps<D: Database>() {
    let world = ten_commits::<D>().await;
    let before = world.store.summary(world.budget).await.unwrap();
    for (limit, folded, left) in [(3, 3, 7), (4, 4, 3), (100, 3, 0), (100, 0, 0)] {
        assert_eq!(world.store.fold(world.budget, limit).await.unwrap(), folded);
        assert_eq!(world.store.unfolded().await.unwrap(), left);
        assert_eq!(world.store.summary(world.budget).await.unwrap(), before);
        world.assert_exact().await;
    }
}

pub(crate) async fn folding_one_budget_leaves_the_others<D: Database>() {
    let world = ten_commits::<D>().await;
    let other = world.another_budget("country").await;
    world.submit(&submission(other, id(at(0), 50))).await;
    world.submit(&submission(world.budget, id(at(0), 51))).await;
    assert_eq!(world.store.fold(world.budget, 1000).await.unwrap(), 11);
    assert_eq!(world.store.unfolded().await.unwrap(), 1);
    assert_eq!(world.store.total(other).await.unwrap().unwrap().total.people(), 1);
    assert_eq!(world.store.fold(other, 1000).await.unwrap(), 1);
    world.assert_exact().await;
}

pub(crate) async fn a_total_that_returns_to_zero_leaves_no_cell<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).answers([1, 1]);
    world.submit(&said).await;
    world.store.fold(world.budget, 10).await.unwrap();
    world.store.delete(said.id, at(1)).await.unwrap();
    world.store.fold(world.budget, 10).await.unwrap();
    let (_, summary) = world.store.summary(world.budget).await.unwrap().unwrap();
    assert!(summary.is_empty());
    assert_eq!(world.people().await, 0);
    world.assert_exact().await;
}

pub(crate) async fn a_commit_after_a_fold_adds_to_it<D: Database>() {
    let world = ten_commits::<D>().await;
    world.store.fold(world.budget, 1000).await.unwrap();
    let people = world.people().await;
    world.submit_at(&submission(world.budget, id(at(1), 0)), at(1)).await;
    world.submit_at(&submission(world.budget, id(at(1), 1)).by(0), at(1)).await;
    assert_eq!(world.people().await, people + 1);
    world.assert_exact().await;
}
