//! Plays a history on both.

use super::{
    compare::{assert_same, assert_same_versions},
    ledger::{BudgetState, Ledger},
    operation::{Id, Operation, Said, history},
};
use crate::{
    Database, Fault, Flaky, sample,
    world::{NOW, at},
};
use domain::{
    Month, SubmissionId, Timestamp,
    summary::{Entry, Summary},
};
use proptest::test_runner::{Config, TestRunner};
use service::port::{
    BudgetId, BulkSubmission, CommitError, ImportOutcome, NewSubmission, Outcome, Participant, Store, StoreError,
    StoreResult, TotalAt, Version,
};
use std::fmt::Debug;

/// Histories of a part of an ordinary run; `PROPTEST_CASES` asks for more.
const CASES: u32 = 32;

const POINTS: [[u16; 3]; 6] =
    [[10_000, 0, 0], [0, 10_000, 0], [3333, 3333, 3334], [2500, 2500, 5000], [99, 100, 9801], [1, 9999, 0]];

pub(crate) fn random_histories<D: Database>() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let config = Config { cases, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&history(), |steps| {
            runtime.block_on(async {
                let mut play = Play::<D>::new().await;
                for (n, (handle, operation)) in steps.iter().enumerate() {
                    play.perform(*handle, operation).await;
                    assert_same_versions(play.handle(n + 1), &play.ledger).await;
                    if n % 4 == 3 {
                        play.assert_same(n).await;
                    }
                }
                play.assert_same(1).await;
            });
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

struct Play<D: Database> {
    handles: [Flaky<D::Store>; 2],
    ledger: Ledger,
    budgets: [BudgetId; 3],
    /// What the summaries have too much or too little, until a rebuild.
    spoiled: [Summary; 2],
    now: Timestamp,
    /// Every submission that was ever tried.
    tried: Vec<NewSubmission>,
    titles: u32,
    /// What either budget's total was at times.
    known: [Vec<TotalAt>; 2],
    _database: D,
}

impl<D: Database> Play<D> {
    async fn new() -> Self {
        let database = D::create().await;
        let handles = [Flaky::new(database.open().await, 0), Flaky::new(database.open().await, 1)];
        let mut ledger = Ledger::default();
        for slug in ["one", "two"] {
            handles[0].store().import_budget(&sample::budget(slug), at(-1000)).await.expect("the import works");
        }
        let records = handles[1].budgets().await.expect("budgets can be read");
        for record in &records {
            ledger.budgets.insert(record.id, BudgetState { head: record.head, ..BudgetState::default() });
        }
        let budgets = [records[0].id, records[1].id, BudgetId(4711)];
        Self {
            handles,
            ledger,
            budgets,
            spoiled: Default::default(),
            now: NOW,
            tried: Vec::new(),
            titles: 0,
            known: Default::default(),
            _database: database,
        }
    }

    fn handle(&self, n: usize) -> &Flaky<D::Store> {
        &self.handles[n % 2]
    }

    fn store(&self, n: usize) -> &D::Store {
        self.handle(n).store()
    }

    async fn assert_same(&mut self, handle: usize) {
        let ids: Vec<SubmissionId> = self.tried.iter().map(|said| said.id).collect();
        assert_same(self.handle(handle), &self.ledger, &ids, &[self.budgets[0], self.budgets[1]], &self.spoiled).await;
        self.assert_going_on(handle).await;
    }

    /// Whatever came since, a known total becomes what the total is now, or says that it can't.
    async fn assert_going_on(&mut self, handle: usize) {
        for (n, budget) in self.budgets.iter().take(2).enumerate() {
            let total = self.handles[handle % 2].total(*budget).await;
            let total = total.expect("it can be read").expect("the budget is there");
            for known in &self.known[n] {
                let after = self.handles[handle % 2].total_after(*budget, known.clone()).await;
                if let Some(after) = after.expect("it can be read") {
                    assert_eq!(after, total, "after {known:?}");
                }
            }
            self.known[n].push(total);
        }
    }

    fn say(&mut self, said: &Said) -> NewSubmission {
        let fresh = |id| NewSubmission {
            id,
            budget: self.budgets[said.budget],
            participant: said.participant.map(Participant),
            allocation: sample::allocation(POINTS[said.points]),
            segments: if said.segments == [0, 0] { Box::default() } else { said.segments.into() },
        };
        let submission = match said.id {
            Id::Again(n) if !self.tried.is_empty() => self.tried[n % self.tried.len()].clone(),
            Id::Taken(n) if !self.tried.is_empty() => fresh(self.tried[n % self.tried.len()].id),
            Id::New { offset } => fresh(self.new_id(offset)),
            Id::Again(_) | Id::Taken(_) => fresh(self.new_id(0)),
        };
        self.tried.push(submission.clone());
        submission
    }

    /// Few different random bits in no order of time, so that the last rule (the id) decides often.
    fn new_id(&self, offset: i64) -> SubmissionId {
        let n = (self.tried.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
        sample::id(Timestamp::from_millis(self.now.as_millis() + offset), n)
    }

    async fn perform(&mut self, handle: usize, operation: &Operation) {
        let now = self.now;
        match operation {
            Operation::Commit { batch, faults } => {
                let batch: Vec<_> = batch.iter().map(|said| self.say(said)).collect();
                self.commit(handle, &batch, faults).await;
            }
            Operation::Bulk { budget, batch } => self.bulk(handle, *budget, batch).await,
            Operation::Delete { n, faults } if !self.tried.is_empty() => {
                let id = self.tried[n % self.tried.len()].id;
                let delete = async |store: &D::Store| store.delete(id, now).await;
                self.insist(handle, faults, delete, |ledger| ledger.delete(id, now)).await;
            }
            Operation::Delete { .. } => {}
            Operation::Forget { days } => {
                let before = now.plus_days(-days);
                let forgotten = self.store(handle).forget_tombstones(before).await.expect("forgetting works");
                assert_eq!(forgotten, self.ledger.forget(before));
            }
            Operation::Close { budget, closed, faults } => {
                let budget = self.budgets[*budget];
                let close = async |store: &D::Store| store.set_closed(budget, *closed, now).await;
                let expected = |ledger: &mut Ledger| {
                    ledger.close(budget, *closed, now);
                    true
                };
                self.insist(handle, faults, close, expected).await;
            }
            Operation::Retitle { budget, faults } => {
                self.titles += 1;
                let title = format!("Title {}", self.titles);
                let definition = domain::Budget { title, ..sample::budget(["one", "two"][*budget]) };
                let (id, mut known) = (self.budgets[*budget], false);
                let import = async |store: &D::Store| store.import_budget(&definition, now).await;
                let expected = |ledger: &mut Ledger| {
                    if std::mem::replace(&mut known, true) {
                        return ImportOutcome::Unchanged;
                    }
                    ledger.advance(id, now);
                    ImportOutcome::Updated
                };
                self.insist(handle, faults, import, expected).await;
            }
            Operation::Fold { budget, limit } => {
                let folded = self.store(handle).fold(self.budgets[*budget], *limit).await.expect("folding works");
                assert!(folded <= u64::from(*limit));
            }
            Operation::Spoil { budget, points, sign, faults } => {
                let mut difference = Summary::default();
                let entry = Entry { day: now.day(), segments: [1, 0].into(), points: POINTS[*points].into() };
                difference.count(&entry, if *sign { 1 } else { -1 });
                let audited = self.ledger.budgets[&self.budgets[*budget]].head;
                self.correct(handle, faults, *budget, &difference, audited).await;
            }
            Operation::Rebuild { budget, faults } => {
                let id = self.budgets[*budget];
                let audit = self.handle(handle).audit(id, &|_| {}).await.expect("the audit works");
                let audit = audit.expect("the budget is there");
                let difference = audit.raw.difference(&audit.summary);
                self.correct(handle, faults, *budget, &difference, audit.version).await;
                assert!(self.spoiled[*budget].is_empty(), "a rebuild mends what was spoiled");
            }
            Operation::Archive { budget, months, limit, faults } => {
                let id = self.budgets[*budget];
                let before = Month::of(now.plus_days(-30 * months).day());
                let mut after = None;
                for limit in [*limit, 1000] {
                    let archive = async |store: &D::Store| store.archive(id, before, after, limit).await;
                    let mut last = None;
                    let expected = |ledger: &mut Ledger| {
                        let step = ledger.archive(id, before.start(), after, limit);
                        last = step.last;
                        step
                    };
                    self.insist(handle, faults, archive, expected).await;
                    after = last.or(after);
                }
            }
            Operation::Clock(millis) => self.now = Timestamp::from_micros(now.as_micros() + millis * 1000 + 7),
        }
    }

    /// Once, however often it is repeated.
    async fn correct(
        &mut self,
        handle: usize,
        faults: &[Fault],
        budget: usize,
        difference: &Summary,
        audited: Version,
    ) {
        let (id, now) = (self.budgets[budget], self.now);
        let correct = async |store: &D::Store| store.correct(id, difference, audited, now).await;
        let expected = |ledger: &mut Ledger| ledger.correct(id, difference.is_empty(), audited, now);
        self.insist(handle, faults, correct, expected).await;
        self.spoiled[budget].merge(difference, 1);
    }

    /// Repeats a change as the use cases do until it is answered; every attempt that arrives answers as the ledger.
    async fn insist<T: Debug + PartialEq>(
        &mut self,
        handle: usize,
        faults: &[Fault],
        change: impl AsyncFn(&D::Store) -> StoreResult<T>,
        mut expected: impl FnMut(&mut Ledger) -> T,
    ) {
        for fault in faults.iter().copied().chain([Fault::None]) {
            let flaky = &self.handles[handle % 2];
            let done = flaky.change_with(fault, change(flaky.store())).await;
            let expected = (fault != Fault::Before).then(|| expected(&mut self.ledger));
            match (done, fault) {
                (Ok(done), Fault::None) => assert_eq!(Some(done), expected),
                (Err(StoreError::Unavailable(_)), Fault::Before)
                | (Err(StoreError::OutcomeUnknown(_)), Fault::After) => {}
                (done, fault) => panic!("{fault:?} gave {done:?}"),
            }
        }
    }

    /// Repeats the identical batch as the writer does, a little later each time, until it is answered.
    async fn commit(&mut self, handle: usize, batch: &[NewSubmission], faults: &[Fault]) {
        for fault in faults.iter().copied().chain([Fault::None]) {
            let done = self.handle(handle).commit_with(fault, batch, self.now).await;
            let expected = match fault {
                Fault::Before => None,
                Fault::None | Fault::After => Some(self.ledger.commit(batch, self.now)),
            };
            match (done, fault) {
                (Ok(outcomes), Fault::None) => assert_eq!(Some(outcomes), expected, "of {batch:#?}"),
                (Err(CommitError::NotCommitted(_)), Fault::Before)
                | (Err(CommitError::OutcomeUnknown(_)), Fault::After) => {}
                (done, fault) => panic!("{fault:?} gave {done:?}"),
            }
            self.now = Timestamp::from_micros(self.now.as_micros() + 20_003);
        }
    }

    async fn bulk(&mut self, handle: usize, budget: usize, batch: &[Said]) {
        let mut rows: Vec<BulkSubmission> = Vec::new();
        for said in batch {
            let Id::New { offset } = said.id else { continue };
            let archived = self.ledger.budgets[&self.budgets[budget]].archived;
            if self.now.as_millis() + offset.min(0) < archived.as_millis() {
                continue;
            }
            let said = Said { id: Id::New { offset: offset.min(0) }, budget, ..said.clone() };
            let new = self.say(&said);
            let points = new.allocation.points().into();
            rows.push(BulkSubmission { id: new.id, participant: new.participant, points, segments: new.segments });
        }
        rows.sort_by_key(|row| row.id);
        if rows.is_empty() {
            return;
        }
        let id = self.budgets[budget];
        let version = self.store(handle).bulk_insert(id, rows.clone(), self.now).await.expect("the bulk load works");
        assert_eq!(version, self.ledger.bulk(id, &rows, self.now));
        // What the bulk path took is a replay for everybody else.
        let first: Vec<_> = self.ledger.said().filter(|said| said.id == rows[0].id).cloned().collect();
        let outcomes = self.handle(handle + 1).commit_with(Fault::None, &first, self.now).await;
        let expected = self.ledger.commit(&first, self.now);
        assert!(matches!(expected[..], [Outcome::Replayed { .. }]));
        assert_eq!(outcomes.expect("the commit works"), expected);
    }
}
