//! Versions of a budget only grow, and only when something changed.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{NOW, World, at, version},
};
use service::port::{Outcome, Store, Version};

pub(crate) async fn a_version_is_the_time_of_the_commit<D: Database>() {
    let world = World::<D>::new().await;
    let outcome = world.submit(&submission(world.budget, id(at(0), 0))).await;
    assert_eq!(outcome, Outcome::Counted { version: Version(NOW.as_micros()) });
}

pub(crate) async fn versions_grow_when_the_clock_stands_still_or_goes_back<D: Database>() {
    let world = World::<D>::new().await;
    for (n, now) in [(0, 0), (1, 0), (2, -5000), (3, -5000)] {
        let outcome = world.submit_at(&submission(world.budget, id(at(-9000), n)), at(now)).await;
        assert_eq!(version(outcome), Version(NOW.as_micros() + n as i64));
    }
}

pub(crate) async fn nothing_new_leaves_the_version<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    world.submit(&said).await;
    let gone = submission(world.budget, id(at(0), 1));
    world.submit(&gone).await;
    world.store.delete(gone.id, at(1)).await.unwrap();
    let heads = world.store.heads().await.unwrap();
    let late = submission(world.budget, id(at(-9_000_000_000), 1));
    let batch = [said.clone(), said.points([0, 0, 10_000]), gone, late];
    let outcomes = world.store.commit(&batch, at(99)).await.unwrap();
    assert!(
        matches!(outcomes[..], [Outcome::Replayed { .. }, Outcome::Conflict, Outcome::Deleted, Outcome::IdOutOfRange]),
        "{outcomes:?}"
    );
    for (one, outcome) in batch.iter().zip(&outcomes) {
        let alone = world.store.commit(std::slice::from_ref(one), at(99)).await.unwrap();
        assert_eq!(alone, [*outcome], "{one:?}");
    }
    world.store.fold(world.budget, 100).await.unwrap();
    world.store.forget_tombstones(at(50)).await.unwrap();
    assert_eq!(world.store.heads().await.unwrap(), heads);
}

pub(crate) async fn heads_totals_and_audits_agree_on_the_version<D: Database>() {
    let world = World::<D>::new().await;
    let committed = version(world.submit(&submission(world.budget, id(at(0), 0))).await);
    assert_eq!(world.store.heads().await.unwrap()[0].version, committed);
    assert_eq!(world.store.budgets().await.unwrap()[0].head, committed);
    assert_eq!(world.store.total(world.budget).await.unwrap().unwrap().version, committed);
    assert_eq!(world.store.raw_total(world.budget).await.unwrap().unwrap().version, committed);
    assert_eq!(world.store.summary(world.budget).await.unwrap().unwrap().0, committed);
    assert_eq!(world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap().version, committed);
}
