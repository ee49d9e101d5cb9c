//! Old submissions go, and nothing that is counted changes.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{NOW, World, assert_exact, at},
};
use domain::{Month, SubmissionId, Timestamp};
use service::{
    moving::copy::{Copied, copy},
    port::{
        Archivable, ArchivedPart, BudgetId, BulkSubmission, Clock, Correction, Deletion, ExactSubmission,
        ImportOutcome, Intake, Lookup, NewSubmission, Outcome, Participant, Store, StoreError, StoredSubmission,
        Transfer,
    },
};
use std::sync::Arc;

const DAY: i64 = 86_400_000;

/// Everything before July is archived in November.
fn july() -> Month {
    "2026-07".parse().unwrap()
}

/// In May and June, when it was submitted.
fn then(days: i64) -> Timestamp {
    at(-(200 - days) * DAY)
}

/// Takes everything away, three rows at a time.
async fn archive<S: Store + ?Sized>(store: &S, budget: BudgetId) -> (u64, u64) {
    let (mut after, mut counted, mut superseded) = (None, 0, 0);
    loop {
        let step = store.archive(budget, july(), after, 3).await.unwrap();
        (counted, superseded) = (counted + step.counted, superseded + step.superseded);
        assert!(step.last.is_none() || step.last > after);
        after = step.last;
        if after.is_none() {
            return (counted, superseded);
        }
    }
}

struct Old<D: Database> {
    world: World<D>,
    anonymous: Vec<NewSubmission>,
    superseded: NewSubmission,
    kept: NewSubmission,
}

impl<D: Database> Old<D> {
    /// Seven anonymous ones of May and June, a participant with two of them, and one of November.
    async fn new() -> Self {
        let world = World::<D>::new().await;
        let anonymous: Vec<_> = (0..7)
            .map(|n| {
                let new = submission(world.budget, id(then(n * 5), n as u64)).points([
                    100 * n as u16,
                    0,
                    10_000 - 100 * n as u16,
                ]);
                if n % 2 == 0 { new.answers([1 + n as u8 % 2, n as u8 % 4]) } else { new }
            })
            .collect();
        let superseded = submission(world.budget, id(then(11), 50)).by(1).points([1, 2, 9997]);
        let kept = submission(world.budget, id(then(12), 51)).by(1).answers([2, 0]);
        for new in anonymous.iter().chain([&superseded, &kept]) {
            assert!(matches!(world.submit_at(new, new.id.time()).await, Outcome::Counted { .. }));
        }
        world.submit(&submission(world.budget, id(NOW, 60)).points([0, 10_000, 0])).await;
        Self { world, anonymous, superseded, kept }
    }

    async fn archived() -> Self {
        let old = Self::new().await;
        assert_eq!(archive(&old.world.store, old.world.budget).await, (7, 1));
        old
    }

    async fn known(&self, id: SubmissionId) -> Option<Lookup> {
        self.world.store.lookup(&[id]).await.unwrap().remove(0)
    }
}

pub(crate) async fn archiving_changes_no_aggregate_and_no_version<D: Database>() {
    let Old { world, .. } = Old::<D>::new().await;
    let before = world.store.summary(world.budget).await.unwrap().unwrap();
    let total = world.store.total(world.budget).await.unwrap();
    world.store.fold(world.budget, 4).await.unwrap();
    let found = world.store.archivable(world.budget, july()).await.unwrap();
    assert_eq!(found, Archivable { counted: 7, superseded: 1, kept: 1 });
    for step in 0..4 {
        let after = (step > 0).then(|| id(then(step * 5), u64::MAX));
        world.store.archive(world.budget, july(), after, 2).await.unwrap();
        assert_eq!(world.store.summary(world.budget).await.unwrap().unwrap(), before);
        world.assert_exact().await;
    }
    archive(&world.store, world.budget).await;
    assert_eq!(
        world.store.archivable(world.budget, july()).await.unwrap(),
        Archivable { kept: 1, ..Archivable::default() }
    );
    assert_eq!(world.store.summary(world.budget).await.unwrap().unwrap(), before);
    assert_eq!(world.store.total(world.budget).await.unwrap(), total);
    assert_eq!(world.store.raw_total(world.budget).await.unwrap(), total);
    world.store.fold(world.budget, 100).await.unwrap();
    world.assert_exact().await;
}

pub(crate) async fn archiving_twice_does_nothing_more<D: Database>() {
    let Old { world, .. } = Old::<D>::archived().await;
    let other = world.database.open().await;
    assert_eq!(archive(&other, world.budget).await, (0, 0));
    assert_eq!(world.people().await, 9);
    world.assert_exact().await;
}

pub(crate) async fn a_step_that_is_repeated_counts_nothing_twice<D: Database>() {
    let Old { world, .. } = Old::<D>::new().await;
    let first = world.store.archive(world.budget, july(), None, 4).await.unwrap();
    assert_eq!((first.counted, first.superseded), (3, 1));
    let again = world.store.archive(world.budget, july(), None, 4).await.unwrap();
    assert_eq!((again.counted, again.superseded), (3, 0));
    assert_eq!(world.people().await, 9);
    world.assert_exact().await;
}

pub(crate) async fn only_the_months_before_go<D: Database>() {
    let world = World::<D>::new().await;
    let start = july().start().as_millis();
    let (last, first) = (id(Timestamp::from_millis(start - 1), 1), id(Timestamp::from_millis(start), 0));
    for id in [last, first] {
        world.submit_at(&submission(world.budget, id), Timestamp::from_millis(start + 5)).await;
    }
    assert_eq!(archive(&world.store, world.budget).await, (1, 0));
    let known = world.store.lookup(&[last, first]).await.unwrap();
    assert!(matches!(&known[..], [None, Some(Lookup::Found(_))]), "{known:?}");
    world.assert_exact().await;
}

pub(crate) async fn another_budget_keeps_what_it_has<D: Database>() {
    let old = Old::<D>::new().await;
    let other = old.world.another_budget("country").await;
    let there = submission(other, id(then(3), 99));
    old.world.submit_at(&there, then(3)).await;
    archive(&old.world.store, old.world.budget).await;
    assert!(matches!(old.known(there.id).await, Some(Lookup::Found(_))));
    old.world.assert_exact().await;
}

pub(crate) async fn a_replay_of_an_archived_id_is_refused_and_counts_nothing<D: Database>() {
    let old = Old::<D>::archived().await;
    for gone in old.anonymous.iter().chain([&old.superseded]) {
        assert_eq!(old.world.submit(gone).await, Outcome::IdOutOfRange);
        assert_eq!(old.known(gone.id).await, None);
        assert_eq!(old.world.store.delete(gone.id, at(5)).await.unwrap(), Deletion::Unknown);
    }
    assert!(matches!(old.world.submit(&old.kept).await, Outcome::Replayed { counted: true, .. }));
    assert_eq!(old.world.people().await, 9);
    old.world.assert_exact().await;
}

pub(crate) async fn a_commit_into_an_archived_month_is_refused_whatever_the_clock_says<D: Database>() {
    let old = Old::<D>::archived().await;
    let new = submission(old.world.budget, id(then(4), 80)).by(3);
    // The clock of a process that is months behind.
    for late in old.anonymous.iter().chain([&old.superseded, &new]) {
        assert_eq!(old.world.submit_at(late, late.id.time()).await, Outcome::IdOutOfRange);
    }
    assert!(matches!(old.world.submit_at(&old.kept, old.kept.id.time()).await, Outcome::Replayed { .. }));
    let first = submission(old.world.budget, id(july().start(), 0));
    assert!(matches!(old.world.submit_at(&first, july().start()).await, Outcome::Counted { .. }));
    // Another budget's months are its own.
    let other = submission(old.world.another_budget("country").await, id(then(4), 81));
    assert!(matches!(old.world.submit_at(&other, then(4)).await, Outcome::Counted { .. }));
    assert_eq!(old.world.people().await, 10);
    old.world.assert_exact().await;
}

pub(crate) async fn a_newer_submission_takes_the_place_of_a_kept_one<D: Database>() {
    let Old { world, kept, .. } = Old::<D>::archived().await;
    let history = world.store.history(Participant(1), 9).await.unwrap();
    assert_eq!(history.iter().map(|row| row.id).collect::<Vec<_>>(), [kept.id], "what was superseded is forgotten");
    let before = world.sums().await;
    let newer = submission(world.budget, id(at(9), 70)).by(1).points([10_000, 0, 0]);
    assert!(matches!(world.submit_at(&newer, at(9)).await, Outcome::Counted { .. }));
    assert_eq!(world.people().await, 9);
    assert_eq!(world.sums().await, [before[0] - 5000 + 10_000, before[1] - 3000, before[2] - 2000]);
    world.assert_exact().await;
    // Now it is superseded, and goes next time.
    assert_eq!(archive(&world.store, world.budget).await, (0, 1));
    world.assert_exact().await;
    world.store.delete(newer.id, at(10)).await.unwrap();
    assert_eq!(world.people().await, 8);
    world.assert_exact().await;
}

pub(crate) async fn deleting_a_kept_one_takes_it_out_and_nobody_follows<D: Database>() {
    let old = Old::<D>::archived().await;
    assert!(matches!(old.world.store.delete(old.kept.id, at(5)).await.unwrap(), Deletion::Deleted { .. }));
    assert_eq!(old.world.people().await, 8);
    assert_eq!(old.known(old.kept.id).await, Some(Lookup::Deleted));
    assert!(old.world.store.history(Participant(1), 9).await.unwrap().is_empty());
    old.world.assert_exact().await;
}

pub(crate) async fn a_rebuild_counts_what_is_archived<D: Database>() {
    let Old { world, .. } = Old::<D>::archived().await;
    let right = world.store.summary(world.budget).await.unwrap().unwrap().1;
    let head = world.store.heads().await.unwrap()[0].version;
    // The summary is lost altogether.
    let nothing = domain::summary::Summary::default().difference(&right);
    world.store.correct(world.budget, &nothing, head, at(1)).await.unwrap();
    assert_eq!(world.people().await, 0);
    let audit = world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap();
    let difference = audit.raw.difference(&audit.summary);
    let corrected = world.store.correct(world.budget, &difference, audit.version, at(2)).await.unwrap();
    assert!(matches!(corrected, Correction::Applied { .. }));
    assert_eq!(world.store.summary(world.budget).await.unwrap().unwrap().1, right);
    world.assert_exact().await;
}

pub(crate) async fn nothing_is_loaded_into_an_archived_month<D: Database>() {
    let Old { world, anonymous, .. } = Old::<D>::archived().await;
    let gone = &anonymous[0];
    let bulk = BulkSubmission {
        id: gone.id,
        participant: None,
        points: gone.allocation.points().into(),
        segments: gone.segments.clone(),
    };
    let refused = world.store.bulk_insert(world.budget, vec![bulk], at(1)).await;
    assert!(
        matches!(&refused, Err(StoreError::Refused(what)) if what.contains("before 2026-07 is archived")),
        "{refused:?}"
    );
    let stored = StoredSubmission {
        id: gone.id,
        budget: world.budget,
        participant: None,
        effective: gone.id.time(),
        version: service::port::Version::default(),
        allocation: gone.allocation.clone(),
        segments: gone.segments.clone(),
        counted: true,
    };
    let submissions = vec![ExactSubmission { stored, first_counted: true }];
    let refused = world.store.take_in(Intake { submissions, ..Intake::default() }, at(2)).await;
    assert!(
        matches!(&refused, Err(StoreError::Refused(what)) if what.contains("before 2026-07 is archived")),
        "{refused:?}"
    );
    assert_eq!(world.people().await, 9);
    world.assert_exact().await;
}

pub(crate) async fn what_is_archived_freezes_the_categories<D: Database>() {
    let world = World::<D>::new().await;
    world.submit_at(&submission(world.budget, id(then(0), 1)), then(0)).await;
    archive(&world.store, world.budget).await;
    let mut other = crate::sample::budget("city");
    other.categories.swap(0, 1);
    assert_eq!(world.store.import_budget(&other, at(1)).await.unwrap(), ImportOutcome::Frozen);
    world.assert_exact().await;
}

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// A database to copy from, and the copy.
struct Pair<D: Database> {
    old: Old<D>,
    source: Arc<dyn Transfer>,
    target: Arc<dyn Transfer>,
    _target_database: D,
}

impl<D: Database> Pair<D> {
    async fn of(old: Old<D>) -> Self {
        let source: Arc<dyn Transfer> = Arc::new(old.world.database.open().await);
        let database = D::create().await;
        let target: Arc<dyn Transfer> = Arc::new(database.open().await);
        Self { old, source, target, _target_database: database }
    }

    async fn copy(&self) -> Copied {
        let copied = copy(&self.source, &self.target, &Stopped, &|_| {}).await.unwrap();
        assert!(copied.is_right(), "{copied:?}");
        self.assert_same().await;
        copied
    }

    fn ids(&self) -> Vec<SubmissionId> {
        self.old.anonymous.iter().chain([&self.old.superseded, &self.old.kept]).map(|new| new.id).collect()
    }

    async fn assert_same(&self) {
        assert_eq!(
            self.target.lookup(&self.ids()).await.unwrap(),
            self.source.lookup(&self.ids()).await.unwrap(),
            "what is archived is not there, what stayed is as it was"
        );
        let (ours, theirs) = (self.budget().await, self.old.world.budget);
        let ours = self.target.summary(ours).await.unwrap().unwrap().1;
        assert_eq!(ours, self.source.summary(theirs).await.unwrap().unwrap().1);
        assert_exact(&*self.target).await;
    }

    async fn budget(&self) -> BudgetId {
        self.target.budgets().await.unwrap()[0].id
    }
}

pub(crate) async fn a_copy_has_what_is_archived_and_goes_on_as_the_source_would<D: Database>() {
    let pair = Pair::of(Old::<D>::archived().await).await;
    let copied = pair.copy().await;
    assert_eq!((copied.submissions, copied.added, copied.archived, copied.forgotten), (2, 2, 7, 0));
    let again = pair.copy().await;
    assert_eq!((again.added, again.archived, again.forgotten), (0, 7, 0));
    // It knows which months are closed, and archives on.
    let budget = pair.budget().await;
    let gone = NewSubmission { budget, ..pair.old.anonymous[0].clone() };
    let outcomes = pair.target.commit(std::slice::from_ref(&gone), gone.id.time()).await.unwrap();
    assert_eq!(outcomes, [Outcome::IdOutOfRange]);
    let newer = submission(budget, id(at(9), 70)).by(1);
    pair.target.commit(&[newer], at(9)).await.unwrap();
    assert_eq!(archive(&*pair.target, budget).await, (0, 1));
    assert_exact(&*pair.target).await;
    assert_eq!(pair.target.total(budget).await.unwrap().unwrap().total.people(), 9);
}

pub(crate) async fn a_copy_follows_what_is_archived_since<D: Database>() {
    let pair = Pair::of(Old::<D>::new().await).await;
    assert_eq!(pair.copy().await.archived, 0);
    assert_eq!(archive(&*pair.source, pair.old.world.budget).await, (7, 1));
    let copied = pair.copy().await;
    assert_eq!((copied.added, copied.archived, copied.forgotten, copied.deleted), (0, 7, 8, 0));
}

pub(crate) async fn a_copy_that_was_archived_by_itself_becomes_what_the_source_is<D: Database>() {
    let pair = Pair::of(Old::<D>::new().await).await;
    pair.copy().await;
    assert_eq!(archive(&*pair.target, pair.budget().await).await, (7, 1));
    let copied = pair.copy().await;
    assert_eq!((copied.added, copied.archived, copied.forgotten), (8, 0, 0));
    assert_eq!(archive(&*pair.source, pair.old.world.budget).await, (7, 1));
    assert_eq!(archive(&*pair.target, pair.budget().await).await, (7, 1));
    pair.copy().await;
}

pub(crate) async fn only_a_copy_takes_archived_submissions_over<D: Database>() {
    let Old { world, kept, .. } = Old::<D>::archived().await;
    let archived = vec![(world.budget, ArchivedPart::default())];
    for intake in [Intake { archived, ..Intake::default() }, Intake { forgotten: vec![kept.id], ..Intake::default() }] {
        let refused = world.store.take_in(intake, at(1)).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    assert_eq!(world.people().await, 9);
    world.assert_exact().await;
}
