//! An upgrade behind nginx, with the configuration that is shipped.

use super::{Account, Load, Turn, Visitors, load::Bearable, scale, under_load_for, visitors};
use crate::fleet::{Fleet, Nginx, Postgres};
use std::time::Duration;

#[test]
fn a_rolling_restart_behind_nginx_shows_no_error_to_anyone() {
    let _turn = Turn::take();
    let site = tempfile::tempdir().unwrap();
    visitors::site(site.path());
    let mut fleet = Fleet::start_with(Postgres::start(), |_, _, settings| {
        settings.push(("ALLOT_SITE_ROOT".to_owned(), site.path().to_str().unwrap().to_owned()));
    });
    let nginx = Nginx::start(&fleet.addresses());
    let load = Load::start(&[nginx.address], Bearable::Nothing);
    let visitors = Visitors::start(nginx.address);
    let account = Account::of("rolling restart behind nginx", load, || {
        for number in (0..fleet.processes.len()).cycle().take(fleet.processes.len() * 2 * scale() as usize) {
            assert!(fleet.processes[number].terminate(), "it ends in order");
            fleet.revive(number);
            under_load_for(Duration::from_millis(300));
        }
        let (pages, streams) = visitors.leave();
        assert!(pages > 0 && streams > 1, "{pages} pages were shown and {streams} streams opened");
    });
    account.check(&fleet);
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
