//! Deletion, tombstones, and who counts afterwards.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use service::port::{Deletion, Lookup, Outcome, Participant, Store};

pub(crate) async fn a_deleted_submission_no_longer_counts<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).answers([1, 1]);
    let committed = version(world.submit(&said).await);
    let Deletion::Deleted { budget, version } = world.store.delete(said.id, at(1)).await.unwrap() else {
        panic!("it was there")
    };
    assert_eq!(budget, world.budget);
    assert!(version > committed);
    assert_eq!(world.people().await, 0);
    let (_, summary) = world.store.summary(world.budget).await.unwrap().unwrap();
    assert!(summary.is_empty());
    world.assert_exact().await;
}

pub(crate) async fn the_next_newest_counts_again<D: Database>() {
    let world = World::<D>::new().await;
    let said: Vec<_> = (0..3)
        .map(|n| {
            let points = [1000 * n, 10_000 - 1000 * n, 0];
            submission(world.budget, id(at(i64::from(n)), 0)).by(1).points(points)
        })
        .collect();
    for (n, said) in said.iter().enumerate() {
        world.submit_at(said, at(10 + n as i64)).await;
    }
    for (n, expected) in [(2, vec![1000, 9000, 0]), (1, vec![0, 10_000, 0]), (0, vec![0, 0, 0])] {
        world.store.delete(said[n].id, at(20)).await.unwrap();
        assert_eq!(world.sums().await, expected);
        world.assert_exact().await;
    }
    assert!(world.store.history(Participant(1), 10).await.unwrap().is_empty());
}

pub(crate) async fn the_next_newest_is_found_by_time_not_by_arrival<D: Database>() {
    let world = World::<D>::new().await;
    for (n, points) in [(5, [5000, 5000, 0]), (2, [2000, 8000, 0]), (4, [4000, 6000, 0]), (3, [3000, 7000, 0])] {
        world.submit_at(&submission(world.budget, id(at(n), 0)).by(1).points(points), at(10)).await;
    }
    world.store.delete(id(at(5), 0), at(20)).await.unwrap();
    assert_eq!(world.sums().await, [4000, 6000, 0]);
    world.assert_exact().await;
}

pub(crate) async fn deleting_an_old_one_leaves_the_total_and_advances_the_version<D: Database>() {
    let world = World::<D>::new().await;
    let old = submission(world.budget, id(at(0), 0)).by(1).points([0, 0, 10_000]);
    world.submit(&old).await;
    let newest = version(world.submit_at(&submission(world.budget, id(at(1), 0)).by(1), at(1)).await);
    let deletion = world.store.delete(old.id, at(2)).await.unwrap();
    assert!(matches!(deletion, Deletion::Deleted { version, .. } if version > newest), "{deletion:?}");
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn a_deleted_id_is_answered_as_deleted<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0));
    world.submit(&said).await;
    world.store.delete(said.id, at(1)).await.unwrap();
    assert_eq!(world.submit_at(&said, at(2)).await, Outcome::Deleted);
    assert_eq!(world.submit_at(&said.clone().points([0, 0, 10_000]), at(2)).await, Outcome::Deleted);
    assert_eq!(world.store.lookup(&[said.id]).await.unwrap(), [Some(Lookup::Deleted)]);
    assert_eq!(world.people().await, 0);
}

pub(crate) async fn deleting_twice_says_so_and_an_unknown_id_too<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0));
    world.submit(&said).await;
    world.store.delete(said.id, at(1)).await.unwrap();
    let heads = world.store.heads().await.unwrap();
    assert_eq!(world.store.delete(said.id, at(2)).await.unwrap(), Deletion::AlreadyDeleted);
    assert_eq!(world.store.delete(id(at(0), 9), at(2)).await.unwrap(), Deletion::Unknown);
    assert_eq!(world.store.heads().await.unwrap(), heads);
}

pub(crate) async fn a_forgotten_tombstone_frees_the_id<D: Database>() {
    let world = World::<D>::new().await;
    let said = [0, 1].map(|n| submission(world.budget, id(at(0), n)));
    world.store.commit(&said, at(0)).await.unwrap();
    world.store.delete(said[0].id, at(10)).await.unwrap();
    world.store.delete(said[1].id, at(20)).await.unwrap();
    assert_eq!(world.store.forget_tombstones(at(10)).await.unwrap(), 0);
    assert_eq!(world.store.forget_tombstones(at(20)).await.unwrap(), 1);
    assert_eq!(world.store.lookup(&said.clone().map(|s| s.id)).await.unwrap(), [None, Some(Lookup::Deleted)]);
    assert!(matches!(world.submit_at(&said[0], at(30)).await, Outcome::Counted { .. }));
    assert_eq!(world.submit_at(&said[1], at(30)).await, Outcome::Deleted);
    world.assert_exact().await;
}

pub(crate) async fn deletion_works_after_the_fold<D: Database>() {
    let world = World::<D>::new().await;
    let old = submission(world.budget, id(at(0), 0)).by(1).points([0, 0, 10_000]);
    let new = submission(world.budget, id(at(1), 0)).by(1);
    world.submit_at(&old, at(1)).await;
    world.submit_at(&new, at(1)).await;
    world.store.fold(world.budget, 100).await.unwrap();
    world.store.delete(new.id, at(2)).await.unwrap();
    assert_eq!(world.sums().await, [0, 0, 10_000]);
    world.store.fold(world.budget, 100).await.unwrap();
    assert_eq!(world.sums().await, [0, 0, 10_000]);
    world.assert_exact().await;
}
