//! Whole databases that move, and rows that come from elsewhere.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{NOW, World, assert_exact, at},
};
use domain::{SubmissionId, Timestamp};
use service::{
    moving::copy::{Copied, CopyError, copy},
    port::{
        BudgetId, Clock, ExactSubmission, Intake, LegacyKey, LegacyResult, Lookup, NewSubmission, Outcome, Participant,
        Store, StoredSubmission, Taken, Transfer, Version,
    },
};
use std::sync::Arc;

struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A database with everything, and an empty one.
struct Move<D: Database> {
    from: World<D>,
    source: Arc<dyn Transfer>,
    target: Arc<dyn Transfer>,
    _target_database: D,
    said: Vec<NewSubmission>,
}

impl<D: Database> Move<D> {
    /// What can happen to a database: participants who come back, segments, ids of the future, deletions, a
    /// closed budget, one without submissions, folded and unfolded deltas, addresses from before.
    async fn new() -> Self {
        let from = World::<D>::new().await;
        let town = from.another_budget("town").await;
        from.another_budget("village").await;
        let mut said = Vec::new();
        for n in 0..60 {
            let budget = if n % 3 == 0 { town } else { from.budget };
            let new = submission(budget, id(at(n as i64 % 7 * 10_000_000), n)).points([
                n as u16 * 100,
                10_000 - n as u16 * 100,
                0,
            ]);
            let new = if n % 4 == 0 { new } else { new.by(n % 9) };
            said.push(if n % 5 == 0 { new.answers([1 + (n % 2) as u8, 0]) } else { new });
        }
        for (n, new) in said.iter().enumerate() {
            from.submit_at(new, at(n as i64)).await;
        }
        from.store.fold(town, 100).await.unwrap();
        for deleted in [3, 8, 13] {
            from.store.delete(said[deleted].id, at(100)).await.unwrap();
        }
        from.store.set_closed(town, true, at(200)).await.unwrap();
        let legacy_results = vec![LegacyResult { key: LegacyKey([7; 16]), id: said[0].id }];
        let source: Arc<dyn Transfer> = Arc::new(from.database.open().await);
        source.take_in(Intake { legacy_results, ..Intake::default() }, NOW).await.unwrap();
        let database = D::create().await;
        let target: Arc<dyn Transfer> = Arc::new(database.open().await);
        Self { from, source, target, _target_database: database, said }
    }

    async fn copy(&self) -> Result<Copied, CopyError> {
        // The target's clock is behind: versions grow all the same.
        copy(&self.source, &self.target, &Stopped(at(-5000)), &|_| {}).await
    }

    async fn assert_same(&self) {
        let ids: Vec<SubmissionId> = self.said.iter().map(|said| said.id).collect();
        let (ours, theirs) = (self.target.lookup(&ids).await.unwrap(), self.source.lookup(&ids).await.unwrap());
        assert_eq!(ours, theirs);
        let (ours, theirs) = (self.target.budgets().await.unwrap(), self.source.budgets().await.unwrap());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!((&ours.budget, ours.closed), (&theirs.budget, theirs.closed));
            assert!(ours.head > theirs.head, "{:?} after {:?}", ours.head, theirs.head);
            let (_, our_summary) = self.target.summary(ours.id).await.unwrap().unwrap();
            let (_, their_summary) = self.source.summary(theirs.id).await.unwrap().unwrap();
            assert_eq!(our_summary, their_summary, "{}", ours.budget.slug);
        }
        assert_eq!(ours.len(), theirs.len());
        assert_eq!(self.target.legacy_results(&[LegacyKey([7; 16])]).await.unwrap(), [Some(self.said[0].id)]);
        assert_exact(&*self.target).await;
    }
}

pub(crate) async fn a_copy_is_what_the_source_is_and_answers_replays_to_the_letter<D: Database>() {
    let moving = Move::<D>::new().await;
    let copied = moving.copy().await.unwrap();
    assert!(copied.is_right(), "{copied:?}");
    assert_eq!((copied.budgets, copied.submissions, copied.added, copied.source_went_on), (3, 57, 57, false));
    moving.assert_same().await;
    let before = moving.source.commit(&moving.said, at(1000)).await.unwrap();
    let after = moving.target.commit(&moving.said, at(1000)).await.unwrap();
    assert_eq!(after, before);
    assert!(before.iter().any(|outcome| matches!(outcome, Outcome::Replayed { counted: false, .. })));
    assert_eq!(before.iter().filter(|outcome| **outcome == Outcome::Deleted).count(), 3);
}

pub(crate) async fn copying_again_changes_nothing<D: Database>() {
    let moving = Move::<D>::new().await;
    moving.copy().await.unwrap();
    let heads = moving.target.heads().await.unwrap();
    let copied = moving.copy().await.unwrap();
    assert_eq!((copied.added, copied.recounted, copied.deleted, copied.is_right()), (0, 0, 0, true));
    assert_eq!(moving.target.heads().await.unwrap(), heads);
    moving.assert_same().await;
}

pub(crate) async fn a_second_run_brings_what_is_new_with_deletions_and_who_counts<D: Database>() {
    let mut moving = Move::<D>::new().await;
    moving.copy().await.unwrap();
    let city = moving.from.budget;
    // Newer by its time but first in the order of ids, and the other way round.
    for (n, participant) in [(100, 1), (101, 2)] {
        let new = submission(city, id(at(n - 1_000_000_000), n as u64)).by(participant);
        moving.from.submit_at(&new, at(2000)).await;
        moving.said.push(new);
        let new = submission(city, id(at(n + 70_000_000), n as u64)).by(participant);
        moving.from.submit_at(&new, at(2001)).await;
        moving.said.push(new);
    }
    for deleted in [1, 2, 14, 20] {
        moving.source.delete(moving.said[deleted].id, at(2002)).await.unwrap();
    }
    moving.from.another_budget("hamlet").await;
    let copied = moving.copy().await.unwrap();
    assert!(copied.is_right(), "{copied:?}");
    assert_eq!((copied.added, copied.deleted), (4, 4));
    assert!(copied.recounted > 0);
    moving.assert_same().await;
}

pub(crate) async fn whatever_happens_at_the_source_a_copy_follows<D: Database>() {
    let mut moving = Move::<D>::new().await;
    let city = moving.from.budget;
    let mut seed = 11_u64;
    let mut random = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    for round in 0..12 {
        let batch: Vec<_> = (0..random(8))
            .map(|n| {
                let time = at(random(2_000_000_000) as i64 - 1_930_000_000);
                submission(city, id(time, 1000 + round * 10 + n)).by(random(5))
            })
            .collect();
        moving.source.commit(&batch, at(3000 + round as i64)).await.unwrap();
        moving.said.extend(batch);
        for _ in 0..random(4) {
            let deleted = moving.said[random(moving.said.len() as u64) as usize].id;
            moving.source.delete(deleted, at(3000)).await.unwrap();
        }
        assert!(moving.copy().await.unwrap().is_right());
        moving.assert_same().await;
    }
}

pub(crate) async fn nobody_else_becomes_a_target<D: Database>() {
    let moving = Move::<D>::new().await;
    let refused = copy(&moving.source, &moving.source, &Stopped(NOW), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::SameDatabase)), "{refused:?}");
    let other = World::<D>::new().await;
    let full: Arc<dyn Transfer> = Arc::new(other.database.open().await);
    let refused = copy(&moving.source, &full, &Stopped(NOW), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::NotEmpty)), "{refused:?}");
    moving.copy().await.unwrap();
    let refused = copy(&full, &moving.target, &Stopped(NOW), &|_| {}).await;
    assert!(matches!(refused, Err(CopyError::OtherSource)), "{refused:?}");
    moving.assert_same().await;
}

pub(crate) async fn a_target_that_is_in_use_is_left_alone<D: Database>() {
    let moving = Move::<D>::new().await;
    moving.copy().await.unwrap();
    let city = moving.target.budgets().await.unwrap()[0].id;
    let own = submission(city, id(at(500), 777)).by(1);
    moving.target.commit(std::slice::from_ref(&own), at(500)).await.unwrap();
    moving.from.submit_at(&submission(moving.from.budget, id(at(600), 778)).by(1), at(600)).await;
    let refused = moving.copy().await;
    assert!(matches!(&refused, Err(CopyError::InUse(slug)) if slug == "city"), "{refused:?}");
    let known = moving.target.lookup(&[own.id, id(at(600), 778)]).await.unwrap();
    assert!(matches!(&known[..], [Some(Lookup::Found(row)), None] if row.counted), "{known:?}");
    assert_exact(&*moving.target).await;
}

fn row(budget: BudgetId, id: SubmissionId) -> ExactSubmission {
    let new = submission(budget, id);
    let stored = StoredSubmission {
        id,
        budget,
        participant: None,
        effective: id.time(),
        version: Version::default(),
        allocation: new.allocation,
        segments: new.segments,
        counted: true,
    };
    ExactSubmission { stored, first_counted: true }
}

pub(crate) async fn rows_from_elsewhere_count_beside_those_of_the_budget<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0)).by(1)).await;
    // Years before any id that a client may bring.
    let old = at(-86_400_000 * 2000);
    let submissions: Vec<_> = (0..10).map(|n| row(world.budget, id(old, n))).collect();
    let legacy_results: Vec<_> =
        (0..10).map(|n| LegacyResult { key: LegacyKey([n; 16]), id: id(old, n.into()) }).collect();
    let intake = Intake { submissions, legacy_results, ..Intake::default() };
    assert_eq!(world.store.take_in(intake, at(5)).await.unwrap(), Taken::Done { deleted: 0 });
    assert_eq!(world.people().await, 11);
    let head = world.store.heads().await.unwrap()[0].version;
    let found = world.store.lookup(&[id(old, 3)]).await.unwrap();
    assert!(matches!(&found[..], [Some(Lookup::Found(row))] if row.version == head), "{found:?}");
    let keys = [3, 11, 4].map(|n| LegacyKey([n; 16]));
    let known = world.store.legacy_results(&keys).await.unwrap();
    assert_eq!(known, [Some(id(old, 3)), None, Some(id(old, 4))]);
    world.assert_exact().await;
}

pub(crate) async fn an_intake_brings_no_deleted_id_back_and_happens_whole_or_not<D: Database>() {
    let world = World::<D>::new().await;
    world.submit(&submission(world.budget, id(at(0), 0)).by(1)).await;
    world.store.delete(id(at(0), 0), at(1)).await.unwrap();
    let submissions = vec![row(world.budget, id(at(-5), 1)), row(world.budget, id(at(0), 0))];
    let legacy_results = vec![LegacyResult { key: LegacyKey([1; 16]), id: id(at(-5), 1) }];
    assert!(world.store.take_in(Intake { submissions, legacy_results, ..Intake::default() }, at(5)).await.is_err());
    assert_eq!(world.people().await, 0);
    assert_eq!(world.store.lookup(&[id(at(-5), 1)]).await.unwrap(), [None]);
    assert_eq!(world.store.legacy_results(&[LegacyKey([1; 16])]).await.unwrap(), [None]);
    assert!(world.store.history(Participant(1), 5).await.unwrap().is_empty());
    world.assert_exact().await;
}

pub(crate) async fn a_database_that_was_set_back_is_another_instance_with_newer_versions<D: Database>() {
    let world = World::<D>::new().await;
    world.another_budget("town").await;
    world.submit(&submission(world.budget, id(at(0), 0)).by(1)).await;
    let (instance, heads) = (world.store.instance().await.unwrap(), world.store.heads().await.unwrap());
    let renewed = world.store.renew_instance(at(5000)).await.unwrap();
    assert!(renewed != instance && renewed.len() == 32, "{renewed} after {instance}");
    assert_eq!(world.store.instance().await.unwrap(), renewed);
    for (before, after) in heads.iter().zip(world.store.heads().await.unwrap()) {
        assert!(after.version > before.version && after.version.0 >= at(5000).as_micros(), "{after:?} {before:?}");
    }
    // A clock that is behind makes versions grow all the same.
    let heads = world.store.heads().await.unwrap();
    world.store.renew_instance(at(-5000)).await.unwrap();
    assert!(heads.iter().zip(world.store.heads().await.unwrap()).all(|(before, after)| after.version > before.version));
    world.assert_exact().await;
}
