//! Everything that a store answers against the ledger.

use super::{
    ledger::Ledger,
    plain::{PlainCells, plain},
};
use domain::{
    SubmissionId,
    summary::{CellKey, Summary},
};
use service::port::{Attendance, BudgetId, Participant, Store};

pub(super) async fn assert_same_versions(store: &impl Store, ledger: &Ledger) {
    for head in store.heads().await.expect("heads can be read") {
        assert_eq!(head.version, ledger.budgets[&head.budget].head);
    }
}

pub(super) async fn assert_same(
    store: &impl Store,
    ledger: &Ledger,
    ids: &[SubmissionId],
    budgets: &[BudgetId; 2],
    spoiled: &[Summary; 2],
) {
    let found = store.lookup(ids).await.expect("the lookup works");
    let expected: Vec<_> = ids.iter().map(|id| ledger.lookup(*id)).collect();
    assert_eq!(found, expected, "looked up");
    for participant in (0..3).map(Participant) {
        let mut expected = ledger.history(participant);
        let all = store.history(participant, 1000).await.expect("the history can be read");
        assert_eq!(all, expected, "history");
        for budget in budgets {
            let counted = expected.iter().find(|stored| stored.budget == *budget && stored.counted).cloned();
            let attendance = store.attendance(participant, *budget).await.expect("it can be read");
            assert_eq!(attendance, Attendance { submissions: expected.len() as u64, counted }, "attendance");
        }
        expected.truncate(2);
        assert_eq!(store.history(participant, 2).await.expect("the history can be read"), expected, "newest two");
    }
    for record in store.budgets().await.expect("budgets can be read") {
        let expected = &ledger.budgets[&record.id];
        assert_eq!((record.head, record.closed), (expected.head, expected.closed), "record");
    }
    for (budget, spoiled) in budgets.iter().zip(spoiled) {
        assert_same_cells(store, ledger, *budget, spoiled).await;
    }
}

async fn assert_same_cells(store: &impl Store, ledger: &Ledger, budget: BudgetId, spoiled: &Summary) {
    let head = ledger.budgets[&budget].head;
    let expected = ledger.cells(budget);
    let audit = store.audit(budget, &|_| {}).await.expect("the audit works").expect("the budget is there");
    assert_eq!(audit.version, head, "version of the audit");
    assert_eq!(audit.wrong_participants, 0, "wrong participants");
    assert_eq!(plain(&audit.raw), expected, "raw");
    assert_eq!(&audit.summary.difference(&audit.raw), spoiled, "summary against raw");
    let (version, summary) = store.summary(budget).await.expect("it can be read").expect("the budget is there");
    assert_eq!(version, head, "version of the summary");
    assert_eq!(summary, audit.summary, "summary");
    let raw = store.raw_total(budget).await.expect("it can be read").expect("the budget is there");
    assert_eq!(raw.version, head, "version of the raw total");
    assert_total(&raw.total, &expected, "raw total");
    let total = store.total(budget).await.expect("it can be read").expect("the budget is there");
    assert_eq!(total.version, head, "version of the total");
    assert_eq!(total.total.categories().len(), 3, "categories of the total");
    let mut mended = total.total;
    if let Some(spoiled) = spoiled.cell(CellKey::Total) {
        mended.merge(spoiled, -1);
    }
    assert_eq!(mended, raw.total, "total against raw total");
    assert_eq!(store.submissions_per_day(budget, 400).await.expect("they can be read"), ledger.per_day(budget), "days");
}

fn assert_total(total: &domain::summary::Cell, expected: &PlainCells, what: &str) {
    let mut summary = Summary::default();
    summary.merge_cell(CellKey::Total, total, 1);
    assert_eq!(plain(&summary).get(&CellKey::Total), expected.get(&CellKey::Total), "{what}");
    assert_eq!(total.categories().len(), 3, "categories of the {what}");
}
