//! Which of a participant's submissions counts: the greatest (effective time, version, id).

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at},
};
use service::port::{Outcome, Participant, Store};

pub(crate) async fn a_participant_counts_once_with_the_newest<D: Database>() {
    let world = World::<D>::new().await;
    for n in 0..5 {
        let points = [1000 * n, 10_000 - 1000 * n, 0];
        let next = submission(world.budget, id(at(i64::from(n)), 0)).by(1).points(points);
        let outcome = world.submit_at(&next, at(10 + i64::from(n))).await;
        assert!(matches!(outcome, Outcome::Counted { .. }));
        assert_eq!(world.people().await, 1);
        assert_eq!(world.sums().await, points.map(i64::from));
    }
    world.assert_exact().await;
}

pub(crate) async fn older_by_its_time_stays_in_the_history_only<D: Database>() {
    let world = World::<D>::new().await;
    let newer = submission(world.budget, id(at(0), 0)).by(1);
    world.submit(&newer).await;
    let older = submission(world.budget, id(at(-1), 0)).by(1).points([0, 0, 10_000]);
    let outcome = world.submit_at(&older, at(5)).await;
    assert!(matches!(outcome, Outcome::Superseded { .. }));
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    let history = world.store.history(Participant(1), 10).await.unwrap();
    assert_eq!(history.iter().map(|s| (s.id, s.counted)).collect::<Vec<_>>(), [(newer.id, true), (older.id, false)]);
    world.assert_exact().await;
}

pub(crate) async fn the_time_of_the_id_goes_before_the_order_of_arrival<D: Database>() {
    let world = World::<D>::new().await;
    // Made offline on the train at 1, 2 and 3 o'clock, arriving in another order.
    let hour = 3_600_000;
    for (n, expected) in [(2, [2000, 8000, 0]), (1, [2000, 8000, 0]), (3, [3000, 7000, 0])] {
        let points = [1000 * n, 10_000 - 1000 * n, 0];
        let made = at(hour * i64::from(n) - 4 * hour);
        world.submit(&submission(world.budget, id(made, 0)).by(1).points(points)).await;
        assert_eq!(world.sums().await, expected);
    }
    world.assert_exact().await;
}

pub(crate) async fn equal_times_are_decided_by_the_version<D: Database>() {
    let world = World::<D>::new().await;
    // The greater id comes first: the later version wins all the same.
    world.submit(&submission(world.budget, id(at(0), 9)).by(1)).await;
    let second = submission(world.budget, id(at(0), 1)).by(1).points([0, 0, 10_000]);
    assert!(matches!(world.submit(&second).await, Outcome::Counted { .. }));
    assert_eq!(world.sums().await, [0, 0, 10_000]);
    world.assert_exact().await;
}

pub(crate) async fn equal_times_in_one_batch_are_decided_by_the_id<D: Database>() {
    let world = World::<D>::new().await;
    let greater = submission(world.budget, id(at(0), 9)).by(1);
    let smaller = submission(world.budget, id(at(0), 1)).by(1).points([0, 0, 10_000]);
    let outcomes = world.store.commit(&[greater, smaller], at(1)).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Counted { .. }, Outcome::Superseded { .. }]), "{outcomes:?}");
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn without_a_participant_each_submission_stands_alone<D: Database>() {
    let world = World::<D>::new().await;
    for n in 0..4 {
        assert!(matches!(world.submit(&submission(world.budget, id(at(0), n))).await, Outcome::Counted { .. }));
    }
    assert_eq!(world.people().await, 4);
    world.assert_exact().await;
}

pub(crate) async fn budgets_are_counted_apart<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    world.submit(&submission(world.budget, id(at(0), 1)).by(1)).await;
    world.submit(&submission(other, id(at(0), 2)).by(1).points([0, 0, 10_000])).await;
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    let there = world.store.total(other).await.unwrap().unwrap();
    assert_eq!(there.total.people(), 1);
    assert_eq!(there.total.categories()[2].sum, 10_000);
    world.assert_exact().await;
}
