//! For operators: what one database's processes keep in Redis, and taking it away.
//!
//! A link of its own, found as a server finds it: walking over all names takes longer than a reader may wait. Only names
//! of this instance are ever touched, because every pattern is put behind its prefix.

use crate::{address::Address, breaker::Condition, link::Link, meter::Operation, names::Names};
use domain::Timestamp;
use redis::{Cmd, FromRedisValue, Pipeline};
use service::port::{SharedError, SharedResult};
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time::timeout};

/// For connecting, and for each answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// For walking over all names.
const WALK: Duration = Duration::from_mins(2);
/// Names of one step: Redis answers others in between.
const STEP: usize = 1000;
/// Keys of a kind whose sizes and lifetimes are asked for; those of the others are taken to be alike.
const MEASURED: u64 = 1000;

/// What the kinds of names begin with, after the prefix.
const KINDS: [(&str, &str); 5] = [
    ("snapshot:", "snapshots"),
    ("limit:participant:", "limits of participants"),
    ("limit:address:", "limits of networks"),
    ("probe", "probes"),
    ("", "other"),
];
const LIMITS: &str = "limit";

/// The keys of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyGroup {
    /// For people.
    pub kind: &'static str,
    /// How many; about, while keys come and go.
    pub keys: u64,
    /// Bytes of memory; extrapolated when there are more than a thousand.
    pub bytes: u64,
    /// How long the first of them lives on, as far as they were looked at.
    pub shortest: Option<Duration>,
    /// How long the last of them lives on.
    pub longest: Option<Duration>,
    /// Keys that would live for ever; no key of ours does.
    pub immortal: u64,
    measured: u64,
}

/// How Redis itself is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Such as `7.0.15`.
    pub version: String,
    /// Bytes in use, over all that it holds.
    pub used_bytes: u64,
    /// Bytes that it may use; 0 = as many as there are.
    pub most_bytes: u64,
    /// What it does when they are used up, such as `allkeys-lru`.
    pub policy: String,
    /// Keys that it has thrown away for lack of room since it started.
    pub evicted: u64,
}

/// What was taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// Keys that are gone.
    pub keys: u64,
    /// Limits that the pattern fits, but that were not asked for by their name.
    pub spared: u64,
}

/// The names of one database's instance. Dropping it closes the connection.
pub struct Keyspace {
    link: Arc<Link>,
    names: Names,
    keeper: JoinHandle<()>,
}

impl Drop for Keyspace {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl Keyspace {
    /// Connects, as a server does: with the scripts, and by writing. `instance` is the database's id.
    ///
    /// # Errors
    /// When Redis does not answer, or takes no writes.
    pub async fn open(address: &Address, instance: &str) -> SharedResult<Self> {
        let names = Names::new(instance);
        let link = Link::new(address, names.clone(), PATIENCE).map_err(|error| SharedError(error.to_string()))?;
        let link = Arc::new(link);
        let keyspace = Self { keeper: tokio::spawn(Arc::clone(&link).keep()), link, names };
        let _ = timeout(PATIENCE, keyspace.link.attempted()).await;
        if keyspace.link.condition() == Condition::Closed {
            return Ok(keyspace);
        }
        Err(SharedError("it does not answer, takes no writes, or refuses this user".into()))
    }

    /// What is kept, kind by kind.
    ///
    /// # Errors
    /// When Redis does not answer, or refuses.
    pub async fn survey(&self) -> SharedResult<Vec<KeyGroup>> {
        let mut groups = KINDS.map(|(_, kind)| KeyGroup { kind, ..KeyGroup::default() });
        let prefix = self.names.prefix();
        walk(async {
            let mut cursor = 0;
            loop {
                let (next, keys) = self.step(cursor, "*").await?;
                for (kind, group) in groups.iter_mut().enumerate() {
                    let of_kind: Vec<&Vec<u8>> = keys.iter().filter(|key| kind_of(&prefix, key) == kind).collect();
                    self.measure(group, &of_kind).await?;
                }
                if next == 0 {
                    return Ok(());
                }
                cursor = next;
            }
        })
        .await?;
        for group in &mut groups {
            if group.measured < group.keys {
                group.bytes = (group.bytes * group.keys).checked_div(group.measured).unwrap_or_default();
            }
        }
        Ok(groups.into_iter().filter(|group| group.keys > 0).collect())
    }

    /// Takes away what fits a glob pattern behind the instance's prefix; limits only when the pattern begins with
    /// their name.
    ///
    /// # Errors
    /// When Redis does not answer, or refuses.
    pub async fn clear(&self, pattern: &str) -> SharedResult<Cleared> {
        let prefix = self.names.prefix();
        let pattern = pattern.strip_prefix(&prefix).unwrap_or(pattern);
        let limits_too = pattern.starts_with(LIMITS);
        walk(async {
            let (mut cursor, mut cleared) = (0, Cleared::default());
            loop {
                let (next, mut keys) = self.step(cursor, pattern).await?;
                let found = keys.len();
                keys.retain(|key| limits_too || !key.starts_with(format!("{prefix}{LIMITS}").as_bytes()));
                cleared.spared += (found - keys.len()) as u64;
                if !keys.is_empty() {
                    let mut unlink = redis::cmd("UNLINK");
                    unlink.arg(&keys);
                    cleared.keys += self.ask::<u64>(unlink).await?;
                }
                if next == 0 {
                    return Ok(cleared);
                }
                cursor = next;
            }
        })
        .await
    }

    /// Its clock.
    ///
    /// # Errors
    /// When Redis does not answer, or refuses.
    pub async fn clock(&self) -> SharedResult<Timestamp> {
        let (seconds, micros): (i64, i64) = self.ask(redis::cmd("TIME")).await?;
        Ok(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)))
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// When Redis does not answer, or refuses.
    pub async fn server(&self) -> SharedResult<Server> {
        let info: String = self.ask(redis::cmd("INFO")).await?;
        let text = |name: &str| {
            let line = info.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
            line.unwrap_or_default().to_owned()
        };
        let number = |name| text(name).parse().unwrap_or_default();
        Ok(Server {
            version: text("redis_version"),
            used_bytes: number("used_memory"),
            most_bytes: number("maxmemory"),
            policy: text("maxmemory_policy"),
            evicted: number("evicted_keys"),
        })
    }

    async fn ask<T: FromRedisValue + Send>(&self, command: Cmd) -> SharedResult<T> {
        self.link.ask(Operation::Get, |mut connection| async move { command.query_async(&mut connection).await }).await
    }

    async fn ask_all<T: FromRedisValue + Send>(&self, commands: Pipeline) -> SharedResult<T> {
        self.link.ask(Operation::Get, |mut connection| async move { commands.query_async(&mut connection).await }).await
    }

    async fn step(&self, cursor: u64, pattern: &str) -> SharedResult<(u64, Vec<Vec<u8>>)> {
        let pattern = format!("{}{pattern}", self.names.prefix());
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(STEP);
        self.ask(scan).await
    }

    async fn measure(&self, group: &mut KeyGroup, keys: &[&Vec<u8>]) -> SharedResult<()> {
        group.keys += keys.len() as u64;
        let left = usize::try_from(MEASURED.saturating_sub(group.measured)).unwrap_or_default();
        let keys = &keys[..keys.len().min(left)];
        if keys.is_empty() {
            return Ok(());
        }
        let mut ask = redis::pipe();
        for key in keys {
            ask.cmd("PTTL").arg(key.as_slice()).cmd("MEMORY").arg("USAGE").arg(key.as_slice());
        }
        let answers: Vec<Option<i64>> = self.ask_all(ask).await?;
        for answer in answers.chunks_exact(2) {
            // Gone since it was named.
            let ([Some(left), Some(bytes)], true) = (answer, answer[0] != Some(-2)) else { continue };
            group.measured += 1;
            group.bytes += bytes.unsigned_abs();
            match u64::try_from(*left) {
                Ok(left) => {
                    let left = Duration::from_millis(left);
                    group.shortest = Some(group.shortest.map_or(left, |shortest| shortest.min(left)));
                    group.longest = group.longest.max(Some(left));
                }
                Err(_) => group.immortal += 1,
            }
        }
        Ok(())
    }
}

/// Which of [`KINDS`] a key is of.
fn kind_of(prefix: &str, key: &[u8]) -> usize {
    let name = key.strip_prefix(prefix.as_bytes()).unwrap_or_default();
    KINDS.iter().position(|(begin, _)| name.starts_with(begin.as_bytes())).unwrap_or(KINDS.len() - 1)
}

async fn walk<T>(work: impl Future<Output = SharedResult<T>>) -> SharedResult<T> {
    let far = || SharedError(format!("its names could not be walked over within {} s", WALK.as_secs()));
    timeout(WALK, work).await.unwrap_or_else(|_| Err(far()))
}
