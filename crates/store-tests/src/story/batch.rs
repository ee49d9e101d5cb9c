//! A batch means the same as its submissions one after the other, at one version.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use domain::Allocation;
use service::port::{BudgetId, CommitError, NewSubmission, Outcome, Store};

pub(crate) async fn an_empty_batch_does_nothing<D: Database>() {
    let world = World::<D>::new().await;
    let heads = world.store.heads().await.unwrap();
    assert!(world.store.commit(&[], at(0)).await.unwrap().is_empty());
    assert_eq!(world.store.heads().await.unwrap(), heads);
}

pub(crate) async fn outcomes_come_in_the_order_of_the_batch<D: Database>() {
    let world = World::<D>::new().await;
    let known = submission(world.budget, id(at(0), 5));
    let first = world.submit(&known).await;
    let batch = [
        submission(world.budget, id(at(0), 9)),
        known.clone().points([0, 0, 10_000]),
        submission(BudgetId(4711), id(at(0), 7)),
        known,
        submission(world.budget, id(at(-9_000_000_000), 1)),
        submission(world.budget, id(at(0), 1)),
    ];
    let outcomes = world.store.commit(&batch, at(1)).await.unwrap();
    let new = version(outcomes[0]);
    let expected = [
        Outcome::Counted { version: new },
        Outcome::Conflict,
        Outcome::UnknownBudget,
        Outcome::Replayed { version: version(first), counted: true },
        Outcome::IdOutOfRange,
        Outcome::Counted { version: new },
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(world.people().await, 3);
    world.assert_exact().await;
}

pub(crate) async fn the_newest_of_a_participant_within_a_batch_counts<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(-5), 0)).by(1)).await;
    let batch: Vec<_> = (0..3)
        .map(|n| submission(world.budget, id(at(n), 0)).by(1).points([1000 * n as u16, 10_000 - 1000 * n as u16, 0]))
        .collect();
    let outcomes = world.store.commit(&batch, at(9)).await.unwrap();
    let at_version = version(outcomes[0]);
    let superseded = Outcome::Superseded { version: at_version };
    assert_eq!(outcomes, [superseded, superseded, Outcome::Counted { version: at_version }]);
    assert_eq!(world.sums().await, [2000, 8000, 0]);
    world.assert_exact().await;
}

pub(crate) async fn a_batch_may_hold_the_older_after_the_newer<D: Database>() {
    let world = World::<D>::new().await;
    let newer = submission(world.budget, id(at(1), 0)).by(1);
    let older = submission(world.budget, id(at(0), 0)).by(1).points([0, 0, 10_000]);
    let outcomes = world.store.commit(&[newer, older], at(9)).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Counted { .. }, Outcome::Superseded { .. }]), "{outcomes:?}");
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn an_id_twice_in_a_batch_counts_once<D: Database>() {
    let world = World::<D>::new().await;
    let said = submission(world.budget, id(at(0), 0)).by(1).answers([2, 0]);
    let outcomes = world.store.commit(&[said.clone(), said.clone(), said], at(1)).await.unwrap();
    let version = version(outcomes[0]);
    let again = Outcome::Replayed { version, counted: true };
    assert_eq!(outcomes, [Outcome::Counted { version }, again, again]);
    assert_eq!(world.people().await, 1);
    world.assert_exact().await;
}

pub(crate) async fn an_id_twice_with_other_content_conflicts<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    let said = submission(world.budget, id(at(0), 0)).by(1);
    let elsewhere = NewSubmission { budget: other, ..said.clone() };
    let batch = [said.clone(), said.clone().points([0, 0, 10_000]), said.clone().answers([1, 1]), elsewhere, said];
    let outcomes = world.store.commit(&batch, at(1)).await.unwrap();
    let version = version(outcomes[0]);
    let conflict = Outcome::Conflict;
    let again = Outcome::Replayed { version, counted: true };
    assert_eq!(outcomes, [Outcome::Counted { version }, conflict, conflict, conflict, again]);
    assert_eq!(world.sums().await, [5000, 3000, 2000]);
    world.assert_exact().await;
}

pub(crate) async fn an_id_of_another_budget_conflicts_also_at_the_same_version<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    let said = submission(world.budget, id(at(0), 0));
    let first = world.store.commit(std::slice::from_ref(&said), at(1)).await.unwrap();
    let batch = [NewSubmission { budget: other, ..said }, submission(other, id(at(0), 1))];
    let outcomes = world.store.commit(&batch, at(1)).await.unwrap();
    assert_eq!(version(outcomes[1]), version(first[0]), "or this shows nothing");
    assert_eq!(outcomes[0], Outcome::Conflict);
    assert_eq!(world.store.total(other).await.unwrap().unwrap().total.people(), 1);
    world.assert_exact().await;
}

pub(crate) async fn a_repeat_hears_what_its_first_answer_says<D: Database>() {
    let world = World::<D>::new().await;
    let older = submission(world.budget, id(at(0), 0)).by(1);
    let newer = submission(world.budget, id(at(1), 0)).by(1);
    let outcomes = world.store.commit(&[older.clone(), older.clone(), newer, older], at(9)).await.unwrap();
    let version = version(outcomes[0]);
    let again = Outcome::Replayed { version, counted: false };
    assert_eq!(outcomes, [Outcome::Superseded { version }, again, Outcome::Counted { version }, again]);
    world.assert_exact().await;
}

pub(crate) async fn one_batch_may_serve_several_budgets<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.another_budget("country").await;
    let batch: Vec<_> =
        (0..6).map(|n| submission(if n % 2 == 0 { world.budget } else { other }, id(at(0), n)).by(n / 4)).collect();
    world.store.commit(&batch, at(1)).await.unwrap();
    // 0 to 3 are of participant 0, 4 and 5 of participant 1.
    assert_eq!(world.people().await, 2);
    assert_eq!(world.store.total(other).await.unwrap().unwrap().total.people(), 2);
    world.assert_exact().await;
}

pub(crate) async fn a_refused_first_does_not_hide_a_valid_second<D: Database>() {
    let world = World::<D>::new().await;
    let valid = submission(world.budget, id(at(0), 0));
    let nowhere = NewSubmission { budget: BudgetId(4711), ..valid.clone() };
    let outcomes = world.store.commit(&[nowhere.clone(), valid, nowhere], at(1)).await.unwrap();
    assert!(
        matches!(outcomes[..], [Outcome::UnknownBudget, Outcome::Counted { .. }, Outcome::Conflict]),
        "{outcomes:?}"
    );
    assert_eq!(world.people().await, 1);
}

pub(crate) async fn a_big_batch_is_one_version<D: Database>() {
    let world = World::<D>::new().await;
    let batch: Vec<_> =
        (0..3000).map(|n| submission(world.budget, id(at(0), n)).by(n % 1000).answers([1, 2])).collect();
    let outcomes = world.store.commit(&batch, at(1)).await.unwrap();
    let version = version(outcomes[0]);
    assert!(outcomes[..2000].iter().all(|outcome| *outcome == Outcome::Superseded { version }));
    assert!(outcomes[2000..].iter().all(|outcome| *outcome == Outcome::Counted { version }));
    assert_eq!(world.people().await, 1000);
    assert_eq!(world.store.heads().await.unwrap()[0].version, version);
    world.assert_exact().await;
}

/// Its definition may have been replaced since the submission was validated.
pub(crate) async fn points_that_do_not_fit_the_budget_are_rejected_with_their_batch<D: Database>() {
    let world = World::<D>::new().await;
    let heads = world.store.heads().await.unwrap();
    let fits = submission(world.budget, id(at(0), 0));
    let two = Allocation::from_points(&[4000, 6000], 2).unwrap();
    let does_not = NewSubmission { allocation: two, ..submission(world.budget, id(at(0), 1)) };
    let refused = world.store.commit(&[fits.clone(), does_not], at(1)).await;
    assert!(matches!(refused, Err(CommitError::Rejected(_))), "{refused:?}");
    assert_eq!(world.store.lookup(&[fits.id]).await.unwrap(), [None]);
    assert_eq!(world.store.heads().await.unwrap(), heads);
    world.submit(&fits).await;
    assert_eq!(world.people().await, 1);
    world.assert_exact().await;
}
