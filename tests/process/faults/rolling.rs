//! An upgrade behind nginx, with the configuration that is shipped.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::fleet::{Fleet, Nginx};
use std::time::Duration;

#[test]
fn a_rolling_restart_behind_nginx_shows_no_error_to_anyone() {
    let _turn = Turn::take();
    let mut fleet = Fleet::start();
    let nginx = Nginx::start(&fleet.addresses());
    let load = Load::start(&[nginx.address], Bearable::Nothing);
    let account = Account::of("rolling restart behind nginx", load, || {
        for number in (0..fleet.processes.len()).cycle().take(fleet.processes.len() * 2 * scale() as usize) {
            assert!(fleet.processes[number].terminate(), "it ends in order");
            fleet.revive(number);
            under_load_for(Duration::from_millis(300));
        }
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
