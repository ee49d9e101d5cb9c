//! Two handles on one database, as two processes have them.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, assert_exact, at, version},
};
use service::port::{Lookup, Outcome, Participant, Store};

pub(crate) async fn what_one_handle_committed_the_other_reads<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.database.open().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    let first = version(world.submit(&said).await);
    let total = other.total(world.budget).await.unwrap().unwrap();
    assert_eq!((total.version, total.total.people()), (first, 1));
    let again = other.commit(&[said], at(1)).await.unwrap();
    assert_eq!(again, [Outcome::Replayed { version: first, counted: true }]);
}

pub(crate) async fn both_handles_supersede_each_other<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.database.open().await;
    for n in 0..10_u16 {
        let points = [100 * n, 10_000 - 100 * n, 0];
        let said = submission(world.budget, id(at(i64::from(n)), 0)).by(1).points(points);
        let handle = if n % 2 == 0 { &world.store } else { &other };
        handle.commit(&[said], at(100)).await.unwrap();
        assert_eq!(world.sums().await, points.map(i64::from));
    }
    let (one, two) = (world.store.history(Participant(1), 99).await, other.history(Participant(1), 99).await);
    assert_eq!(one.unwrap(), two.unwrap());
    assert_exact(&other).await;
}

pub(crate) async fn a_deletion_through_the_other_handle_is_seen<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.database.open().await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    world.submit(&said).await;
    other.delete(said.id, at(1)).await.unwrap();
    assert_eq!(world.submit_at(&said, at(2)).await, Outcome::Deleted);
    assert_eq!(world.store.lookup(&[said.id]).await.unwrap(), [Some(Lookup::Deleted)]);
    assert_eq!(world.people().await, 0);
}

pub(crate) async fn a_new_handle_finds_everything<D: Database>() {
    let world = World::<D>::new().await;
    for n in 0..10 {
        world.submit(&submission(world.budget, id(at(0), n)).by(n % 3)).await;
    }
    world.store.fold(world.budget, 4).await.unwrap();
    let summary = world.store.summary(world.budget).await.unwrap();
    let World { database, store, budget } = world;
    drop(store);
    let reopened = database.open().await;
    assert_eq!(reopened.summary(budget).await.unwrap(), summary);
    assert_exact(&reopened).await;
}
