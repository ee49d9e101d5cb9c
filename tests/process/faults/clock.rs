//! The clock of one machine is set back.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::{
    fleet::{Fleet, Postgres},
    program::Connection,
};
use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};

/// Debian's package `libfaketime`.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|folder| folder.path());
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|file| file.exists())
}

/// More than all clients send, at an address that all of them share: nobody may be refused.
const PER_HOUR: &str = "1000000";

/// Milliseconds on a process's clock: the id that it offers to a visitor begins with them. The header `Date` is of no
/// use, as hyper keeps it until the clock is past it again.
fn clock_of(address: SocketAddr) -> i64 {
    let page = Connection::open(address).and_then(|mut open| open.ask("GET", "/b/us-fy2024", "", "")).unwrap();
    let id = page.body.split_once("name=\"id\"").and_then(|(_, after)| after.split_once("value=\""));
    let (_, id) = id.unwrap_or_else(|| panic!("a ballot without an id: {}", page.body));
    let digits: String = id.chars().filter(|digit| *digit != '-').take(12).collect();
    i64::from_str_radix(&digits, 16).unwrap_or_else(|error| panic!("{digits}: {error}"))
}

/// By how much the first process's clock is behind the second's.
fn behind(addresses: &[SocketAddr]) -> i64 {
    clock_of(addresses[1]) - clock_of(addresses[0])
}

#[test]
fn a_clock_that_is_set_back_by_an_hour_changes_no_count_and_refuses_nobody() {
    let Some(library) = library() else {
        println!("skipped: libfaketime is not installed (Debian's package libfaketime)");
        return;
    };
    let _turn = Turn::take();
    let folder = tempfile::tempdir().unwrap();
    let offset = folder.path().join("offset");
    fs::write(&offset, "+0\n").unwrap();
    let fleet = Fleet::start_with(Postgres::start(), |number, _, settings| {
        settings.push(("ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR".to_owned(), PER_HOUR.to_owned()));
        if number == 0 {
            for (name, value) in [
                ("LD_PRELOAD", library.to_str().unwrap()),
                ("FAKETIME_TIMESTAMP_FILE", offset.to_str().unwrap()),
                ("FAKETIME_NO_CACHE", "1"),
                // As on a real machine: only the wall clock is set.
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ] {
                settings.push((name.to_owned(), value.to_owned()));
            }
        }
    });
    let addresses = fleet.addresses();
    let load = Load::start(&addresses, Bearable::Nothing);
    let account = Account::of("clock set back by an hour", load, || {
        fs::write(&offset, "-3600\n").unwrap();
        under_load_for(Duration::from_secs(2) * scale());
        let behind = behind(&addresses);
        assert!(behind > 3_500_000, "its clock is behind by {behind} ms only: nothing was set back");
        fs::write(&offset, "+0\n").unwrap();
    });
    account.check(&fleet);
}
