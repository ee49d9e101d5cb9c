//! Importing and reading budgets, and what is empty or unknown.

use crate::{
    Database,
    sample::{budget, id, submission},
    world::{World, at},
};
use domain::{Allocation, Budget, Category, SubmissionId};
use service::port::{BudgetId, CommitError, ImportOutcome, NewSubmission, Store, Version};

fn with_another_category() -> Budget {
    let mut budget = budget("city");
    budget.categories.push(Category { slug: "libraries".into(), ..budget.categories[0].clone() });
    budget
}

pub(crate) async fn an_import_is_created_then_unchanged_then_updated<D: Database>() {
    let world = World::<D>::new().await;
    assert_eq!(world.store.import_budget(&budget("new"), at(0)).await.unwrap(), ImportOutcome::Created);
    let created = world.store.heads().await.unwrap();
    assert_eq!(world.store.import_budget(&budget("new"), at(1)).await.unwrap(), ImportOutcome::Unchanged);
    assert_eq!(world.store.heads().await.unwrap(), created);
    let mut texts = budget("new");
    texts.title = "Another title".into();
    texts.categories[0].color = "#ffffff".into();
    assert_eq!(world.store.import_budget(&texts, at(2)).await.unwrap(), ImportOutcome::Updated);
    let record = world.store.budgets().await.unwrap().pop().unwrap();
    assert_eq!(record.budget, texts);
    assert!(created.iter().all(|head| head.budget != record.id || record.head > head.version));
}

pub(crate) async fn categories_and_segments_are_frozen_by_the_first_submission<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0))).await;
    let heads = world.store.heads().await.unwrap();
    let mut fewer = budget("city");
    fewer.categories.pop();
    let mut renamed = budget("city");
    renamed.categories[0].slug = "kindergartens".into();
    let mut moved = budget("city");
    moved.categories.swap(0, 1);
    let mut other_answers = budget("city");
    other_answers.segments[0].values.swap(0, 1);
    for frozen in [with_another_category(), fewer, renamed, moved, other_answers] {
        assert_eq!(world.store.import_budget(&frozen, at(1)).await.unwrap(), ImportOutcome::Frozen);
    }
    assert_eq!(world.store.heads().await.unwrap(), heads);
    assert_eq!(world.store.budgets().await.unwrap()[0].budget, budget("city"));
    // Texts may still change.
    let mut texts = budget("city");
    texts.categories[0].name = "All schools".into();
    assert_eq!(world.store.import_budget(&texts, at(2)).await.unwrap(), ImportOutcome::Updated);
}

pub(crate) async fn without_submissions_the_categories_may_change<D: Database>() {
    let world = World::<D>::new().await;
    let first = submission(world.budget, id(at(0), 0));
    world.submit(&first).await;
    world.store.fold(world.budget, 100).await.unwrap();
    world.store.delete(first.id, at(1)).await.unwrap();
    // Nothing of the old categories may be left in the totals, folded or not.
    assert_eq!(world.store.import_budget(&with_another_category(), at(2)).await.unwrap(), ImportOutcome::Updated);
    let allocation = Allocation::from_points(&[1000, 2000, 3000, 4000], 4).unwrap();
    let wider = NewSubmission { allocation, ..submission(world.budget, id(at(3), 0)) };
    world.submit_at(&wider, at(3)).await;
    assert_eq!(world.sums().await, [1000, 2000, 3000, 4000]);
    world.store.fold(world.budget, 100).await.unwrap();
    assert_eq!(world.sums().await, [1000, 2000, 3000, 4000]);
    world.assert_exact().await;
}

pub(crate) async fn points_that_do_not_fit_the_categories_are_rejected_with_their_batch<D: Database>() {
    // A process that knows only the definition from before has validated them.
    let world = World::<D>::new().await;
    let heads = world.store.heads().await.unwrap();
    let narrow = NewSubmission {
        allocation: Allocation::from_points(&[4000, 6000], 2).unwrap(),
        ..submission(world.budget, id(at(0), 1))
    };
    let batch = [submission(world.budget, id(at(0), 0)), narrow];
    let refused = world.store.commit(&batch, at(0)).await;
    assert!(matches!(refused, Err(CommitError::Rejected(_))), "{refused:?}");
    assert_eq!(world.store.lookup(&[batch[0].id, batch[1].id]).await.unwrap(), [None, None]);
    assert_eq!(world.store.heads().await.unwrap(), heads);
}

pub(crate) async fn budgets_come_in_the_order_in_which_they_were_made<D: Database>() {
    let world = World::<D>::new().await;
    for slug in ["zoo", "arena", "mill"] {
        world.another_budget(slug).await;
    }
    world.store.import_budget(&Budget { title: "Zoo!".into(), ..budget("zoo") }, at(0)).await.unwrap();
    let slugs: Vec<_> = world.store.budgets().await.unwrap().into_iter().map(|record| record.budget.slug).collect();
    assert_eq!(slugs, ["city", "zoo", "arena", "mill"]);
}

pub(crate) async fn an_empty_aggregate_counts_nobody<D: Database>() {
    let world = World::<D>::new().await;
    let total = world.store.total(world.budget).await.unwrap().unwrap();
    assert_eq!((total.total.people(), total.total.categories().len()), (0, 3));
    assert_eq!(world.store.raw_total(world.budget).await.unwrap().unwrap(), total);
    let (_, summary) = world.store.summary(world.budget).await.unwrap().unwrap();
    assert!(summary.is_empty());
    assert_eq!(world.store.fold(world.budget, 100).await.unwrap(), 0);
    assert_eq!(world.store.unfolded().await.unwrap(), 0);
    assert!(world.store.submissions_per_day(world.budget, 30).await.unwrap().is_empty());
    world.assert_exact().await;
}

pub(crate) async fn what_is_unknown_is_none<D: Database>() {
    let world = World::<D>::new().await;
    let unknown = BudgetId(4711);
    assert_eq!(world.store.total(unknown).await.unwrap(), None);
    assert_eq!(world.store.raw_total(unknown).await.unwrap(), None);
    assert_eq!(world.store.summary(unknown).await.unwrap(), None);
    assert_eq!(world.store.audit(unknown, &|_| {}).await.unwrap(), None);
    assert_eq!(world.store.fold(unknown, 1).await.unwrap(), 0);
    assert!(world.store.correct(unknown, &domain::summary::Summary::default(), Version(0), at(0)).await.is_err());
    let ids: [SubmissionId; 2] = [id(at(0), 0), id(at(0), 1)];
    assert_eq!(world.store.lookup(&ids).await.unwrap(), [None, None]);
}

pub(crate) async fn the_instance_stays_the_same_for_every_handle<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.database.open().await;
    let instance = world.store.instance().await.unwrap();
    assert!(instance.len() >= 16 && instance.chars().all(|c| c.is_ascii_hexdigit()), "{instance}");
    assert_eq!(other.instance().await.unwrap(), instance);
    let elsewhere = World::<D>::new().await;
    assert_ne!(elsewhere.store.instance().await.unwrap(), instance);
    world.store.ping().await.unwrap();
    assert!(world.store.bytes_on_disk().await.unwrap() > 0);
}

pub(crate) async fn migrating_again_does_nothing<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0))).await;
    let other = world.database.open().await;
    let (one, two) = tokio::join!(world.store.migrate(), other.migrate());
    one.unwrap();
    two.unwrap();
    assert_eq!(world.people().await, 1);
}
