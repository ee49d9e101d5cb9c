//! A total goes on from a known one, or says that it can't.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at},
};
use domain::summary::{Entry, Summary};
use service::port::{BudgetId, Store, TotalAt};

async fn total<D: Database>(world: &World<D>) -> TotalAt {
    world.store.total(world.budget).await.unwrap().unwrap()
}

async fn after<D: Database>(world: &World<D>, known: &TotalAt) -> Option<TotalAt> {
    world.store.total_after(world.budget, known.clone()).await.unwrap()
}

/// As many commits, each a version and a delta.
async fn commit<D: Database>(world: &World<D>, from: u64, to: u64) {
    for n in from..to {
        let said = submission(world.budget, id(at(n as i64), 0)).points([n as u16, 10_000 - n as u16, 0]);
        world.submit_at(&said, at(n as i64)).await;
    }
}

pub(crate) async fn a_known_total_goes_on_with_what_came_since<D: Database>() {
    let world = World::<D>::new().await;
    let revised = submission(world.budget, id(at(-9), 1)).by(1).points([10_000, 0, 0]);
    let deleted = submission(world.budget, id(at(-9), 2)).points([0, 0, 10_000]);
    world.submit(&revised).await;
    world.submit(&deleted).await;
    let known = total(&world).await;
    assert_eq!(after(&world, &known).await, Some(known.clone()), "nothing came");
    commit(&world, 1, 4).await;
    let between = after(&world, &known).await.unwrap();
    assert_eq!(between, total(&world).await);
    world.submit_at(&submission(world.budget, id(at(5), 1)).by(1).points([0, 10_000, 0]), at(5)).await;
    world.store.delete(deleted.id, at(6)).await.unwrap();
    let now = total(&world).await;
    assert_eq!(now.total.people(), 4);
    for earlier in [known, between] {
        assert_eq!(after(&world, &earlier).await.as_ref(), Some(&now));
    }
}

pub(crate) async fn a_known_total_goes_on_until_it_is_folded<D: Database>() {
    let world = World::<D>::new().await;
    commit(&world, 1, 5).await;
    let known = total(&world).await;
    commit(&world, 5, 8).await;
    world.store.fold(world.budget, 3).await.unwrap();
    assert_eq!(after(&world, &known).await, Some(total(&world).await), "only what was before it is folded");
    world.store.fold(world.budget, 1).await.unwrap();
    assert_eq!(world.store.unfolded().await.unwrap(), 3);
    assert_eq!(after(&world, &known).await, None);
}

pub(crate) async fn a_known_total_ends_with_a_correction<D: Database>() {
    let world = World::<D>::new().await;
    commit(&world, 1, 3).await;
    let known = total(&world).await;
    let mut more = Summary::default();
    more.count(&Entry { day: at(0).day(), segments: [1, 0].into(), points: [1, 2, 9997].into() }, 1);
    world.store.correct(world.budget, &more, known.version, at(9)).await.unwrap();
    assert_eq!(after(&world, &known).await, None);
    let corrected = total(&world).await;
    assert_eq!(corrected.total.people(), 3);
    world.submit_at(&submission(world.budget, id(at(10), 0)), at(10)).await;
    assert_eq!(after(&world, &corrected).await, Some(total(&world).await));
}

pub(crate) async fn a_known_total_ends_with_its_budget<D: Database>() {
    let world = World::<D>::new().await;
    commit(&world, 1, 2).await;
    let known = total(&world).await;
    assert_eq!(world.store.total_after(BudgetId(4711), known).await.unwrap(), None);
}
