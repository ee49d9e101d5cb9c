//! One JSON file per scenario, and one Markdown table of all of them.

use super::{
    Row,
    table::{HEAD, cells},
};
use crate::machine::Machine;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fmt::Write, fs, path::Path};

/// What one scenario measured.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) scenario: String,
    /// Day of the run, UTC.
    pub(crate) date: String,
    /// Short rounds and little data: no statement about speed.
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
}

/// Writes one file over the one of an earlier run.
///
/// # Errors
/// The folder can't be written.
pub(crate) fn write(folder: &Path, results: &Results) -> Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(&results.scenario).with_extension("json");
    let text = serde_json::to_string_pretty(results)? + "\n";
    fs::write(&path, text).with_context(|| path.display().to_string())
}

/// Writes the table of all files there, in this order of scenarios.
///
/// # Errors
/// A file can't be read or written.
pub(crate) fn write_overview<'a>(folder: &Path, scenarios: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut all = Vec::new();
    for scenario in scenarios {
        let path = folder.join(scenario).with_extension("json");
        if path.exists() {
            let results = serde_json::from_slice(&fs::read(&path)?).with_context(|| path.display().to_string())?;
            all.push(results);
        }
    }
    Ok(fs::write(folder.join("README.md"), overview(&all)?)?)
}

fn overview(all: &[Results]) -> Result<String> {
    let mut text =
        String::from("# Results\n\nWritten by `make bench`; how to read them: [bench/README.md](../README.md).\n");
    for results in all {
        let Results { scenario, date, quick, machine, rows } = results;
        let quick = if *quick { ", **quick run: no statement about speed**" } else { "" };
        writeln!(text, "\n## {scenario}\n\n{date}, commit {}{quick}\n", machine.commit)?;
        writeln!(text, "| {} | note |\n|{}", HEAD.join(" | "), "---|".repeat(HEAD.len() + 1))?;
        for row in rows {
            writeln!(text, "| {} | {} |", cells(row).join(" | "), row.note)?;
        }
    }
    if let Some(Results { machine, .. }) = all.last() {
        let Machine { processor, cores, memory_gib, kernel, filesystem, .. } = machine;
        writeln!(
            text,
            "\nMachine of the last of them: {processor}, {cores} cores, {memory_gib} GiB, Linux {kernel}, {filesystem}."
        )?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::Unit, rounds::Spread};

    fn results(scenario: &str, value: f64) -> Results {
        Results {
            scenario: scenario.into(),
            date: "2026-01-01".into(),
            quick: false,
            machine: Machine {
                processor: "p".into(),
                cores: 2,
                memory_gib: 4,
                kernel: "6".into(),
                filesystem: "ext4".into(),
                commit: "c".into(),
            },
            rows: vec![Row::new(format!("{scenario} row"), Spread::of([value]), Unit::Seconds).note("n")],
        }
    }

    #[test]
    fn a_run_of_one_scenario_keeps_the_results_of_the_others() {
        let folder = tempfile::tempdir().unwrap();
        for (scenario, value) in [("b", 2.0), ("a", 1.0), ("b", 3.0)] {
            write(folder.path(), &results(scenario, value)).unwrap();
        }
        write_overview(folder.path(), ["a", "b", "never-run"].into_iter()).unwrap();
        let text = fs::read_to_string(folder.path().join("README.md")).unwrap();
        let rows: Vec<_> =
            text.lines().filter(|line| line.starts_with("| a row") || line.starts_with("| b row")).collect();
        assert_eq!(rows, ["| a row | 1.00 s |  |  | report |  | n |", "| b row | 3.00 s |  |  | report |  | n |"]);
    }
}
