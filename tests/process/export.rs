//! `allot budget export`: every counted answer, and nothing of who gave it; by hand and by a worker.

use crate::{
    everything::{self, Everything, open, runtime, sqlite},
    jobs::{Working, until},
    program::{err, out, run},
};
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

const BUDGET: &str = "us-fy2024";

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let done = run(folder, arguments, &[]);
    assert!(done.status.success(), "{arguments:?}: {}{}", out(&done), err(&done));
    out(&done)
}

/// Everything of the database that the commands use in this folder.
fn stored(folder: &Path) -> Everything {
    let url = sqlite(&folder.join("data/allot.sqlite"));
    runtime().block_on(async { everything::of(&open(&url).await).await })
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The file that the counted submissions, all of one budget, should become.
fn expected(all: &Everything) -> String {
    let (budget, _) = all.budgets.iter().find(|(budget, _)| budget.slug == BUDGET).unwrap();
    let header: String = budget.categories.iter().map(|category| format!(",{}", category.slug)).collect();
    let counted = all.submissions.iter().filter(|row| row.stored.counted);
    let mut rows: Vec<_> = counted.map(|row| (row.stored.effective.day(), row.stored.allocation.points())).collect();
    rows.sort();
    let rows = rows.iter().map(|(day, points)| {
        let shares: String = points.iter().map(|points| format!(",{}.{:02}", points / 100, points % 100)).collect();
        format!("{day}{shares}\r\n")
    });
    format!("day{header}\r\n{}", rows.collect::<String>())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_export_has_every_counted_answer_and_nobody_in_it() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    succeed(folder, &["simulate", "--submissions", "2000", "--budget", BUDGET]);
    let all = stored(folder);
    let counted = all.submissions.iter().filter(|row| row.stored.counted).count();
    assert!((1..2000).contains(&counted), "some were replaced by a newer one");
    let said = succeed(folder, &["budget", "export", BUDGET, "--out", "open.csv"]);
    let file = folder.join("open.csv");
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(said, format!("open.csv: {counted} rows, {} bytes\n", text.len()));
    assert_eq!(mode(&file), 0o600);
    assert!(text == expected(&all), "{}", &text[..500]);
    for line in text.lines().skip(1) {
        let shares = line.split(',').skip(1).map(|share| share.replace('.', "").parse::<u32>().unwrap());
        assert_eq!(shares.sum::<u32>(), 10_000, "{line} is not 100.00");
    }
    assert!(all.submissions.iter().all(|row| !text.contains(&row.stored.id.to_string())));

    let again = run(folder, &["budget", "export", BUDGET, "--out", "open.csv"], &[]);
    assert_eq!((again.status.code(), out(&again).as_str()), (Some(1), ""));
    assert!(err(&again).contains("open.csv: there is a file of this name already"), "{}", err(&again));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    let unknown = run(folder, &["budget", "export", "nothing"], &[]);
    assert!(err(&unknown).starts_with("error: there is no budget \"nothing\""), "{}", err(&unknown));
    assert_eq!(names(folder), ["data", "open.csv"], "neither left a draft behind");
    succeed(folder, &["budget", "export", BUDGET]);
    let named = names(folder).into_iter().find(|name| name.starts_with("us-fy2024-2") && name.ends_with(".csv"));
    assert_eq!(fs::read_to_string(folder.join(named.unwrap())).unwrap(), text);

    by_a_worker(folder, &text, counted);
}

fn by_a_worker(folder: &Path, text: &str, counted: usize) {
    let queued = succeed(folder, &["budget", "export", BUDGET, "--background"]);
    let id = queued.split(' ').next().unwrap();
    assert!(succeed(folder, &["jobs", "list", "--kind", "export"]).contains(id));
    let both = run(folder, &["budget", "export", BUDGET, "--background", "--out", "x.csv"], &[]);
    assert_eq!(both.status.code(), Some(2));
    let worker = Working::start(folder, &[]);
    let job = || -> Value { serde_json::from_str(&succeed(folder, &["jobs", "show", id, "--json"])).unwrap() };
    until("the export", || job()["state"] == "done");
    assert!(worker.terminate());
    let done = job();
    let result = &done["result"]["Ok"];
    assert_eq!(result["rows"], counted, "{result}");
    let file = folder.join(result["file"].as_str().unwrap());
    assert_eq!(file.parent().unwrap(), folder.join("data/exports"));
    assert!(fs::read_to_string(&file).unwrap() == text, "it has the same rows");
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    assert_eq!(names(file.parent().unwrap()).len(), 1, "no draft is left");
}

#[test]
fn what_is_archived_is_told_and_not_in_the_file() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path();
    succeed(folder, &["simulate", "--submissions", "2000", "--budget", BUDGET]);
    let before = stored(folder).submissions.iter().filter(|row| row.stored.counted).count();
    succeed(folder, &["db", "archive"]);
    let all = stored(folder);
    let left = all.submissions.iter().filter(|row| row.stored.counted).count();
    assert!(left < before);
    let said = succeed(folder, &["budget", "export", BUDGET, "--out", "open.csv"]);
    assert!(said.contains(&format!("open.csv: {left} rows")), "{said}");
    assert!(said.contains(&format!("\n{} more are counted and archived", before - left)), "{said}");
    assert!(fs::read_to_string(folder.join("open.csv")).unwrap() == expected(&all));
}
