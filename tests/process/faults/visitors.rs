//! People beside those who submit: one looks at a page, loads its files and reads some things at once, one follows what
//! everyone says. Neither may be shown an error.

use super::RECOVERY;
use crate::{events::Events, program::Connection, traffic::JSON};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Between two looks at the page, so that the load leaves room for what is tested.
const LOOKING: Duration = Duration::from_millis(40);
/// Before a stream that ended is opened again; browsers take longer.
const REOPENING: Duration = Duration::from_millis(25);
/// What is read at once.
const BATCH: &str = r#"{"requests":[{"path":"/api/v1/budgets"},{"path":"/api/v1/budgets/us-fy2024/aggregate"}]}"#;

/// Running visitors.
pub(super) struct Visitors {
    leave: Arc<AtomicBool>,
    shown: Arc<AtomicU64>,
    pages: JoinHandle<BTreeSet<String>>,
    streams: JoinHandle<u64>,
}

impl Visitors {
    pub(super) fn start(address: SocketAddr) -> Self {
        let (leave, shown) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let (looking, following, showing) = (Arc::clone(&leave), Arc::clone(&leave), Arc::clone(&shown));
        let pages = thread::spawn(move || look(address, &looking, &showing));
        let streams = thread::spawn(move || follow(address, &following));
        Self { leave, shown, pages, streams }
    }

    /// Waits until so many more pages were shown whole.
    pub(super) fn until(&self, more: u64) {
        let (enough, deadline) = (self.shown.load(Ordering::SeqCst) + more, Instant::now() + RECOVERY);
        while self.shown.load(Ordering::SeqCst) < enough && !self.pages.is_finished() {
            assert!(Instant::now() < deadline, "hardly any page is shown");
            thread::sleep(LOOKING);
        }
    }

    /// While submissions go on, because who follows leaves with the next event. Answers which files the pages needed,
    /// and how often a stream was opened.
    pub(super) fn leave(self) -> (BTreeSet<String>, u64) {
        self.leave.store(true, Ordering::SeqCst);
        (self.pages.join().unwrap(), self.streams.join().unwrap())
    }
}

/// Each time as somebody new with other languages: what nginx keeps for those before is not for this one.
fn look(address: SocketAddr, leave: &AtomicBool, shown: &AtomicU64) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    while !leave.load(Ordering::SeqCst) {
        let like = shown.load(Ordering::SeqCst) % 999 + 1;
        let language = format!("accept-language: en;q=0.{like:03}\r\n");
        let mut connection = Connection::open(address).unwrap();
        let page = connection.ask("GET", "/b/us-fy2024", &language, "").unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.trim_end().ends_with("</html>"), "only a part of the page came: {}", page.body);
        let files: BTreeSet<_> = page.body.split('"').filter(|text| text.starts_with("/pkg/")).collect();
        assert!(!files.is_empty(), "{}", page.body);
        for file in &files {
            assert_eq!(connection.ask("GET", file, &language, "").unwrap().status, 200, "{file}");
        }
        needed.extend(files.into_iter().map(str::to_owned));
        read_at_once(&mut connection);
        shown.fetch_add(1, Ordering::SeqCst);
        thread::sleep(LOOKING);
    }
    needed
}

fn read_at_once(connection: &mut Connection) {
    let batch = connection.ask("POST", "/api/v1/batch", JSON, BATCH).unwrap();
    assert_eq!(batch.status, 200, "{}", batch.body);
    let answers: Value = serde_json::from_str(&batch.body).unwrap();
    let statuses: Vec<_> = answers["responses"].as_array().unwrap().iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, [200, 200], "{}", batch.body);
}

/// A stream may end with its process. Opening another one shows no error, and nothing older than what was seen.
fn follow(address: SocketAddr, leave: &AtomicBool) -> u64 {
    let (mut opened, mut newest) = (0, None);
    loop {
        let mut events = Events::open(address, newest);
        opened += 1;
        while let Some(version) = events.next_version() {
            assert!(newest.is_none_or(|newest| version >= newest), "version {version} after {newest:?}");
            newest = Some(version);
            if leave.load(Ordering::SeqCst) {
                return opened;
            }
        }
        thread::sleep(REOPENING);
    }
}

/// How a file of a build is asked for.
pub(super) fn file(build: &str, kind: &str) -> String {
    format!("/pkg/allot.{build}.{kind}")
}

/// A small site such as the release build makes: the files of a build, and those of the builds before it.
pub(super) fn site(folder: &Path, build: &str, before: &[&str]) {
    fs::create_dir(folder.join("pkg")).unwrap();
    let mut files = Vec::new();
    for build in before.iter().copied().chain([build]) {
        for (kind, content) in [("js", "export default 1"), ("wasm", "\0asm"), ("css", "main{}")] {
            let path = file(build, kind);
            fs::write(folder.join(path.trim_start_matches('/')), content).unwrap();
            files.push(json!({ "path": path }));
        }
    }
    let [js, wasm, css] = ["js", "wasm", "css"].map(|kind| file(build, kind));
    let assets = json!({ "build": build, "js": js, "wasm": wasm, "css": css, "files": files });
    fs::write(folder.join("assets.json"), assets.to_string()).unwrap();
}

/// Puts the files of a newer build beside those of an older one, as whoever goes back does.
pub(super) fn put_beside(newer: &Path, older: &Path) {
    for entry in fs::read_dir(newer.join("pkg")).unwrap() {
        let entry = entry.unwrap();
        let copy = older.join("pkg").join(entry.file_name());
        // The others are being served.
        if !copy.exists() {
            fs::copy(entry.path(), copy).unwrap();
        }
    }
}
