//! Two handles at the same time.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, assert_exact, at, version},
};
use domain::SubmissionId;
use service::port::{BudgetId, CommitError, NewSubmission, Outcome, Store, StoreError, Version};
use std::{collections::HashMap, sync::Arc};

/// Commits as the writer does: what was not taken because another process was busy is repeated.
async fn commit(store: &impl Store, batch: &[NewSubmission], now: i64) -> Vec<Outcome> {
    for _ in 0..20 {
        match store.commit(batch, at(now)).await {
            Ok(outcomes) => return outcomes,
            Err(CommitError::NotCommitted(StoreError::Unavailable(_))) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the database was not available twenty times")
}

/// Every task sends the same ids, a participant has many of them, and what a task sends is in its own order.
fn overlapping(budget: BudgetId, task: u64, round: u64) -> Vec<NewSubmission> {
    (0..25)
        .map(|n| {
            let n = (n * 7 + task * 13 + round * 31) % 200;
            let points = [(n % 100) as u16 * 100, 10_000 - (n % 100) as u16 * 100, 0];
            submission(budget, id(at(n as i64 % 17), n)).by(n % 11).points(points).answers([1 + (n % 2) as u8, 0])
        })
        .collect()
}

pub(crate) async fn overlapping_batches<D: Database>() {
    let world = World::<D>::new().await;
    let budget = world.budget;
    let handles = [Arc::new(world.database.open().await), Arc::new(world.database.open().await)];
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let store = Arc::clone(&handles[task as usize % 2]);
            tokio::spawn(async move {
                let mut answers = Vec::new();
                for round in 0..12 {
                    let batch = overlapping(budget, task, round);
                    let outcomes = commit(&*store, &batch, 100 + round as i64).await;
                    answers.extend(batch.into_iter().map(|said| said.id).zip(outcomes));
                    match (task, round % 4) {
                        (0, 3) => drop(store.fold(budget, 10).await),
                        (1, 2) => drop(store.delete(id(at(round as i64), round), at(100)).await),
                        _ => {}
                    }
                }
                answers
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.extend(task.await.expect("the task ends well"));
    }
    assert_consistent(&answers);
    assert_exact(&*handles[0]).await;
    assert_exact(&*handles[1]).await;
}

/// Each id was new exactly once, and every replay tells what that first answer told.
fn assert_consistent(answers: &[(SubmissionId, Outcome)]) {
    let mut first: HashMap<SubmissionId, (Version, bool)> = HashMap::new();
    for (id, outcome) in answers {
        let new = match outcome {
            Outcome::Counted { version } => (*version, true),
            Outcome::Superseded { version } => (*version, false),
            Outcome::Replayed { .. } | Outcome::Deleted => continue,
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!(first.insert(*id, new), None, "{id} was new twice");
    }
    for (id, outcome) in answers {
        if let Outcome::Replayed { version, counted } = outcome {
            assert_eq!(first.get(id), Some(&(*version, *counted)), "{id}");
        }
    }
}

pub(crate) async fn same_submission<D: Database>() {
    let world = World::<D>::new().await;
    let other = world.database.open().await;
    for n in 0..40 {
        let said = [submission(world.budget, id(at(0), n)).by(1).points([n as u16, 10_000 - n as u16, 0])];
        let (one, two) = tokio::join!(commit(&world.store, &said, n as i64), commit(&other, &said, n as i64));
        let expected = version(one[0]);
        assert_eq!(version(two[0]), expected);
        let new = [one[0], two[0]].iter().filter(|outcome| matches!(outcome, Outcome::Counted { .. })).count();
        assert_eq!(new, 1, "{one:?} {two:?}");
    }
    assert_eq!(world.people().await, 1);
    assert_eq!(world.sums().await, [39, 9961, 0]);
    world.assert_exact().await;
}

/// Everybody folds at once, some deltas more often than others.
pub(crate) async fn folds<D: Database>() {
    let world = World::<D>::new().await;
    let budget = world.budget;
    let handles = [Arc::new(world.database.open().await), Arc::new(world.database.open().await)];
    let folding: Vec<_> = [3, 100, 5, 100]
        .into_iter()
        .enumerate()
        .map(|(task, limit)| {
            let store = Arc::clone(&handles[task % 2]);
            tokio::spawn(async move {
                while store.total(budget).await.expect("a total").expect("a budget").total.people() < 240 {
                    match store.fold(budget, limit).await {
                        Ok(folded) => assert!(folded <= u64::from(limit)),
                        Err(StoreError::Unavailable(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    for n in 0..240 {
        let said = submission(budget, id(at(0), n)).by(n).answers([1 + (n % 2) as u8, 0]);
        commit(&world.store, &[said], n as i64).await;
        if n % 20 == 19 {
            let audit = world.store.audit(budget, &|_| {}).await.unwrap().unwrap();
            assert_eq!(audit.summary, audit.raw, "after {} submissions", n + 1);
        }
    }
    for task in folding {
        task.await.expect("the task ends well");
    }
    assert_eq!(world.people().await, 240);
    world.assert_exact().await;
}

/// Batches of ten each: whoever reads sees a multiple of ten, and never an older version than before.
pub(crate) async fn whole_batches<D: Database>() {
    let world = World::<D>::new().await;
    let budget = world.budget;
    let writing = world.database.open().await;
    let writer = tokio::spawn(async move {
        for batch in 0..60 {
            let said: Vec<_> = (0..10).map(|n| submission(budget, id(at(0), batch * 10 + n))).collect();
            commit(&writing, &said, batch as i64).await;
            if batch % 5 == 4 {
                writing.fold(budget, 3).await.expect("folding works");
            }
        }
    });
    let mut seen = Version::default();
    while seen == Version::default() || !writer.is_finished() {
        let total = world.store.total(budget).await.unwrap().unwrap();
        assert_eq!(total.total.people() % 10, 0);
        assert!(total.version >= seen, "{:?} after {seen:?}", total.version);
        seen = total.version;
        let raw = world.store.raw_total(budget).await.unwrap().unwrap();
        assert_eq!(raw.total.people() % 10, 0);
        assert!(raw.version >= seen);
        let audit = world.store.audit(budget, &|_| {}).await.unwrap().unwrap();
        assert_eq!(audit.summary, audit.raw);
        seen = audit.version;
    }
    writer.await.expect("the writer ends well");
    assert_eq!(world.people().await, 600);
    world.assert_exact().await;
}
