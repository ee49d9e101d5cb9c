//! Processes die without a word.

use super::{Account, Load, Turn, load::Bearable, scale, under_load_for};
use crate::{fleet::Fleet, traffic::Random};
use std::time::Duration;

const KILLS: u64 = 50;

#[test]
fn fifty_kills_of_three_processes_lose_and_double_nothing() {
    let _turn = Turn::take();
    let mut fleet = Fleet::start();
    let load = Load::start(&fleet.addresses(), Bearable::Breaks);
    let mut random = Random(50);
    let account = Account::of("50 × SIGKILL, one of three", load, || {
        for _ in 0..KILLS * u64::from(scale()) {
            under_load_for(Duration::from_millis(random.next() % 60));
            let number = random.next() as usize % fleet.processes.len();
            fleet.processes[number].kill();
            fleet.revive(number);
        }
    });
    assert!(account.broken() > 0, "nobody was talking to any of them");
    account.check(&fleet);
}
