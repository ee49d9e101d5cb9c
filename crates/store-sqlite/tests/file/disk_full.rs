//! A full disk costs nothing but the submissions that found no room, and heals by itself.

use crate::place::{NOW, budget, exact_people, folder, open, submission};
use service::port::{BudgetId, CommitError, Outcome, Store, StoreError};
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use store_sqlite::SqliteStore;

/// A file system of a few megabytes, unmounted at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|mount| mount.status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the threads of the store close their files in a moment.
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Commits until the disk is full; answers the next free number.
async fn fill(store: &SqliteStore, budget: BudgetId, mut n: u64) -> u64 {
    for _ in 0..2000 {
        let batch: Vec<_> = (n..n + 500).map(|n| submission(budget, n)).collect();
        match store.commit(&batch, NOW).await {
            Ok(_) => n += 500,
            Err(CommitError::NotCommitted(StoreError::Unavailable(reason))) => {
                assert!(reason.contains("full") || reason.contains("I/O"), "{reason}");
                return n;
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the disk was never full")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_as_unavailable_and_heals_without_a_restart() {
    let folder = folder();
    let Some(_disk) = SmallDisk::mount(folder.path()) else {
        eprintln!("skipped: mounting a small file system needs more rights than this test has");
        return;
    };
    let ballast = folder.path().join("ballast");
    std::fs::write(&ballast, vec![1; 3 << 20]).unwrap();
    let store = open(&folder.path().join("allot.sqlite"));
    let budget = budget(&store).await;
    let stored = fill(&store, budget, 0).await;
    assert!(stored > 0, "something fitted before");
    // Everything that was acknowledged is there, nothing else, and reading goes on.
    assert_eq!(exact_people(&store, budget).await, stored as i64);
    assert!(store.commit(&[submission(budget, stored)], NOW).await.is_err() || stored > 0);
    let people = exact_people(&store, budget).await;

    std::fs::remove_file(&ballast).unwrap();
    let next = submission(budget, stored + 1);
    let outcomes = store.commit(std::slice::from_ref(&next), NOW).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Counted { .. }]), "{outcomes:?}");
    assert_eq!(exact_people(&store, budget).await, people + 1);
    store.fold(budget, 1000).await.unwrap();
    assert_eq!(exact_people(&store, budget).await, people + 1);

    // And again, from the other side: another handle finds all of it.
    let again = open(&folder.path().join("allot.sqlite"));
    assert_eq!(exact_people(&again, budget).await, people + 1);
}
