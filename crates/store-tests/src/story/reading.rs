//! Look-ups, histories, days.

use crate::{
    Database, sample,
    sample::{Reword, id, submission},
    world::{NOW, World, at},
};
use domain::{Allocation, Category, Day};
use service::port::{Attendance, Lookup, NewSubmission, Participant, Store, StoredSubmission, Version};

const DAY: i64 = 86_400_000;

pub(crate) async fn a_lookup_answers_in_the_order_of_the_question<D: Database>() {
    let world = World::<D>::new().await;
    let said: Vec<_> = (0..4).map(|n| submission(world.budget, id(at(0), n))).collect();
    world.store.commit(&said, at(0)).await.unwrap();
    world.store.delete(said[1].id, at(1)).await.unwrap();
    let unknown = id(at(0), 99);
    let ids = [said[3].id, unknown, said[1].id, said[0].id, said[3].id];
    let found = world.store.lookup(&ids).await.unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|known| match known {
            Some(Lookup::Found(stored)) => stored.id.to_string(),
            Some(Lookup::Deleted) => "deleted".into(),
            None => "unknown".into(),
        })
        .collect();
    let (zero, three) = (said[0].id.to_string(), said[3].id.to_string());
    assert_eq!(found, [&*three, "unknown", "deleted", &*zero, &*three]);
    assert!(world.store.lookup(&[]).await.unwrap().is_empty());
}

pub(crate) async fn a_lookup_finds_everything_that_was_said<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(-7), 0)).by(5).points([1, 2, 9997]).answers([0, 3]);
    world.submit(&said).await;
    let expected = StoredSubmission {
        id: said.id,
        budget: world.budget,
        participant: Some(Participant(5)),
        effective: at(-7),
        version: Version(NOW.as_micros()),
        allocation: said.allocation.clone(),
        segments: [0, 3].into(),
        counted: true,
    };
    assert_eq!(world.store.lookup(&[said.id]).await.unwrap(), [Some(Lookup::Found(Box::new(expected)))]);
}

pub(crate) async fn a_history_is_newest_first_over_all_budgets<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    for (time, budget) in [(3, world.budget), (1, other), (2, world.budget), (5, other), (4, world.budget)] {
        world.submit_at(&submission(budget, id(at(time), 0)).by(1), at(9)).await;
    }
    world.submit_at(&submission(world.budget, id(at(6), 0)).by(2), at(9)).await;
    let history = world.store.history(Participant(1), 100).await.unwrap();
    let history: Vec<_> = history.iter().map(|stored| (stored.id, stored.counted)).collect();
    let expected = [(5, true), (4, true), (3, false), (2, false), (1, false)];
    assert_eq!(history, expected.map(|(time, counted)| (id(at(time), 0), counted)));
}

pub(crate) async fn a_history_is_cut_at_its_limit<D: Database>() {
    let world = World::<D>::new().await;
    for time in [1, 4, 2, 3] {
        world.submit_at(&submission(world.budget, id(at(time), 0)).by(1), at(9)).await;
    }
    let history = world.store.history(Participant(1), 2).await.unwrap();
    assert_eq!(history.iter().map(|stored| stored.id).collect::<Vec<_>>(), [id(at(4), 0), id(at(3), 0)]);
    assert!(world.store.history(Participant(1), 0).await.unwrap().is_empty());
}

pub(crate) async fn a_history_of_a_stranger_is_empty<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0))).await;
    world.submit(&submission(world.budget, id(at(0), 1)).by(1)).await;
    assert!(world.store.history(Participant(0), 10).await.unwrap().is_empty());
}

pub(crate) async fn attendance_counts_all_budgets_and_shows_what_counts_in_one<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    let unused = world.another_budget("village").await;
    for (time, budget) in [(5, world.budget), (1, other), (2, world.budget), (3, other), (4, world.budget)] {
        world.submit_at(&submission(budget, id(at(time), 0)).by(1), at(9)).await;
    }
    world.submit_at(&submission(unused, id(at(6), 0)).by(2), at(9)).await;
    for (budget, counted) in [(world.budget, Some(5)), (other, Some(3)), (unused, None)] {
        let attendance = world.store.attendance(Participant(1), budget).await.unwrap();
        let shown = attendance.counted.map(|stored| (stored.id, stored.budget, stored.counted));
        let expected = counted.map(|time| (id(at(time), 0), budget, true));
        assert_eq!((attendance.submissions, shown), (5, expected));
    }
    let stranger = world.store.attendance(Participant(3), world.budget).await.unwrap();
    assert_eq!(stranger, Attendance::default());
}

pub(crate) async fn submissions_per_day_count_the_superseded_too<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    for (n, days) in [-40, -2, -2, -1, 0, 0, 0].into_iter().enumerate() {
        world.submit(&submission(world.budget, id(at(days * DAY), n as u64)).by(1)).await;
    }
    world.submit(&submission(other, id(at(-DAY), 99))).await;
    let day = |days: i32| Day(NOW.day().0 + days);
    let week = world.store.submissions_per_day(world.budget, 7).await.unwrap();
    assert_eq!(week, [(day(-2), 2), (day(-1), 1), (day(0), 3)]);
    let all = world.store.submissions_per_day(world.budget, 100).await.unwrap();
    assert_eq!(all, [(day(-40), 1), (day(-2), 2), (day(-1), 1), (day(0), 3)]);
}

pub(crate) async fn participants_of_any_64_bits_are_kept<D: Database>() {
    let world = World::<D>::new().await;
    let participants = [0, 1, u64::MAX, i64::MAX as u64, i64::MAX as u64 + 1, 0x8000_0000_0000_0001];
    for (n, participant) in participants.into_iter().enumerate() {
        world.submit(&submission(world.budget, id(at(0), n as u64)).by(participant)).await;
    }
    for (n, participant) in participants.into_iter().enumerate() {
        let history = world.store.history(Participant(participant), 10).await.unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!((history[0].id, history[0].participant), (id(at(0), n as u64), Some(Participant(participant))));
    }
    world.assert_exact().await;
}

pub(crate) async fn forty_categories_are_kept<D: Database>() {
    let world = World::<D>::new().await;
    let mut wide = sample::budget("wide");
    let category = wide.categories[0].clone();
    wide.categories = (0..40).map(|n| Category { slug: format!("c{n}"), ..category.clone() }).collect();
    world.store.import_budget(&wide, at(0)).await.unwrap();
    let budget = world.store.budgets().await.unwrap().pop().unwrap().id;
    let points: Vec<u16> = (0..40).map(|n| if n == 39 { 10_000 - 780 - 39 } else { n + 2 }).collect();
    let sum: u16 = points.iter().sum();
    let points: Vec<u16> = points.iter().map(|&p| if p > 1000 { p + 10_000 - sum } else { p }).collect();
    let said = NewSubmission {
        allocation: Allocation::from_points(&points, 40).unwrap(),
        ..submission(budget, id(at(0), 0)).by(1)
    };
    world.submit(&said).await;
    let total = world.store.total(budget).await.unwrap().unwrap().total;
    assert_eq!(
        total.categories().iter().map(|c| c.sum).collect::<Vec<_>>(),
        points.iter().map(|p| i64::from(*p)).collect::<Vec<_>>()
    );
    world.store.fold(budget, 1).await.unwrap();
    world.assert_exact().await;
}
