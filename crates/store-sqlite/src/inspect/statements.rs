//! What the statements that requests make cost: each is explained and run once. SQLite keeps no counts of its own.

use crate::{codec::SUBMISSION, error::Fault};
use rusqlite::{Connection, types::Value};
use service::port::{Finding, StatementCost, Told};
use std::time::{Duration, Instant};

/// Rows that are stepped over at most when a statement is timed.
const STEPS: usize = 100_000;

/// What a statement is asked with.
#[derive(Clone, Copy)]
enum Key {
    Nothing,
    Id,
    Participant,
    Budget,
    ParticipantAndBudget,
}

/// As the other files of this crate make them.
fn ours() -> [(String, Key); 10] {
    [
        (format!("SELECT {SUBMISSION} FROM submission WHERE id = ?1"), Key::Id),
        (format!("SELECT {SUBMISSION} FROM submission WHERE participant = ?1"), Key::Participant),
        ("SELECT count(*) FROM submission WHERE participant = ?1".to_owned(), Key::Participant),
        (
            format!("SELECT {SUBMISSION} FROM submission WHERE participant = ?1 AND budget = ?2 AND counted = 1"),
            Key::ParticipantAndBudget,
        ),
        ("SELECT 1 FROM tombstone WHERE id = ?1".to_owned(), Key::Id),
        ("SELECT id, head FROM budget".to_owned(), Key::Nothing),
        ("SELECT cell FROM summary_cell WHERE budget = ?1 AND kind = 0 AND number = 0".to_owned(), Key::Budget),
        ("SELECT plus, minus, correction FROM summary_delta WHERE budget = ?1".to_owned(), Key::Budget),
        (
            "SELECT version, plus, minus, correction FROM summary_delta WHERE budget = ?1 AND version >= 0".to_owned(),
            Key::Budget,
        ),
        (
            "SELECT seq, plus, minus, correction FROM summary_delta WHERE budget = ?1 ORDER BY seq LIMIT 500"
                .to_owned(),
            Key::Budget,
        ),
    ]
}

pub(super) fn costs(connection: &Connection, at_least: Duration) -> Result<Told<StatementCost>, Fault> {
    let mut told = Told::default();
    let keys = Keys::of(connection)?;
    for (statement, key) in ours() {
        let plan = explain(connection, &statement)?;
        if plan.iter().any(|step| step.starts_with("SCAN submission")) {
            told.findings.push(Finding::fail(
                format!("every submission is read by: {statement}"),
                "an index is missing: compare `.schema` with migrations/sqlite, and restore a backup or report it",
            ));
        }
        let took = time(connection, &statement, &keys.of_kind(key))?;
        if took >= at_least {
            told.rows.push(StatementCost {
                statement,
                mean_ms: Some(took.as_secs_f64() * 1e3),
                plan: Some(plan.join("; ")),
                ..StatementCost::default()
            });
        }
    }
    told.rows.sort_by(|one, other| other.mean_ms.partial_cmp(&one.mean_ms).unwrap_or(core::cmp::Ordering::Equal));
    told.untold.push(
        "SQLite counts no statements: those of ordinary requests were run once now; scans (verify, archive, stats) take \
         longer"
            .into(),
    );
    Ok(told)
}

/// The steps of every statement's plan, to see which indexes are used.
pub(super) fn plans(connection: &Connection) -> Result<Vec<String>, Fault> {
    let mut steps = Vec::new();
    for (statement, _) in ours() {
        steps.extend(explain(connection, &statement)?);
    }
    Ok(steps)
}

fn explain(connection: &Connection, statement: &str) -> Result<Vec<String>, Fault> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
    let parameters = vec![Value::Null; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(parameters), |row| row.get(3))?;
    Ok(steps.collect::<Result<_, _>>()?)
}

fn time(connection: &Connection, statement: &str, key: &[Value]) -> Result<Duration, Fault> {
    let mut select = connection.prepare(statement)?;
    let begun = Instant::now();
    let mut rows = select.query(rusqlite::params_from_iter(key))?;
    for _ in 0..STEPS {
        if rows.next()?.is_none() {
            break;
        }
    }
    Ok(begun.elapsed())
}

/// Something that is there, to be asked for.
struct Keys {
    id: Value,
    participant: Value,
    budget: Value,
}

impl Keys {
    fn of(connection: &Connection) -> Result<Self, Fault> {
        let one = |sql: &str| -> Result<Value, Fault> {
            let mut select = connection.prepare(sql)?;
            let mut rows = select.query([])?;
            Ok(match rows.next()? {
                Some(row) => row.get(0)?,
                None => Value::Null,
            })
        };
        Ok(Self {
            id: one("SELECT max(id) FROM submission")?,
            participant: one("SELECT participant FROM submission WHERE participant IS NOT NULL LIMIT 1")?,
            budget: one("SELECT id FROM budget LIMIT 1")?,
        })
    }

    fn of_kind(&self, kind: Key) -> Vec<Value> {
        match kind {
            Key::Nothing => Vec::new(),
            Key::Id => vec![self.id.clone()],
            Key::Participant => vec![self.participant.clone()],
            Key::Budget => vec![self.budget.clone()],
            Key::ParticipantAndBudget => vec![self.participant.clone(), self.budget.clone()],
        }
    }
}
