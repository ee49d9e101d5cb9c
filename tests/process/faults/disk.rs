//! The disk of an embedded database fills up.

use super::{Account, Load, RECOVERY, Turn, load::Bearable, scale, under_load_for};
use crate::program::{Serving, err, out, run};
use std::{
    fs::File,
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// A small file system of its own.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn mount(folder: &'a Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "allot-test"])
            .arg(folder)
            .output()
            .is_ok_and(|done| done.status.success());
        mounted.then_some(Self(folder))
    }

    /// Until nothing more goes on it; also where something has become free since.
    fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.0.join("filler")).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while file.write(&vec![b'x'; size]).is_ok_and(|written| written > 0) {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_submissions_and_loses_none() {
    let _turn = Turn::take();
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else {
        println!("skipped: no file system can be mounted here (it takes root)");
        return;
    };
    let server = Serving::start(folder.path());
    let load = Load::start(&[server.address], Bearable::Refusals);
    let refusals = load.refusals();
    let account = Account::of("disk full (SQLite)", load, || {
        for _ in 0..2 * scale() {
            // A commit may find room in the log, and is repeated for some seconds before anybody is refused.
            let (before, deadline) = (refusals(), Instant::now() + RECOVERY);
            while refusals() == before {
                assert!(Instant::now() < deadline, "submissions find room on a full disk");
                disk.fill();
                under_load_for(Duration::from_millis(20));
            }
            disk.empty();
            under_load_for(Duration::from_millis(300));
        }
    });
    assert!(account.refused() > 0, "nobody noticed a full disk");
    let verify = || {
        let done = run(folder.path(), &["aggregates", "verify"], &[]);
        (done.status.success(), out(&done) + &err(&done))
    };
    account.settle(|| stored(folder.path()), verify);
}

fn stored(folder: &Path) -> super::account::Stored {
    let database = rusqlite::Connection::open(folder.join("data/allot.sqlite")).unwrap();
    let mut rows = database.prepare("SELECT lower(hex(id)), counted FROM submission").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))).unwrap();
    rows.map(|row| {
        let (hex, counted) = row.unwrap();
        let id = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        (id, (1, counted))
    })
    .collect()
}
