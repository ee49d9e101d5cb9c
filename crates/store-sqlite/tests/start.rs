//! Several processes start on one new file at the same moment.

use service::port::Store;
use store_sqlite::SqliteStore;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_bring_a_new_file_to_this_version_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("allot.sqlite").to_string_lossy().into_owned();
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = SqliteStore::open(&path).unwrap();
        starting.spawn(async move {
            store.migrate().await?;
            store.instance().await
        });
    }
    let instances =
        starting.join_all().await.into_iter().collect::<Result<std::collections::BTreeSet<_>, _>>().unwrap();
    assert_eq!(instances.len(), 1, "all of them use the same database");
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("allot.sqlite");
    let text = "This is not a database, but somebody may need it. ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let store = SqliteStore::open(&format!("sqlite://{}", path.display())).unwrap();
    store.migrate().await.unwrap_err();
    store.heads().await.unwrap_err();
    drop(store);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}
