//! What an audit finds in a database that something else has changed.

use crate::place::{NOW, budget, exact_people, file, folder, open, submission};
use service::port::{NewSubmission, Participant, Store};

/// Three submissions of one participant, changed by `sql`: wrong participants, and whether summary is raw.
async fn audited(sql: &str) -> (u64, bool) {
    let folder = folder();
    let store = open(&file(&folder));
    let budget = budget(&store).await;
    for n in 0..3 {
        let said = NewSubmission { participant: Some(Participant(7)), ..submission(budget, n) };
        store.commit(&[said], NOW).await.unwrap();
    }
    assert_eq!(exact_people(&store, budget).await, 1);
    rusqlite::Connection::open(file(&folder)).unwrap().execute_batch(sql).unwrap();
    let audit = store.audit(budget, &|_| {}).await.unwrap().unwrap();
    (audit.wrong_participants, audit.summary == audit.raw)
}

#[tokio::test]
async fn an_audit_finds_who_counts_twice_or_not_at_all_or_with_an_old_one() {
    // Same millisecond, so that version and id decide.
    let newest = "id = (SELECT max(id) FROM submission)";
    let oldest = "id = (SELECT min(id) FROM submission)";
    assert_eq!(audited("").await, (0, true));
    assert_eq!(audited(&format!("UPDATE submission SET counted = 1 WHERE {oldest}")).await, (1, false), "twice");
    assert_eq!(audited(&format!("UPDATE submission SET counted = 0 WHERE {newest}")).await, (1, false), "not at all");
    // All say the same, so the totals can't tell.
    let old_one = format!("UPDATE submission SET counted = {oldest}");
    assert_eq!(audited(&old_one).await, (1, true), "with an old one");
    assert_eq!(audited(&format!("DELETE FROM submission WHERE {newest}")).await, (1, false), "lost");
    assert_eq!(audited("DELETE FROM summary_delta WHERE seq = 1").await, (0, false), "totals lost");
}
