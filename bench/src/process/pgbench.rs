//! What PostgreSQL does by itself: a script of pgbench's over many connections.

use super::Postgres;
use anyhow::{Context, Result, ensure};
use std::{ffi::OsStr, fs, path::Path, time::Duration};

/// Connecting and preparing take their time.
const SHORTEST: Duration = Duration::from_secs(3);
/// At the start of a run at a pace, in which every connection prepares its statement.
const WARM_UP: u64 = 1_000_000;

impl Postgres {
    /// As fast as it goes; transactions a second, without the time to connect.
    ///
    /// # Errors
    /// pgbench fails.
    pub(crate) fn pgbench(&self, database: &str, script: &str, clients: usize, time: Duration) -> Result<f64> {
        let text = self.run_pgbench(database, script, clients, time, &[])?;
        let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.with_context(|| format!("pgbench says no rate: {text}"))
    }

    /// That many transactions a second, due at random times (a Poisson process) whatever the database does; microseconds
    /// from when one was due until it was committed, below which 99 % stayed.
    ///
    /// # Errors
    /// pgbench fails, or hardly anything was committed.
    pub(crate) fn pgbench_p99(
        &self,
        database: &str,
        script: &str,
        clients: usize,
        time: Duration,
        pace: f64,
    ) -> Result<f64> {
        let folder = tempfile::tempdir()?;
        let prefix = folder.path().join("log");
        let pace = format!("--rate={pace}");
        self.run_pgbench(
            database,
            script,
            clients,
            time,
            &[pace.as_ref(), "--log".as_ref(), "--log-prefix".as_ref(), prefix.as_os_str()],
        )?;
        p99(&logged(folder.path())?)
    }

    fn run_pgbench(
        &self,
        database: &str,
        script: &str,
        clients: usize,
        time: Duration,
        more: &[&OsStr],
    ) -> Result<String> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), script)?;
        let output = self
            .tool("pgbench", database)
            .args(["--no-vacuum", "--protocol", "prepared", "--jobs", "2", "--client", &clients.to_string()])
            .args(["--time", &time.max(SHORTEST).as_secs().to_string()])
            .args(more)
            .arg("--file")
            .arg(file.path())
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(output.status.success(), "pgbench: {text}{}", String::from_utf8_lossy(&output.stderr));
        Ok(text)
    }
}

/// A file a thread, without an order among them.
fn logged(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for file in fs::read_dir(folder)? {
        text += &fs::read_to_string(file?.path())?;
    }
    Ok(text)
}

/// Lines of client, number, microseconds from when it was due, script, and when it ended (seconds, microseconds of it).
fn p99(log: &str) -> Result<f64> {
    let line = |line: &str| {
        let mut words = line.split(' ').skip(2);
        let took: u64 = words.next()?.parse().ok()?;
        let mut ended = words.skip(1).map_while(|word| word.parse::<u64>().ok());
        Some((ended.next()? * 1_000_000 + ended.next()?, took))
    };
    let lines: Option<Vec<(u64, u64)>> = log.lines().map(line).collect();
    let lines = lines.context("a line of pgbench's log that isn't understood")?;
    let begun = lines.iter().map(|(ended, _)| *ended).min().unwrap_or_default();
    let mut took: Vec<_> = lines.iter().filter(|(ended, _)| *ended >= begun + WARM_UP).map(|(_, took)| *took).collect();
    ensure!(took.len() >= 100, "pgbench committed {} in time", took.len());
    took.sort_unstable();
    took.get(took.len() * 99 / 100).map(|took| *took as f64).context("no 99th percentile")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn the_percentile_is_of_what_was_committed_after_the_warm_up() {
        let mut log = String::new();
        for n in 0..100 {
            writeln!(log, "{} {n} 900000 0 5 {} 3", n % 7, 100_000 + n).unwrap();
        }
        for n in 0..200 {
            writeln!(log, "{} {n} {} 0 6 {} 1", n % 7, 1 + n, 500_000 - n).unwrap();
        }
        assert_eq!(p99(&log).unwrap(), 199.0);
        assert!(p99(log.lines().next().unwrap()).is_err(), "too few");
        assert!(p99(&(log + "nonsense\n")).is_err());
    }
}
