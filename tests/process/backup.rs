//! `allot backup`: made under load, restored into either kind of database, refused when damaged.

use crate::{
    copy::fill,
    databases::PgDatabase,
    everything::{self, open, runtime, sqlite},
    program::{Connection, Serving, err, out, run},
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;
use service::port::{Clock, SystemClock};
use std::{
    collections::HashSet,
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

const SECRET: &str = "a secret that no backup holds unasked";

/// Runs a backup command on a database.
fn allot(folder: &Path, database: &str, arguments: &[&str]) -> std::process::Output {
    run(folder, arguments, &[("DATABASE_URL", database), ("ALLOT_SECRET", SECRET)])
}

/// The same, and it must work.
fn done(folder: &Path, database: &str, arguments: &[&str]) -> String {
    let output = allot(folder, database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}{}", out(&output), err(&output));
    out(&output)
}

fn create(folder: &Path, database: &str, arguments: &[&str]) -> PathBuf {
    let said = done(folder, database, &[&["backup", "create"], arguments].concat());
    folder.join(said.lines().next().unwrap())
}

/// People who submit until they are told to stop, and the ids that were acknowledged.
struct Load {
    acknowledged: Arc<Mutex<HashSet<String>>>,
    stop: Arc<AtomicBool>,
    people: Vec<JoinHandle<()>>,
}

impl Load {
    fn on(address: SocketAddr) -> Self {
        let (acknowledged, stop) = (Arc::<Mutex<HashSet<String>>>::default(), Arc::<AtomicBool>::default());
        let people = (0..4).map(|seed| {
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            thread::spawn(move || {
                let (mut connection, mut random) = (Connection::open(address).unwrap(), Random(seed));
                while !stop.load(Ordering::Relaxed) {
                    let sent = submission(&mut random);
                    let (status, _) = connection.send("POST", SUBMIT, JSON, &sent.body).unwrap();
                    assert_eq!(status, 201);
                    acknowledged.lock().unwrap().insert(sent.id);
                }
            })
        });
        let people = people.collect();
        Self { acknowledged, stop, people }
    }

    fn acknowledged(&self) -> HashSet<String> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// Waits until so many more are acknowledged.
    fn after(&self, more: usize) -> HashSet<String> {
        let before = self.acknowledged().len();
        while self.acknowledged().len() < before + more {
            thread::yield_now();
        }
        self.acknowledged()
    }

    fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.people.into_iter().for_each(|person| person.join().unwrap());
    }
}

/// Makes a backup while people submit, and restores it into both kinds.
fn backed_up_under_load(source: &str) {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let environment = [("DATABASE_URL", source), ("ALLOT_SECRET", SECRET)].map(|(a, b)| (a.into(), b.into()));
    let server = Serving::start_at(folder.path(), "127.0.0.1:0", &environment);
    let load = Load::on(server.address);
    let before = load.after(300);
    let file = create(folder.path(), source, &[]);
    let during = load.acknowledged().len();
    load.after(50);
    load.end();
    assert!(during > before.len(), "nothing came in while the backup was made");
    let verified = done(folder.path(), source, &["backup", "verify"]);
    assert!(verified.contains("checksums right") && verified.contains("us-fy2024: exact"), "{verified}");
    let verified: Value = serde_json::from_str(&done(folder.path(), source, &["backup", "verify", "--json"])).unwrap();
    assert_eq!((&verified["right"], &verified["wrong"]), (&true.into(), &Value::Array(Vec::new())), "{verified}");
    assert_eq!(verified["budgets"].as_array().map(Vec::len), Some(3), "{verified}");
    let target = sqlite(&folder.path().join("restored/allot.sqlite"));
    for target in [&target, &database.url] {
        let said = done(folder.path(), target, &["backup", "restore", file.to_str().unwrap()]);
        assert!(said.contains("us-fy2024: exact"), "{said}");
        done(folder.path(), target, &["aggregates", "verify"]);
        let (all, instances, heads) = runtime().block_on(async {
            let (old, new) = (open(source).await, open(target).await);
            let heads = (old.heads().await.unwrap(), new.heads().await.unwrap());
            let instances = (old.instance().await.unwrap(), new.instance().await.unwrap());
            (everything::of(&new).await, instances, heads)
        });
        let there: HashSet<String> = all.submissions.iter().map(|row| row.stored.id.to_string()).collect();
        assert!(before.is_subset(&there), "{} of {} are missing", before.difference(&there).count(), before.len());
        assert_ne!(instances.0, instances.1);
        assert!(heads.0.iter().zip(&heads.1).all(|(old, new)| new.version > old.version), "{heads:?}");
    }
}

#[test]
fn a_backup_of_sqlite_under_load_has_all_that_was_acknowledged_before() {
    let folder = tempfile::tempdir().unwrap();
    backed_up_under_load(&sqlite(&folder.path().join("allot.sqlite")));
}

#[test]
fn a_backup_of_postgresql_under_load_has_all_that_was_acknowledged_before() {
    backed_up_under_load(&PgDatabase::new().url);
}

#[test]
fn everything_comes_back_and_what_was_deleted_since_stays_deleted() {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let old = sqlite(&folder.path().join("old.sqlite"));
    let runtime = runtime();
    let source = runtime.block_on(open(&old));
    runtime.block_on(fill(&*source));
    let before = runtime.block_on(everything::of(&source));
    let file = create(folder.path(), &old, &[]);
    let file = file.to_str().unwrap();
    // The newest of somebody who has said more than one thing.
    let gone = before.submissions.iter().find(|row| {
        let others = before.submissions.iter().filter(|other| other.stored.participant == row.stored.participant);
        row.stored.counted && row.stored.participant.is_some() && others.count() > 1
    });
    let gone = gone.unwrap().stored.clone();
    runtime.block_on(source.delete(gone.id, SystemClock.now())).unwrap();
    let after = runtime.block_on(everything::of(&source));
    let restored = |target: &str, arguments: &[&str]| {
        let said = done(folder.path(), target, &[&["backup", "restore", file], arguments].concat());
        done(folder.path(), target, &["aggregates", "verify"]);
        (said, runtime.block_on(async { everything::of(&open(target).await).await }))
    };
    let (said, all) = restored(&database.url, &["--tombstones-from", &old]);
    assert!(said.contains("1 deletions since then were made again"), "{said}");
    let ids = |all: &everything::Everything| {
        all.submissions.iter().map(|row| (row.stored.id, row.stored.counted)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&all), ids(&after));
    assert_eq!(all.tombstones.len(), after.tombstones.len());
    // A newer backup knows it as well as the database itself.
    let newer = create(folder.path(), &old, &[]);
    let other = sqlite(&folder.path().join("other.sqlite"));
    let (_, all) = restored(&other, &["--tombstones-from", newer.to_str().unwrap()]);
    assert_eq!(ids(&all), ids(&after));
    let (said, all) = restored(&sqlite(&folder.path().join("third.sqlite")), &[]);
    assert!(said.contains("--tombstones-from"), "{said}");
    assert_eq!(all, before);
    let refused = allot(folder.path(), &other, &["backup", "restore", file]);
    assert!(!refused.status.success() && err(&refused).contains("used since"), "{}", err(&refused));
}

#[test]
fn a_damaged_backup_is_refused_and_restores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let source = sqlite(&folder.path().join("data/allot.sqlite"));
    done(folder.path(), &source, &["simulate", "--submissions", "3000"]);
    let whole = fs::read(create(folder.path(), &source, &[])).unwrap();
    let said = whole.windows(14).position(|part| part == b"\"submissions\":").unwrap();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cases = [
        ("a byte of the database", changed(5000)),
        ("the last bytes of the database", changed(said - 2500)),
        ("a number of the manifest", changed(said + 15)),
        ("the header", changed(2)),
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("no end", whole[..whole.len() - 2048].to_vec()),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in cases {
        let file = folder.path().join("damaged.tar");
        fs::write(&file, bytes).unwrap();
        let target = folder.path().join("target.sqlite");
        for arguments in [["backup", "verify"], ["backup", "restore"]] {
            let refused = allot(folder.path(), &sqlite(&target), &[&arguments[..], &["damaged.tar"]].concat());
            assert_eq!(refused.status.code(), Some(1), "{what}: {}", out(&refused));
            assert!(err(&refused).contains("is no whole backup"), "{what}: {}", err(&refused));
        }
        assert!(!target.exists(), "{what}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "only the data and the damaged file: {left:?}");
}

#[test]
fn backups_are_private_listed_and_as_many_as_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let source = sqlite(&folder.path().join("data/allot.sqlite"));
    done(folder.path(), &source, &["simulate", "--submissions", "20"]);
    let mut made: Vec<PathBuf> = (0..3).map(|_| create(folder.path(), &source, &[])).collect();
    let listed = |folder: &Path| -> Vec<Value> {
        serde_json::from_str(&done(folder, &source, &["backup", "list", "--json"])).unwrap()
    };
    let all = listed(folder.path());
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["manifest"]["submissions"], 20);
    assert_eq!(all[0]["manifest"]["secret"], false);
    for path in &made {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        let bytes = fs::read(path).unwrap();
        assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
    }
    made.push(create(folder.path(), &source, &["--keep", "2", "--with-secret"]));
    let left: Vec<bool> = made.iter().map(|path| path.exists()).collect();
    assert_eq!(left, [false, false, true, true]);
    let last = made[3].to_str().unwrap();
    let target = sqlite(&folder.path().join("other/allot.sqlite"));
    let said = done(folder.path(), &target, &["backup", "restore", last, "--with-secret", "--data", "other", "--json"]);
    let restored: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&restored["submissions"], &restored["deleted_again"]), (&20.into(), &Value::Null), "{restored}");
    assert!(restored["budgets"].as_array().unwrap().iter().all(|budget| budget["exact"] == true), "{restored}");
    let secret = folder.path().join("other/secret");
    assert_eq!(fs::read_to_string(&secret).unwrap().trim(), SECRET);
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
}
