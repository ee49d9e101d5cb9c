//! The database: whether it answers, fits this version, and is in good condition.

use super::clocks;
use crate::{cli::failure::Failure, config::Config, start};
use service::port::{Clock, Finding, Inspect, Schema, StoreError, SystemClock, Verdict};
use std::time::{Duration, Instant};

/// An answer that takes longer than this makes every commit slow.
const SLOW: Duration = Duration::from_millis(50);

/// Also answers the database's instance id, which names its keys in Redis.
pub(super) async fn checks(config: &Config) -> (Vec<Finding>, Option<String>) {
    let is_new = config.database.path().is_some_and(|path| !path.exists());
    if is_new {
        let what = format!("{} is not there yet", config.database);
        return (
            vec![Finding::warn(
                what,
                "`allot serve` or `allot migrate` makes it; a mistyped path would look like this",
            )],
            None,
        );
    }
    let mut found = Vec::new();
    match examine(config, &mut found).await {
        Ok(instance) => (found, instance),
        Err(error) => {
            let failure = Failure::from(error);
            found.push(Finding::fail(format!("{}: {}", config.database, failure.what()), failure.hint()));
            (found, None)
        }
    }
}

async fn examine(config: &Config, found: &mut Vec<Finding>) -> Result<Option<String>, StoreError> {
    let store = start::inspect(&config.database, &config.connections).await?;
    let engine = store.engine().await?;
    let begun = Instant::now();
    let schema = store.schema().await?;
    let took = begun.elapsed();
    let what = format!("{} {} answers within {:.1} ms", engine.name, engine.version, took.as_secs_f64() * 1e3);
    found.push(if took > SLOW {
        Finding::warn(what, "is it far away, or busy? `allot db analyze` tells")
    } else {
        Finding::ok(what)
    });
    found.push(of_schema(&schema));
    let asked = SystemClock.now();
    if let Some(clock) = store.clock().await? {
        found.push(clocks::compare("the database's", clock, asked));
    }
    if !schema.missing.is_empty() {
        return Ok(None);
    }
    condition(&*store, found).await?;
    if let Some(replica) = &config.replica {
        found.push(match start::inspect(replica, &config.connections).await {
            Ok(_) => Finding::ok(format!("the replica {replica} answers")),
            Err(error) => Finding::warn(
                format!("the replica {replica}: {error}"),
                "the primary is read instead; DATABASE_READ_URL names it",
            ),
        });
    }
    Ok(Some(store.instance().await?))
}

fn of_schema(schema: &Schema) -> Finding {
    let list = |versions: &[i64]| versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !schema.unknown.is_empty() {
        return Finding::fail(
            format!("the schema has migrations that this version does not know: {}", list(&schema.unknown)),
            "run the newest version of allot that has ever used this database",
        );
    }
    if !schema.missing.is_empty() {
        return Finding::warn(
            format!("the schema lacks migrations: {}", list(&schema.missing)),
            "`allot migrate` runs them, and so does every start of a server; make a backup first",
        );
    }
    Finding::ok(format!(
        "the schema is of this version (migration {})",
        schema.applied.last().copied().unwrap_or_default()
    ))
}

/// What is fine is one line, so that all fits on a page.
async fn condition(store: &dyn Inspect, found: &mut Vec<Finding>) -> Result<(), StoreError> {
    let (fine, other): (Vec<Finding>, Vec<Finding>) =
        store.condition().await?.into_iter().partition(|finding| finding.verdict == Verdict::Ok);
    found
        .push(Finding::ok(format!("{} checks of its condition passed (`allot db analyze --mode health`)", fine.len())));
    found.extend(other);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_of_a_newer_version_fails_and_one_of_an_older_warns() {
        let schema = |missing: &[i64], unknown: &[i64]| Schema {
            applied: vec![1, 2],
            missing: missing.to_vec(),
            unknown: unknown.to_vec(),
        };
        assert_eq!(of_schema(&schema(&[], &[])).verdict, Verdict::Ok);
        assert_eq!(of_schema(&schema(&[3], &[])).verdict, Verdict::Warn);
        let newer = of_schema(&schema(&[3], &[9999]));
        assert_eq!(newer.verdict, Verdict::Fail);
        assert!(newer.what.contains("9999"), "{}", newer.what);
    }
}
