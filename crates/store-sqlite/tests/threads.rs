//! A store that is dropped leaves nothing behind. Alone in its program: it counts the threads of all of it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't be set up fails")]

use service::port::Store;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use store_sqlite::SqliteStore;

/// Threads of stores, and files open in a folder.
fn left(folder: &Path) -> (usize, usize) {
    let threads = fs::read_dir("/proc/self/task")
        .unwrap()
        .flatten()
        .filter(|thread| fs::read_to_string(thread.path().join("comm")).is_ok_and(|name| name.starts_with("sqlite-")));
    let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let files = files.filter(|fd| fs::read_link(fd.path()).is_ok_and(|file| file.starts_with(folder)));
    (threads.count(), files.count())
}

#[test]
fn a_dropped_store_ends_its_threads_and_closes_its_files() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        let store = SqliteStore::open(&folder.path().join("a.sqlite").to_string_lossy()).unwrap();
        runtime.block_on(async {
            store.migrate().await.unwrap();
            store.ping().await.unwrap();
            store.forget_tombstones(domain::Timestamp::from_millis(0)).await.unwrap();
        });
        assert!(left(folder.path()).0 >= 2, "the store has threads to begin with");
        assert!(left(folder.path()).1 >= 2, "the store has open files to begin with");
    }
    let begun = Instant::now();
    while left(folder.path()) != (0, 0) {
        assert!(begun.elapsed() < Duration::from_secs(10), "left after ten seconds: {:?}", left(folder.path()));
        std::thread::yield_now();
    }
}
