//! An upgrade behind nginx, with the configuration that is shipped.

use super::{Account, Load, Turn, Visitors, load::Bearable, scale, under_load_for, visitors};
use crate::fleet::{Fleet, Nginx, Postgres};
use std::{path::Path, time::Duration};

/// Where a process finds its site.
const SITE: &str = "ALLOT_SITE_ROOT";
/// Pages shown after each restart: while only one process has a build, some two of them are of it, and each needs three
/// files, which may be asked of any process.
const PAGES: u64 = 6;

#[test]
fn a_rolling_restart_into_another_build_and_back_shows_no_error_to_anyone() {
    let _turn = Turn::take();
    let (older, newer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    visitors::site(older.path(), "1", &[]);
    visitors::site(newer.path(), "2", &["1"]);
    let mut fleet = Fleet::start_with(Postgres::start(), |_, _, settings| {
        settings.push((SITE.to_owned(), older.path().to_str().unwrap().to_owned()));
    });
    let nginx = Nginx::start(&fleet.addresses());
    let load = Load::start(&[nginx.address], Bearable::Nothing);
    let visitors = Visitors::start(nginx.address);
    let account = Account::of("rolling restart behind nginx", load, || {
        visitors.until(PAGES);
        for _ in 0..scale() {
            restart_all_with(newer.path(), &mut fleet, &visitors);
            // docs/operations/install.md, "Roll back".
            visitors::put_beside(newer.path(), older.path());
            restart_all_with(older.path(), &mut fleet, &visitors);
        }
        let (files, streams) = visitors.leave();
        for build in ["1", "2"] {
            assert!(files.contains(&visitors::file(build, "js")), "no page of build {build} was shown: {files:?}");
        }
        assert!(streams > 1, "{streams} streams were opened");
    });
    account.check(&fleet);
}

/// One process after the other ends and starts with this site, while visitors come.
fn restart_all_with(site: &Path, fleet: &mut Fleet, visitors: &Visitors) {
    for number in 0..fleet.processes.len() {
        fleet.set(number, SITE, site.to_str().unwrap());
        assert!(fleet.processes[number].terminate(), "it ends in order");
        fleet.revive(number);
        visitors.until(PAGES);
    }
}

#[test]
fn killed_processes_behind_nginx_show_no_error_to_those_whose_submissions_carry_ids() {
    let _turn = Turn::take();
    let mut fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let load = Load::start(&[nginx.address], Bearable::Nothing);
    let account = Account::of("SIGKILL behind nginx", load, || {
        for number in (0..fleet.processes.len()).cycle().take(fleet.processes.len() * 2 * scale() as usize) {
            fleet.processes[number].kill();
            fleet.revive(number);
            under_load_for(Duration::from_millis(300));
        }
    });
    account.check(&fleet);
}
