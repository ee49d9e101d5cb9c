//! Migrations: by several processes at once, from a newer version, on what is no database.

use crate::place::{budget, file, folder, open};
use service::port::{Store, StoreError};

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_on_nothing_take_turns() {
    let folder = folder();
    let migrations: Vec<_> = (0..8)
        .map(|_| {
            let store = open(&file(&folder));
            tokio::spawn(async move { store.migrate().await.map(|()| store) })
        })
        .collect();
    let mut instances = Vec::new();
    for migration in migrations {
        instances.push(migration.await.unwrap().unwrap().instance().await.unwrap());
    }
    assert!(instances.iter().all(|instance| *instance == instances[0]), "{instances:?}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let folder = folder();
    open(&file(&folder)).migrate().await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of tomorrow', 1, x'00', 0)";
    rusqlite::Connection::open(file(&folder)).unwrap().execute(newer, []).unwrap();
    let refused = open(&file(&folder)).migrate().await;
    assert!(matches!(refused, Err(StoreError::Schema(_))), "{refused:?}");
}

#[tokio::test]
async fn a_migration_that_was_changed_after_it_ran_is_refused() {
    let folder = folder();
    open(&file(&folder)).migrate().await.unwrap();
    let changed = "UPDATE _sqlx_migrations SET checksum = x'00'";
    rusqlite::Connection::open(file(&folder)).unwrap().execute(changed, []).unwrap();
    let refused = open(&file(&folder)).migrate().await;
    assert!(matches!(refused, Err(StoreError::Schema(_))), "{refused:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = folder();
    let text = "This is a letter, not a database. ".repeat(100);
    std::fs::write(file(&folder), &text).unwrap();
    let store = open(&file(&folder));
    let refused = store.migrate().await;
    assert!(matches!(refused, Err(StoreError::Damaged(_))), "{refused:?}");
    assert!(matches!(store.ping().await, Err(StoreError::Damaged(_))));
    assert_eq!(std::fs::read_to_string(file(&folder)).unwrap(), text);
}

#[tokio::test]
async fn before_the_migration_and_without_a_folder_nothing_is_available_and_nothing_hangs() {
    let folder = folder();
    let store = open(&folder.path().join("missing/allot.sqlite"));
    assert!(matches!(store.migrate().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(store.budgets().await.is_err());
    // More failures than there are readers, and then the folder appears.
    for _ in 0..50 {
        assert!(store.heads().await.is_err());
    }
    std::fs::create_dir(folder.path().join("missing")).unwrap();
    budget(&store).await;
    assert_eq!(store.heads().await.unwrap().len(), 1);
}
