//! `allot db analyze`

use super::{
    failure::Failure,
    output,
    table::{Column, Table, bytes, known, share},
};
use crate::{config::Config, start};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use service::port::{Engine, Finding, Inspect, Told, Verdict};
use std::{process::ExitCode, time::Duration};

/// Look into the database server: slow statements, connections, indexes, sizes, memory, health
///
/// It changes nothing. PostgreSQL tells about statements through its extension pg_stat_statements, SQLite by having ours
/// run once; what a database can't tell is said. Exit code 1 when something is broken, not when something could be
/// better.
#[derive(Args)]
#[command(after_help = "Example:\n  allot db analyze\n  allot db analyze --mode slow --threshold 100")]
pub(super) struct Analyze {
    /// What to look at
    #[arg(long, value_enum, default_value = "all")]
    mode: Mode,
    /// Milliseconds that a statement must take to be listed
    #[arg(long, value_name = "MS", default_value_t = 0)]
    threshold: u64,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Everything
    All,
    /// Statements that cost most
    Slow,
    /// Connections: who, how many, waiting for what
    Pool,
    /// Indexes that are unused, broken or missed
    Indexes,
    /// Tables and their indexes, with dead or empty room
    Sizes,
    /// How often memory had what was asked for
    Cache,
    /// Whether it is whole, safe, and kept up
    Health,
}

/// One mode's answer: for people, for programs, and what was found.
struct Section {
    title: &'static str,
    table: Option<Table>,
    json: Value,
    findings: Vec<Finding>,
    untold: Vec<String>,
}

pub(super) async fn execute(config: &Config, command: Analyze) -> Result<ExitCode, Failure> {
    let store = start::inspect(&config.database, &config.connections).await?;
    let engine = store.engine().await?;
    let mut sections = Vec::new();
    let bar = output::counter("looking");
    for mode in [Mode::Slow, Mode::Pool, Mode::Indexes, Mode::Sizes, Mode::Cache, Mode::Health] {
        if command.mode == Mode::All || command.mode == mode {
            sections.push(section(&*store, mode, Duration::from_millis(command.threshold)).await?);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    if command.json {
        output::json(&json(&engine, &sections))?;
    } else {
        output::result(&text(config, &engine, &sections))?;
    }
    let broken = sections.iter().flat_map(|section| &section.findings).find(|one| one.verdict == Verdict::Fail);
    match broken {
        None => Ok(ExitCode::SUCCESS),
        Some(finding) => Err(Failure::new(finding.what.clone(), finding.advice.clone())),
    }
}

async fn section(store: &dyn Inspect, mode: Mode, threshold: Duration) -> Result<Section, Failure> {
    Ok(match mode {
        Mode::Slow | Mode::All => slow(store, threshold).await?,
        Mode::Pool => pool(store).await?,
        Mode::Indexes => indexes(store).await?,
        Mode::Sizes => sizes(store).await?,
        Mode::Cache => cache(store).await?,
        Mode::Health => {
            let findings = store.condition().await?;
            Section { title: "health", table: None, json: Value::Null, findings, untold: Vec::new() }
        }
    })
}

/// The table of what was told, row by row.
fn told<T: serde::Serialize, const N: usize>(
    title: &'static str,
    columns: [Column; N],
    told: Told<T>,
    row: impl Fn(&T) -> [String; N],
) -> Result<Section, Failure> {
    let mut table = Table::new(&columns);
    for one in &told.rows {
        table.row(row(one));
    }
    let json = serde_json::to_value(&told.rows)
        .map_err(|error| Failure::new(error.to_string(), "this is a fault of the program: please report it"))?;
    Ok(Section { title, table: Some(table), json, findings: told.findings, untold: told.untold })
}

async fn slow(store: &dyn Inspect, threshold: Duration) -> Result<Section, Failure> {
    use Column::{Number, Text};
    let columns =
        [Number("calls"), Number("mean ms"), Number("max ms"), Number("total ms"), Text("statement"), Text("plan")];
    let millis = |time: Option<f64>| known(time.map(|time| format!("{time:.2}")));
    told("slow", columns, store.statements(threshold).await?, |one| {
        [
            known(one.calls),
            millis(one.mean_ms),
            millis(one.max_ms),
            millis(one.total_ms),
            one.statement.clone(),
            one.plan.clone().unwrap_or_default(),
        ]
    })
}

async fn pool(store: &dyn Inspect) -> Result<Section, Failure> {
    use Column::{Number, Text};
    let columns =
        [Text("program"), Text("state"), Number("connections"), Number("wait for a lock"), Number("longest s")];
    told("pool", columns, store.connections().await?, |one| {
        let [connections, waiting, longest] = [one.connections, one.waiting, one.longest_s].map(|n| n.to_string());
        [one.program.clone(), one.state.clone(), connections, waiting, longest]
    })
}

async fn indexes(store: &dyn Inspect) -> Result<Section, Failure> {
    use Column::{Number, Text};
    let columns = [Text("table"), Text("index"), Number("size"), Number("uses"), Text("keeps unique")];
    told("indexes", columns, store.indexes().await?, |one| {
        let unique = if one.unique { "yes" } else { "" };
        [one.table.clone(), one.index.clone(), bytes(one.bytes), known(one.uses), unique.to_owned()]
    })
}

async fn sizes(store: &dyn Inspect) -> Result<Section, Failure> {
    use Column::{Number, Text};
    let columns =
        [Text("table"), Number("rows"), Number("size"), Number("indexes"), Number("waste %"), Text("cleaned up (UTC)")];
    told("sizes", columns, store.sizes().await?, |one| {
        [
            one.table.clone(),
            known(one.rows),
            bytes(one.bytes),
            bytes(one.index_bytes),
            known(one.waste_percent),
            known(one.cleaned.as_deref()),
        ]
    })
}

async fn cache(store: &dyn Inspect) -> Result<Section, Failure> {
    use Column::{Number, Text};
    let columns = [Text("blocks of"), Number("in memory"), Number("read"), Number("hit rate")];
    told("cache", columns, store.caches().await?, |one| {
        let rate = share(one.hits, one.hits + one.misses);
        [one.what.clone(), one.hits.to_string(), one.misses.to_string(), rate]
    })
}

fn json(engine: &Engine, sections: &[Section]) -> Value {
    let mut all = Map::new();
    all.insert("engine".to_owned(), serde_json::json!(engine));
    for section in sections {
        let mut body = serde_json::json!({ "findings": section.findings, "untold": section.untold });
        if !section.json.is_null() {
            body["rows"] = section.json.clone();
        }
        all.insert(section.title.to_owned(), body);
    }
    Value::Object(all)
}

fn text(config: &Config, engine: &Engine, sections: &[Section]) -> String {
    let mut text = format!("{} {}: {}\n", engine.name, engine.version, config.database);
    for section in sections {
        text.push_str(&format!("\n== {}\n", section.title));
        if let Some(table) = section.table.as_ref().filter(|table| !table.is_empty()) {
            table.write_to(&mut text);
        }
        for finding in &section.findings {
            text.push_str(&super::findings::line(finding));
        }
        for untold in &section.untold {
            text.push_str(&format!("can't tell: {untold}\n"));
        }
    }
    text
}
