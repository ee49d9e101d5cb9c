//! The plain model: a list of everything, from which every answer is computed anew. Slow and obvious.

use super::plain::{PlainCells, cells};
use domain::{Day, SubmissionId, Timestamp};
use service::port::{
    Archived, BudgetId, BulkSubmission, Correction, Deletion, Lookup, NewSubmission, Outcome, Participant,
    StoredSubmission, Version,
};
use std::{cmp::Reverse, collections::BTreeMap};

const DAY: i64 = 86_400_000;

#[derive(Clone, Debug)]
struct Line {
    said: NewSubmission,
    effective: Timestamp,
    version: Version,
    /// What its first answer says; `None` while its batch is open.
    first_counted: Option<bool>,
}

impl Line {
    fn rank(&self) -> (Timestamp, Version, SubmissionId) {
        (self.effective, self.version, self.said.id)
    }

    fn says_the_same(&self, other: &NewSubmission) -> bool {
        (self.said.budget, &self.said.allocation, &self.said.segments)
            == (other.budget, &other.allocation, &other.segments)
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct BudgetState {
    pub(super) head: Version,
    pub(super) closed: bool,
    /// The version of the last correction.
    pub(super) corrected: Version,
    /// Nothing from before comes any more.
    pub(super) archived: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) budgets: BTreeMap<BudgetId, BudgetState>,
    lines: Vec<Line>,
    /// What was archived: it counts and is no longer there.
    archived: Vec<Line>,
    tombstones: BTreeMap<SubmissionId, Timestamp>,
}

impl Ledger {
    fn counts(&self, line: &Line) -> bool {
        line.said.participant.is_none()
            || self.lines.iter().all(|other| {
                (other.said.budget, other.said.participant) != (line.said.budget, line.said.participant)
                    || other.rank() <= line.rank()
            })
    }

    pub(super) fn commit(&mut self, batch: &[NewSubmission], now: Timestamp) -> Vec<Outcome> {
        let versions: BTreeMap<_, _> = self.budgets.iter().map(|(id, b)| (*id, b.head.next(now))).collect();
        // One after the other; what the batch itself adds is answered when all of it is known.
        let answers: Vec<_> = batch.iter().map(|said| self.take(said, now, &versions)).collect();
        let counted: Vec<_> = self.lines.iter().map(|line| self.counts(line)).collect();
        for (line, counted) in self.lines.iter_mut().zip(counted) {
            line.first_counted.get_or_insert(counted);
        }
        answers
            .into_iter()
            .zip(batch)
            .map(|(answer, said)| match answer {
                Answer::Final(outcome) => outcome,
                Answer::Added | Answer::Repeated => {
                    let line = self.line(said.id).expect("it was added");
                    let (version, counted) = (line.version, line.first_counted == Some(true));
                    match answer {
                        Answer::Repeated => Outcome::Replayed { version, counted },
                        _ if counted => Outcome::Counted { version },
                        _ => Outcome::Superseded { version },
                    }
                }
            })
            .collect()
    }

    fn take(&mut self, said: &NewSubmission, now: Timestamp, versions: &BTreeMap<BudgetId, Version>) -> Answer {
        if let Some(line) = self.line(said.id) {
            return match line.first_counted {
                _ if !line.says_the_same(said) => Answer::Final(Outcome::Conflict),
                Some(counted) => Answer::Final(Outcome::Replayed { version: line.version, counted }),
                None => Answer::Repeated,
            };
        }
        if self.tombstones.contains_key(&said.id) {
            return Answer::Final(Outcome::Deleted);
        }
        let Some(budget) = self.budgets.get_mut(&said.budget) else { return Answer::Final(Outcome::UnknownBudget) };
        if budget.closed {
            return Answer::Final(Outcome::Closed);
        }
        let ahead = said.id.time().as_micros() - now.as_micros();
        if !(-90 * DAY * 1000..=DAY * 1000).contains(&ahead) || said.id.time() < budget.archived {
            return Answer::Final(Outcome::IdOutOfRange);
        }
        let version = versions[&said.budget];
        budget.head = version;
        let effective = said.id.time().min(Timestamp::from_millis(now.as_millis()));
        self.lines.push(Line { said: said.clone(), effective, version, first_counted: None });
        Answer::Added
    }

    pub(super) fn bulk(&mut self, id: BudgetId, batch: &[BulkSubmission], now: Timestamp) -> Version {
        let budget = self.budgets.get_mut(&id).expect("the budget is there");
        budget.head = budget.head.next(now);
        let version = budget.head;
        for new in batch {
            let said = NewSubmission {
                id: new.id,
                budget: id,
                participant: new.participant,
                allocation: domain::Allocation::from_points(&new.points, new.points.len()).expect("points are whole"),
                segments: new.segments.clone(),
            };
            self.lines.push(Line { said, effective: new.id.time(), version, first_counted: None });
        }
        let counted: Vec<_> = self.lines.iter().map(|line| self.counts(line)).collect();
        for (line, counted) in self.lines.iter_mut().zip(counted) {
            line.first_counted.get_or_insert(counted);
        }
        version
    }

    pub(super) fn delete(&mut self, id: SubmissionId, now: Timestamp) -> Deletion {
        let Some(at) = self.lines.iter().position(|line| line.said.id == id) else {
            return if self.tombstones.contains_key(&id) { Deletion::AlreadyDeleted } else { Deletion::Unknown };
        };
        let budget = self.lines.remove(at).said.budget;
        self.tombstones.insert(id, now);
        Deletion::Deleted { budget, version: self.advance(budget, now) }
    }

    pub(super) fn forget(&mut self, before: Timestamp) -> u64 {
        let known = self.tombstones.len();
        self.tombstones.retain(|_, deleted| deleted.as_millis() >= before.as_millis());
        (known - self.tombstones.len()) as u64
    }

    pub(super) fn close(&mut self, budget: BudgetId, closed: bool, now: Timestamp) {
        let state = self.budgets.get_mut(&budget).expect("the budget is there");
        if state.closed != closed {
            state.closed = closed;
            self.advance(budget, now);
        }
    }

    pub(super) fn advance(&mut self, budget: BudgetId, now: Timestamp) -> Version {
        let budget = self.budgets.get_mut(&budget).expect("the budget is there");
        budget.head = budget.head.next(now);
        budget.head
    }

    /// Only the version: what a correction adds, the summaries have beside the lines.
    pub(super) fn correct(&mut self, id: BudgetId, nothing: bool, audited: Version, now: Timestamp) -> Correction {
        let budget = self.budgets.get_mut(&id).expect("the budget is there");
        if nothing {
            return Correction::Applied { version: budget.head };
        }
        if budget.corrected > audited {
            return Correction::Stale;
        }
        budget.head = budget.head.next(now);
        budget.corrected = budget.head;
        Correction::Applied { version: budget.head }
    }

    /// One step, in the order of the ids.
    pub(super) fn archive(
        &mut self,
        id: BudgetId,
        before: Timestamp,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> Archived {
        let mut ids: Vec<_> = self.said().filter(|said| said.budget == id).map(|said| said.id).collect();
        ids.sort_unstable();
        ids.retain(|id| id.time() < before && Some(*id) > after);
        ids.truncate(limit as usize);
        let mut archived = Archived { last: ids.last().copied(), ..Archived::default() };
        let counting: Vec<_> = self.lines.iter().map(|line| self.counts(line)).collect();
        let mut counting = counting.into_iter();
        let state = self.budgets.get_mut(&id).expect("the budget is there");
        state.archived = state.archived.max(before);
        self.lines.retain(|line| {
            let counts = counting.next() == Some(true);
            if !ids.contains(&line.said.id) || counts && line.said.participant.is_some() {
                return true;
            }
            if counts {
                archived.counted += 1;
                self.archived.push(line.clone());
            } else {
                archived.superseded += 1;
            }
            false
        });
        archived
    }

    fn line(&self, id: SubmissionId) -> Option<&Line> {
        self.lines.iter().find(|line| line.said.id == id)
    }

    pub(super) fn said(&self) -> impl Iterator<Item = &NewSubmission> {
        self.lines.iter().map(|line| &line.said)
    }

    fn stored(&self, line: &Line) -> StoredSubmission {
        StoredSubmission {
            id: line.said.id,
            budget: line.said.budget,
            participant: line.said.participant,
            effective: line.effective,
            version: line.version,
            allocation: line.said.allocation.clone(),
            segments: line.said.segments.clone(),
            counted: self.counts(line),
        }
    }

    pub(super) fn lookup(&self, id: SubmissionId) -> Option<Lookup> {
        match self.line(id) {
            Some(line) => Some(Lookup::Found(Box::new(self.stored(line)))),
            None => self.tombstones.contains_key(&id).then_some(Lookup::Deleted),
        }
    }

    pub(super) fn history(&self, participant: Participant) -> Vec<StoredSubmission> {
        let mut lines: Vec<_> = self.lines.iter().filter(|line| line.said.participant == Some(participant)).collect();
        lines.sort_by_key(|line| Reverse(line.rank()));
        lines.into_iter().map(|line| self.stored(line)).collect()
    }

    pub(super) fn cells(&self, budget: BudgetId) -> PlainCells {
        let lines = self.lines.iter().filter(|line| line.said.budget == budget && self.counts(line));
        let lines = lines.chain(self.archived.iter().filter(|line| line.said.budget == budget));
        cells(lines.map(|line| (line.effective, &*line.said.segments, line.said.allocation.points())))
    }

    pub(super) fn per_day(&self, budget: BudgetId) -> Vec<(Day, u64)> {
        let mut days = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.said.budget == budget) {
            *days.entry(line.effective.day()).or_default() += 1;
        }
        days.into_iter().collect()
    }
}

enum Answer {
    Final(Outcome),
    /// The batch adds it.
    Added,
    /// The batch added it at an earlier place.
    Repeated,
}
