//! The connections to a database server: `ALLOT_DATABASE_POOL` and the times beside it.

use super::{ConfigError, Key, Layers};
use std::{ops::RangeInclusive, time::Duration};
use store_postgres::Options;

pub(super) fn load(layers: &Layers) -> Result<Options, ConfigError> {
    let default = Options::default();
    let seconds = |key, allowed: RangeInclusive<u64>, default| {
        let parse = |text: &str| number(text, &allowed).map(Duration::from_secs);
        Ok(layers.parse(key, parse)?.unwrap_or(default))
    };
    let pool = layers.parse(Key::DatabasePool, |text| number(text, &(2..=1000)))?;
    Ok(Options {
        max_connections: pool.and_then(|pool| u32::try_from(pool).ok()).unwrap_or(default.max_connections),
        max_lifetime: seconds(Key::DatabaseLifetime, 1..=86_400, default.max_lifetime)?,
        idle_timeout: seconds(Key::DatabaseIdleTimeout, 1..=86_400, default.idle_timeout)?,
        acquire_timeout: seconds(Key::DatabaseAcquireTimeout, 1..=60, default.acquire_timeout)?,
        check_after_idle: seconds(Key::DatabaseCheckAfter, 0..=86_400, default.check_after_idle)?,
        statement_timeout: seconds(Key::DatabaseStatementTimeout, 1..=600, default.statement_timeout)?,
        ..default
    })
}

fn number(text: &str, allowed: &RangeInclusive<u64>) -> Result<u64, Option<&'static str>> {
    text.parse().ok().filter(|number| allowed.contains(number)).ok_or(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(key: Key, value: &str) -> Result<Options, ConfigError> {
        let mut layers = Layers::default();
        layers.set(key, value);
        load(&layers)
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        assert_eq!(load(&Layers::default()).unwrap(), Options::default());
        let one = with(Key::DatabaseAcquireTimeout, "7").unwrap();
        assert_eq!(one, Options { acquire_timeout: Duration::from_secs(7), ..Options::default() });
        assert_eq!(with(Key::DatabasePool, "3").unwrap().max_connections, 3);
        assert_eq!(with(Key::DatabaseCheckAfter, "0").unwrap().check_after_idle, Duration::ZERO);
    }

    #[test]
    fn a_wrong_value_is_one_line_with_key_value_and_what_is_allowed() {
        for key in Key::CONNECTIONS {
            for value in ["", "-1", "ten", "1.5", "100000"] {
                let error = with(key, value).unwrap_err().to_string();
                let shown = format!("{} is \"{value}\"; allowed: {}", key.env(), key.allowed());
                assert_eq!(error, shown);
            }
        }
        assert!(with(Key::DatabasePool, "1").is_err(), "a scan would leave no connection for a commit");
    }
}
