//! A guard against work that grows unnoticed: instructions of fixed work, counted by valgrind's callgrind.
//!
//! Times say nothing on a shared machine; instructions repeat to the thousandth. Two kinds of bounds:
//! * ratios of two works of the same build ([`RATIOS`]), which hold for every compiler: forty categories cost about
//!   four times what ten cost, a snapshot of a million people what one of a thousand costs;
//! * counts ([`counts.tsv`](./counts.tsv)) with the compiler that they are of. Another compiler counts otherwise, and
//!   then only the ratios are judged. `scripts/renew-counts` writes them anew when more work is meant.
//!
//! What runs is the build of the tests, so the counts are not those of a release. What is measured elsewhere, and why
//! not here, says bench/README.md.

mod callgrind;
mod works;

use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf, process::Command};

/// Above the known count, in percent: what a new patch level of a dependency may bring.
const TOLERANCE: u64 = 5;

/// The first may cost at most so many percent of the second.
const RATIOS: [(&str, &str, u64); 7] = [
    ("read_forty", "read_ten", 450),
    ("delta_of_many", "deltas_of_one", 100),
    ("apply_to_a_million", "apply_to_a_thousand", 102),
    ("snapshot_of_a_million", "snapshot_of_a_thousand", 115),
    ("percentiles_of_a_million", "percentiles_of_a_thousand", 102),
    ("moves_of_forty", "moves_of_ten", 450),
    ("total_of_forty", "total_of_ten", 450),
];

type Counts = BTreeMap<String, u64>;

fn file() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "src", "work", "counts.tsv"].iter().collect()
}

/// The compiler and the kind of build, as counts know them.
fn build() -> Option<String> {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    let kind = if cfg!(debug_assertions) { "tests" } else { "release" };
    let machine = env::consts::ARCH;
    Some(format!("{} {machine} {kind}", version.split(' ').take(2).collect::<Vec<_>>().join(" ")))
}

fn text(build: &str, counts: &Counts) -> String {
    let mut text = format!("build\t{build}\n");
    for (work, count) in counts {
        let _ = writeln!(text, "{work}\t{count}");
    }
    text
}

/// What is known: the build and its counts.
fn known() -> (String, Counts) {
    let text = fs::read_to_string(file()).unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.split_once('\t'));
    let build = lines.next().map(|(_, build)| build.to_owned()).unwrap_or_default();
    (build, lines.filter_map(|(work, count)| Some((work.to_owned(), count.parse().ok()?))).collect())
}

/// Everything that costs more than it may, in words.
fn complaints(counts: &Counts, known: Option<&Counts>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (dear, cheap, percent) in RATIOS {
        let (dear_count, cheap_count) = (counts[dear], counts[cheap]);
        if dear_count * 100 > cheap_count * percent {
            complaints.push(format!(
                "{dear} takes {dear_count} instructions and {cheap} {cheap_count}: {} % of it, and at most {percent} % \
                 are right",
                dear_count * 100 / cheap_count
            ));
        }
    }
    for (work, count) in counts {
        match known.map(|known| known.get(work)) {
            Some(Some(known)) if *count * 100 > known * (100 + TOLERANCE) => complaints.push(format!(
                "{work} takes {count} instructions, {:.1} % more than the {known} that are known",
                (*count as f64 / *known as f64 - 1.0) * 100.0
            )),
            Some(None) => complaints.push(format!("{work} has no known count")),
            _ => {}
        }
    }
    complaints
}

#[test]
fn fixed_work_takes_no_more_instructions_than_is_known() {
    let Some(counts) = callgrind::count("work::every_work_once") else {
        println!("skipped: valgrind is not installed (scripts/setup test installs it)");
        return;
    };
    let here = build().unwrap_or_default();
    if env::var("ALLOT_COUNTS").is_ok_and(|wish| wish == "renew") {
        fs::write(file(), text(&here, &counts)).unwrap();
    }
    let (build, known) = known();
    let known = (build == here).then_some(&known);
    if known.is_none() {
        println!("only ratios are judged: the known counts are of {build:?}, and this is {here:?}");
    }
    let complaints = complaints(&counts, known);
    assert!(
        complaints.is_empty(),
        "{}\nIf that is meant, run scripts/renew-counts and commit what it writes. Counted were:\n{}",
        complaints.join("\n"),
        text(&here, &counts)
    );
}

/// Run under callgrind by the test above; by itself it shows that the works work.
#[test]
fn every_work_once() {
    works::all();
}

#[test]
fn more_instructions_and_wrong_ratios_are_told() {
    let mut counts: Counts = RATIOS
        .iter()
        .flat_map(|(dear, cheap, _)| [(*dear, 100), (*cheap, 100)])
        .map(|(work, count)| (work.to_owned(), count))
        .collect();
    assert_eq!(complaints(&counts, Some(&counts)), Vec::<String>::new());
    let known = counts.clone();
    counts.insert("read_ten".into(), 105);
    assert!(complaints(&counts, Some(&known)).is_empty());
    counts.insert("read_ten".into(), 106);
    assert_eq!(complaints(&counts, Some(&known)).len(), 1);
    assert!(complaints(&counts, None).is_empty(), "another compiler");
    counts.insert("snapshot_of_a_million".into(), 116);
    assert_eq!(complaints(&counts, None).len(), 1);
}
