//! People beside those who submit: one looks at a page and loads its files, one follows what everyone says. Neither may
//! be shown an error.

use crate::{events::Events, program::Connection};
use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Between two looks at the page, so that the load leaves room for what is tested.
const LOOKING: Duration = Duration::from_millis(40);
/// Before a stream that ended is opened again; browsers take longer.
const REOPENING: Duration = Duration::from_millis(25);

/// Running visitors.
pub(super) struct Visitors {
    leave: Arc<AtomicBool>,
    pages: JoinHandle<u64>,
    streams: JoinHandle<u64>,
}

impl Visitors {
    pub(super) fn start(address: SocketAddr) -> Self {
        let leave = Arc::new(AtomicBool::new(false));
        let (looking, following) = (Arc::clone(&leave), Arc::clone(&leave));
        let pages = thread::spawn(move || look(address, &looking));
        let streams = thread::spawn(move || follow(address, &following));
        Self { leave, pages, streams }
    }

    /// While submissions go on, because who follows leaves with the next event. Answers how often the page was shown,
    /// and a stream opened.
    pub(super) fn leave(self) -> (u64, u64) {
        self.leave.store(true, Ordering::SeqCst);
        (self.pages.join().unwrap(), self.streams.join().unwrap())
    }
}

/// Each time as somebody new.
fn look(address: SocketAddr, leave: &AtomicBool) -> u64 {
    let mut shown = 0;
    while !leave.load(Ordering::SeqCst) {
        let mut connection = Connection::open(address).unwrap();
        let page = connection.ask("GET", "/b/us-fy2024", "", "").unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.trim_end().ends_with("</html>"), "only a part of the page came: {}", page.body);
        let files: BTreeSet<_> = page.body.split('"').filter(|text| text.starts_with("/pkg/")).collect();
        assert!(!files.is_empty(), "{}", page.body);
        for file in files {
            assert_eq!(connection.ask("GET", file, "", "").unwrap().status, 200, "{file}");
        }
        shown += 1;
        thread::sleep(LOOKING);
    }
    shown
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

/// A small site such as the release build makes.
pub(super) fn site(folder: &Path) {
    fs::create_dir(folder.join("pkg")).unwrap();
    for (name, content) in [
        ("pkg/allot.1.js", "export default 1"),
        ("pkg/allot.1.wasm", "\0asm"),
        ("pkg/allot.1.css", "main{}"),
        (
            "assets.json",
            r#"{"build":"1","js":"/pkg/allot.1.js","wasm":"/pkg/allot.1.wasm","css":"/pkg/allot.1.css",
                "files":[{"path":"/pkg/allot.1.js"},{"path":"/pkg/allot.1.wasm"},{"path":"/pkg/allot.1.css"}]}"#,
        ),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
}
