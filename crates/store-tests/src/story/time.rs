//! Times: the window of new ids, the cap by the server's clock, days, a clock that goes backwards.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{NOW, World, at, version},
};
use domain::{Timestamp, summary::CellKey};
use service::port::{Lookup, Outcome, Participant, Store};

const DAY: i64 = 86_400_000;

pub(crate) async fn an_id_of_the_future_counts_at_the_time_of_its_commit<D: Database>() {
    let world = World::<D>::new().await;
    let hasty = submission(world.budget, id(at(DAY / 2), 0)).by(1);
    assert!(matches!(world.submit(&hasty).await, Outcome::Counted { .. }));
    let Some(Some(Lookup::Found(stored))) = world.store.lookup(&[hasty.id]).await.unwrap().pop() else {
        panic!("it is there")
    };
    assert_eq!(stored.effective, at(0));
    // A clock that runs ahead wins nothing: whoever comes a moment later is newer.
    let next = submission(world.budget, id(at(1), 0)).by(1).points([0, 0, 10_000]);
    assert!(matches!(world.submit_at(&next, at(1)).await, Outcome::Counted { .. }));
    assert_eq!(world.sums().await, [0, 0, 10_000]);
    world.assert_exact().await;
}

pub(crate) async fn an_id_is_taken_from_90_days_ago_to_one_day_ahead<D: Database>() {
    let world = World::<D>::new().await;
    // The window is exact to the microsecond of the server's clock.
    for (offset, accepted) in
        [(-90 * DAY, true), (-90 * DAY - 1, false), (DAY, true), (DAY + 1, false), (-400 * DAY, false)]
    {
        let outcome = world.submit(&submission(world.budget, id(at(offset), 0))).await;
        assert_eq!(matches!(outcome, Outcome::Counted { .. }), accepted, "{offset} ms from now: {outcome:?}");
        assert_eq!(matches!(outcome, Outcome::IdOutOfRange), !accepted, "{offset} ms from now: {outcome:?}");
    }
    assert_eq!(world.people().await, 2);
    let oldest = submission(world.budget, id(at(-90 * DAY), 7));
    let later = Timestamp::from_micros(NOW.as_micros() + 1);
    assert_eq!(world.submit_at(&oldest, later).await, Outcome::IdOutOfRange);
    world.assert_exact().await;
}

pub(crate) async fn a_known_id_is_answered_after_its_window<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0));
    let first = world.submit(&said).await;
    let again = world.submit_at(&said, at(200 * DAY)).await;
    assert_eq!(again, Outcome::Replayed { version: version(first), counted: true });
}

pub(crate) async fn the_day_is_the_utc_day_of_the_effective_time<D: Database>() {
    let world = World::<D>::new().await;
    let midnight = Timestamp::from_micros(i64::from(NOW.day().0) * DAY * 1000);
    let before = Timestamp::from_millis(midnight.as_millis() - 1);
    world.submit(&submission(world.budget, id(midnight, 0))).await;
    world.submit(&submission(world.budget, id(before, 0))).await;
    // Said to be of tomorrow, so of today.
    world.submit(&submission(world.budget, id(at(DAY), 0))).await;
    let (_, summary) = world.store.summary(world.budget).await.unwrap().unwrap();
    let days: Vec<_> = summary.cells().filter(|(key, _)| matches!(key, CellKey::Day(_))).collect();
    let people: Vec<_> = days.iter().map(|(key, cell)| (*key, cell.people())).collect();
    assert_eq!(people, [(CellKey::Day(before.day()), 1), (CellKey::Day(NOW.day()), 2)]);
    world.assert_exact().await;
}

pub(crate) async fn a_clock_that_goes_backwards_changes_nothing_that_is_stored<D: Database>() {
    let world = World::<D>::new().await;
    let first = submission(world.budget, id(at(0), 0)).by(1);
    let first_version = version(world.submit(&first).await);
    // An hour back: effective times follow the clock, so the new one is older.
    let second = submission(world.budget, id(at(5), 0)).by(1).points([0, 0, 10_000]);
    let outcome = world.submit_at(&second, at(-3_600_000)).await;
    assert!(matches!(outcome, Outcome::Superseded { version } if version > first_version), "{outcome:?}");
    let history = world.store.history(Participant(1), 10).await.unwrap();
    assert_eq!(history.iter().map(|s| s.effective).collect::<Vec<_>>(), [at(0), at(-3_600_000)]);
    world.assert_exact().await;
}
