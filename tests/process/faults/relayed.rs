//! The connection breaks after PostgreSQL has committed and before anybody knows.

use super::{Account, Load, RECOVERY, Turn, load::Bearable, scale, under_load_for};
use crate::fleet::{Fleet, Postgres, Relay};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

#[test]
fn an_answer_that_is_lost_at_the_commit_loses_and_doubles_nothing() {
    let _turn = Turn::take();
    let relay = OnceLock::new();
    let fleet = Fleet::start_with(Postgres::start(), |_, postgres, settings| {
        let relay = relay.get_or_init(|| Relay::start(postgres.port()));
        for (name, value) in settings {
            if name == "DATABASE_URL" {
                *value = Postgres::url_at(relay.port());
            }
        }
    });
    let relay = relay.get().unwrap();
    let load = Load::start(&fleet.addresses(), Bearable::Refusals);
    let account = Account::of("cut at COMMIT", load, || {
        let (enough, deadline) = (20 * u64::from(scale()), Instant::now() + RECOVERY * scale());
        while relay.done() < enough {
            assert!(Instant::now() < deadline, "only {} answers were dropped", relay.done());
            relay.cut(2);
            under_load_for(Duration::from_millis(100));
        }
        relay.cut(0);
    });
    account.check(&fleet);
}
