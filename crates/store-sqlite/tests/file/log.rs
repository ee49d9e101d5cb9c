//! The write-ahead log stays short.

use crate::place::{NOW, budget, exact_people, file, folder, open, rows};
use service::port::Store;

#[tokio::test(flavor = "multi_thread")]
async fn the_log_stays_bounded_while_much_is_loaded() {
    let folder = folder();
    let store = open(&file(&folder));
    let budget = budget(&store).await;
    let log = folder.path().join("allot.sqlite-wal");
    let (mut written, mut longest, mut before) = (0, 0, 0);
    // Participants fall on pages all over the index, so that each batch writes most of them.
    for batch in 0..60 {
        store.bulk_insert(budget, rows(batch * 5000..batch * 5000 + 5000), NOW).await.unwrap();
        store.fold(budget, 100).await.unwrap();
        let bytes = log.metadata().unwrap().len();
        written += bytes.saturating_sub(before);
        before = bytes;
        longest = longest.max(bytes);
    }
    assert!(written > 200 << 20, "{written} bytes went through the log: too few to prove anything");
    assert!(longest < 160 << 20, "the log grew to {longest} bytes");
    assert_eq!(exact_people(&store, budget).await, 300_000);
}
