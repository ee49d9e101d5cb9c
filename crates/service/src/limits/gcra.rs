//! GCRA (generic cell rate algorithm, ITU-T I.371): per key one number, the theoretical arrival time. It
//! allows the whole hour's number at once and then refills evenly. Our own few lines and not a crate,
//! because a replay must be able to give its charge back.
//!
//! The time is that of a steady clock: one that is set back would keep everybody out for as long who submitted just
//! before.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const SHARDS: usize = 64;
/// Keys that a shard holds before it forgets those that are full again; when that frees none, the oldest go.
const SHARD_KEYS: usize = 16_384;
/// The hour over which a limit counts.
pub const HOUR_MICROS: i64 = 3_600_000_000;

/// In-process limits for one kind of key. Bounded: at most about a million keys.
#[derive(Debug)]
pub struct Limiter<K> {
    /// Microseconds that one submission costs; 0 = no limit.
    cost: i64,
    /// Arrival times are microseconds after this.
    begun: Instant,
    shards: Box<[Mutex<HashMap<K, i64>>]>,
    hasher: RandomState,
}

impl<K: Eq + Hash + Copy> Limiter<K> {
    /// `per_hour` 0 = no limit.
    #[must_use]
    pub fn new(per_hour: u32) -> Self {
        Self {
            cost: if per_hour == 0 { 0 } else { HOUR_MICROS / i64::from(per_hour) },
            begun: Instant::now(),
            shards: (0..SHARDS).map(|_| Mutex::new(HashMap::new())).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Microseconds that one submission costs; 0 = no limit.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.cost
    }

    fn shard(&self, key: &K) -> &Mutex<HashMap<K, i64>> {
        &self.shards[self.hasher.hash_one(key) as usize % SHARDS]
    }

    /// Charges one submission now, or says how long to wait.
    ///
    /// # Errors
    /// The time until one is allowed again.
    pub fn charge(&self, key: K) -> Result<(), Duration> {
        self.charge_at(key, i64::try_from(self.begun.elapsed().as_micros()).unwrap_or(i64::MAX))
    }

    /// The same at `now`: microseconds by any clock that is never set back, for tests of what an hour does.
    ///
    /// # Errors
    /// The time until one is allowed again.
    pub fn charge_at(&self, key: K, now: i64) -> Result<(), Duration> {
        if self.cost == 0 {
            return Ok(());
        }
        let mut shard = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        let arrival = shard.get(&key).copied().unwrap_or(now).max(now);
        // A whole hour's number fits before the limit bites.
        let wait = arrival + self.cost - (now + HOUR_MICROS);
        if wait > 0 {
            return Err(Duration::from_micros(wait.unsigned_abs()));
        }
        if shard.len() >= SHARD_KEYS && !shard.contains_key(&key) {
            make_room(&mut shard, now);
        }
        shard.insert(key, arrival + self.cost);
        Ok(())
    }

    /// Gives one charge back: it was a replay, or nothing came of it.
    pub fn refund(&self, key: K) {
        if self.cost == 0 {
            return;
        }
        let mut shard = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(arrival) = shard.get_mut(&key) {
            *arrival -= self.cost;
        }
    }
}

impl<K> Limiter<K> {
    /// Everybody may submit a whole hour's number again.
    pub fn forget(&self) {
        for shard in &self.shards {
            *shard.lock().unwrap_or_else(PoisonError::into_inner) = HashMap::new();
        }
    }
}

/// Forgets keys that owe nothing; if all owe, the half that owes least.
fn make_room<K: Eq + Hash + Copy>(shard: &mut HashMap<K, i64>, now: i64) {
    shard.retain(|_, arrival| *arrival > now);
    if shard.len() >= SHARD_KEYS {
        let mut arrivals: Vec<i64> = shard.values().copied().collect();
        let middle = arrivals.len() / 2;
        let (_, &mut median, _) = arrivals.select_nth_unstable(middle);
        shard.retain(|_, arrival| *arrival > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hours_number_is_allowed_at_once_and_then_refills_evenly() {
        let limiter = Limiter::new(10);
        for _ in 0..10 {
            assert_eq!(limiter.charge_at(1, 0), Ok(()));
        }
        assert_eq!(limiter.charge_at(1, 0), Err(Duration::from_secs(360)));
        assert_eq!(limiter.charge_at(2, 0), Ok(()));
        assert_eq!(limiter.charge_at(1, 360_000_000), Ok(()));
        assert!(limiter.charge_at(1, 360_000_000).is_err());
    }

    #[test]
    fn its_own_time_begins_with_it_and_goes_on() {
        let (limiter, passed) = (Limiter::new(1), Duration::from_millis(1));
        assert_eq!(limiter.charge_at(1, 0), Ok(()));
        while limiter.begun.elapsed() < passed {
            std::thread::yield_now();
        }
        let (wait, hour) = (limiter.charge(1).unwrap_err(), Duration::from_secs(3600));
        assert!(wait <= hour - passed && wait >= hour.saturating_sub(limiter.begun.elapsed()), "{wait:?}");
    }

    #[test]
    fn a_refund_makes_room_for_another() {
        let limiter = Limiter::new(1);
        assert_eq!(limiter.charge_at(1, 5), Ok(()));
        assert!(limiter.charge_at(1, 6).is_err());
        limiter.refund(1);
        assert_eq!(limiter.charge_at(1, 7), Ok(()));
    }

    #[test]
    fn what_is_forgotten_limits_nobody() {
        let limiter = Limiter::new(1);
        assert_eq!((limiter.charge_at(1, 0), limiter.charge_at(2, 0)), (Ok(()), Ok(())));
        assert!(limiter.charge_at(1, 0).is_err());
        limiter.forget();
        assert_eq!((limiter.charge_at(1, 0), limiter.charge_at(2, 0)), (Ok(()), Ok(())));
    }

    #[test]
    fn zero_means_no_limit() {
        let limiter = Limiter::new(0);
        assert!((0..1000).all(|_| limiter.charge_at(1, 0).is_ok()));
    }

    #[test]
    fn a_million_strangers_do_not_fill_the_memory() {
        let limiter = Limiter::new(1);
        for key in 0..2_000_000u64 {
            let _ = limiter.charge_at(key, 0);
        }
        let keys: usize = limiter.shards.iter().map(|s| s.lock().unwrap().len()).sum();
        assert!(keys <= SHARDS * SHARD_KEYS);
    }
}
