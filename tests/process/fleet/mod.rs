//! Several processes over one PostgreSQL and one Redis, all of the test's own.

mod nginx;
mod postgres;
mod redis;
mod relay;

pub(crate) use nginx::Nginx;
pub(crate) use postgres::Postgres;
pub(crate) use redis::Redis;
pub(crate) use relay::Relay;

use crate::program::{Serving, out, run};
use std::net::SocketAddr;
use tempfile::TempDir;

/// As many as the architecture is tested with.
pub(crate) const PROCESSES: usize = 3;
const SECRET: &str = "the-same-secret-in-every-process-of-a-test";

/// Running processes and what they need. Dropping it stops all of it.
pub(crate) struct Fleet {
    pub(crate) processes: Vec<Serving>,
    pub(crate) postgres: Postgres,
    pub(crate) redis: Redis,
    /// Settings of every process.
    environment: Vec<(String, String)>,
    /// The same with what each process has of its own.
    settings: Vec<Vec<(String, String)>>,
    folder: TempDir,
}

impl Fleet {
    pub(crate) fn start() -> Self {
        Self::start_with(Postgres::start(), |_, _, _| {})
    }

    /// `adjust` sees each process's number and PostgreSQL, and may change the process's settings.
    pub(crate) fn start_with(
        postgres: Postgres,
        adjust: impl Fn(usize, &Postgres, &mut Vec<(String, String)>),
    ) -> Self {
        let (folder, redis) = (tempfile::tempdir().unwrap(), Redis::start());
        let environment = vec![
            ("DATABASE_URL".to_owned(), postgres.url()),
            ("REDIS_URL".to_owned(), redis.url()),
            ("ALLOT_SECRET".to_owned(), SECRET.to_owned()),
            // What goes wrong on purpose would fill the output.
            ("RUST_LOG".to_owned(), "off".to_owned()),
        ];
        let settings = (0..PROCESSES).map(|number| {
            let mut own = environment.clone();
            adjust(number, &postgres, &mut own);
            own
        });
        let settings: Vec<_> = settings.collect();
        let processes = settings.iter().map(|own| Serving::start_at(folder.path(), "127.0.0.1:0", own)).collect();
        Self { processes, postgres, redis, environment, settings, folder }
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.processes.iter().map(|process| process.address).collect()
    }

    /// Changes a setting of a process from its next start on.
    pub(crate) fn set(&mut self, number: usize, name: &str, value: &str) {
        let setting = self.settings[number].iter_mut().find(|(known, _)| known == name);
        setting.expect("it was set at the start").1 = value.to_owned();
    }

    /// Starts a process again, at the address that it had and with its settings.
    pub(crate) fn revive(&mut self, number: usize) {
        let address = self.processes[number].address.to_string();
        self.processes[number] = Serving::start_at(self.folder.path(), &address, &self.settings[number]);
    }

    /// Runs a command on the same database; its output, and whether it exited with 0.
    pub(crate) fn command(&self, arguments: &[&str]) -> (bool, String) {
        let environment: Vec<_> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let done = run(self.folder.path(), arguments, &environment);
        (done.status.success(), format!("{}{}", out(&done), String::from_utf8_lossy(&done.stderr)))
    }
}
