//! The command line as people and scripts see it.

use crate::program::{Connection, Serving, err, out, run};
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt, process::Output};

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

#[test]
fn wrong_usage_is_exit_code_2_and_failure_1_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["fly"], &["serve", "--port", "1"], &["simulate"], &["aggregates"]] {
        assert_eq!(run(folder.path(), arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
    let failed = run(folder.path(), &["budget", "import", "missing.toml"], &[]);
    assert_eq!(failed.status.code(), Some(1));
    let lines: Vec<String> = err(&failed).lines().map(Into::into).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("error: missing.toml: ") && lines[1].starts_with("hint: "), "{lines:?}");
    assert!(out(&failed).is_empty());
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    for (key, value, shown) in [
        ("ALLOT_ADDR", "nonsense", "\"nonsense\""),
        ("ALLOT_SUBMISSIONS_PER_HOUR", "many", "\"many\""),
        ("ALLOT_TRUSTED_PROXIES", "10.0.0.0/99", "\"10.0.0.0/99\""),
        ("ALLOT_PROFILE", "live", "\"live\""),
        ("ALLOT_PUBLIC_URL", "allot.example", "\"allot.example\""),
        ("ALLOT_SITE_ROOT", "/nowhere", "\"/nowhere\""),
        ("ALLOT_SECRET", "hunter2", "\"***\""),
        ("DATABASE_URL", "oracle://me:hunter2@db/x", "\"oracle://me:***@db/x\""),
    ] {
        let failed = run(folder.path(), &["serve"], &[(key, value)]);
        let text = err(&failed);
        assert_eq!(failed.status.code(), Some(1), "{key}: {text}");
        let line = text.lines().next().unwrap();
        assert!(
            line.starts_with(&format!("error: {key}")) && line.contains(shown) && line.contains("; allowed: "),
            "{line}"
        );
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(text.lines().count(), 2, "{text}");
    }
    fs::write(folder.path().join("allot.toml"), "adr = \"127.0.0.1:1\"").unwrap();
    let failed = run(folder.path(), &["serve"], &[]);
    assert!(
        err(&failed).starts_with("error: \"adr\" in allot.toml is not a setting; did you mean \"addr\"?"),
        "{}",
        err(&failed)
    );
}

#[test]
fn an_address_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let failed = run(folder.path(), &["serve", "--addr", &address], &[]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(err(&failed).contains(&format!("can't listen on {address}")), "{}", err(&failed));
}

#[test]
fn an_empty_folder_becomes_a_server_that_keeps_its_secret_and_stops_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::start(folder.path());
    let mut connection = Connection::open(server.address).unwrap();
    assert_eq!(connection.send("GET", "/health", "", "").unwrap().0, 200);
    let secret = folder.path().join("data/secret");
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let made = fs::read(&secret).unwrap();
    drop(connection);
    assert!(server.terminate());
    let _again = Serving::start(folder.path());
    assert_eq!(fs::read(&secret).unwrap(), made);
}

#[test]
fn budgets_are_imported_listed_and_frozen_by_submissions() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), arguments, &[]);
    let file = |name: &str, share: &str| {
        fs::write(
            folder.path().join("town.toml"),
            format!(
                "slug = \"town\"\ntitle = \"{name}\"\ncurrency = \"EUR\"\n\
                 [[categories]]\nslug = \"a\"\nname = \"A\"\ndescription = \"First\"\ncolor = \"#112233\"\n\
                 [[categories]]\nslug = \"{share}\"\nname = \"B\"\ndescription = \"Second\"\ncolor = \"#445566\"\n"
            ),
        )
        .unwrap();
    };
    file("Town", "b");
    let import = ["budget", "import", "town.toml"];
    assert_eq!(out(&run(&import)), "town: created\n");
    assert_eq!(out(&run(&import)), "town: unchanged\n");
    file("Our town", "b");
    assert_eq!(out(&run(&import)), "town: updated\n");
    let listed = json(&run(&["budget", "list", "--json"]));
    assert_eq!(listed[0]["title"], "Our town");
    assert!(run(&["simulate", "--submissions", "10", "--budget", "town"]).status.success());
    file("Our town", "c");
    let frozen = run(&import);
    assert_eq!(frozen.status.code(), Some(1));
    assert!(err(&frozen).contains("frozen"), "{}", err(&frozen));
    fs::write(folder.path().join("town.toml"), "slug = \"town\"\ncolour = 1").unwrap();
    assert!(err(&run(&import)).contains("colour"));
}

#[test]
fn simulated_submissions_verify_and_damage_is_found_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), arguments, &[]);
    let simulated = run(&["simulate", "--submissions", "2000", "--seed", "3"]);
    assert!(simulated.status.success(), "{}", err(&simulated));
    let verified = run(&["aggregates", "verify", "--budget", "tax-dollars"]);
    assert!(verified.status.success(), "{}{}", out(&verified), err(&verified));
    assert!(out(&verified).starts_with("tax-dollars: exact, "), "{}", out(&verified));

    count_a_ghost(folder.path());
    let differs = run(&["aggregates", "verify"]);
    assert_eq!(differs.status.code(), Some(1));
    assert!(
        out(&differs).contains("tax-dollars: DIFFERS") && out(&differs).contains("total, people: summary"),
        "{}",
        out(&differs)
    );
    assert!(err(&differs).contains("allot aggregates rebuild"), "{}", err(&differs));
    let differs = run(&["aggregates", "verify", "--budget", "tax-dollars", "--json"]);
    assert_eq!(differs.status.code(), Some(1));
    let found = json(&differs);
    assert_eq!((&found["exact"], &found["audited"]), (&false.into(), &"sqlite:data/allot.sqlite".into()), "{found}");
    let off = &found["budgets"][0]["differences"][0];
    assert_eq!((&off["cell"], &off["what"]), (&"total".into(), &"people".into()), "{found}");
    assert_eq!(off["summary"].as_i64(), off["submissions"].as_i64().map(|people| people + 1), "{found}");

    let rebuilt = run(&["aggregates", "rebuild"]);
    assert!(rebuilt.status.success() && out(&rebuilt).contains("corrected with version"), "{}", out(&rebuilt));
    let again = json(&run(&["aggregates", "rebuild", "--budget", "tax-dollars", "--json"]));
    assert_eq!((&again[0]["before"]["exact"], &again[0]["corrected"]), (&true.into(), &Value::Null), "{again}");
    assert!(run(&["aggregates", "verify"]).status.success());
    let stats = out(&run(&["db", "stats", "--days", "3"]));
    assert!(stats.contains("tax-dollars: ") && stats.contains(" counted, version "), "{stats}");
}

#[test]
fn old_months_are_archived_and_no_total_changes() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), arguments, &[]);
    // Spread over the year before now.
    assert!(run(&["simulate", "--submissions", "400"]).status.success());
    let counted = out(&run(&["aggregates", "verify"]));
    let taken = |text: &str| {
        let line = text.lines().last().unwrap_or_default();
        line.strip_suffix(" submissions were taken out").and_then(|count| count.parse::<u64>().ok())
    };
    let dry = out(&run(&["db", "archive", "--dry-run"]));
    assert!(dry.contains("(nothing was changed)") && dry.contains(" counted submissions to archive"), "{dry}");
    let archived = run(&["db", "archive"]);
    assert!(taken(&out(&archived)).is_some_and(|count| count > 100), "{}{}", out(&archived), err(&archived));
    assert_eq!(out(&run(&["aggregates", "verify"])), counted);
    assert_eq!(taken(&out(&run(&["db", "archive"]))), Some(0));
    let refused = run(&["db", "archive", "--before", "2999-01"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("hint: a month must have ended 120 days ago"), "{}", err(&refused));
    assert_eq!(run(&["db", "archive", "--before", "May"]).status.code(), Some(2));
    let refused = run(&["simulate", "--submissions", "9", "--seed", "2"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).starts_with("error: this can't be stored: what was submitted before 20"),
        "{}",
        err(&refused)
    );
    let copied = run(&["db", "copy", "--from", "sqlite:data/allot.sqlite", "--to", "sqlite:copy.sqlite"]);
    assert!(copied.status.success() && out(&copied).contains(" archived submissions count on"), "{}", err(&copied));
    let of_copy = out(&run(&["aggregates", "verify", "--database-url", "sqlite:copy.sqlite"]));
    let people = |text: &str| text.split(" counted").next().unwrap().to_owned();
    assert_eq!(people(&of_copy), people(&counted));
}

/// Adds somebody to the summary who never submitted.
fn count_a_ghost(folder: &std::path::Path) {
    use domain::summary::{Cell, CellKey, Summary};
    use service::port::{Clock, Store, SystemClock};
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = store_sqlite::SqliteStore::open(folder.join("data/allot.sqlite").to_str().unwrap()).unwrap();
        let budgets = store.budgets().await.unwrap();
        let record = budgets.iter().find(|record| record.budget.slug == "tax-dollars").unwrap();
        let mut points = vec![0; record.budget.categories.len()];
        points[0] = 10_000;
        let mut cell = Cell::empty(points.len());
        cell.count(&points, 1);
        let mut ghost = Summary::default();
        ghost.merge_cell(CellKey::Total, &cell, 1);
        store.correct(record.id, &ghost, record.head, SystemClock.now()).await.unwrap();
    });
}

#[test]
fn an_unknown_budget_is_named_and_the_way_to_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [&["aggregates", "verify", "--budget", "x"][..], &["simulate", "--submissions", "1", "--budget", "x"]]
    {
        let failed = run(folder.path(), arguments, &[]);
        assert_eq!(failed.status.code(), Some(1));
        assert!(
            err(&failed).contains("no budget \"x\"") && err(&failed).contains("allot budget list"),
            "{}",
            err(&failed)
        );
    }
}

#[test]
fn a_budget_is_closed_and_opened_by_its_slug() {
    let folder = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let done = run(folder.path(), arguments, &[]);
        assert!(done.status.success(), "{arguments:?}: {}", err(&done));
        out(&done)
    };
    said(&["budget", "import", concat!(env!("CARGO_MANIFEST_DIR"), "/budgets/us-fy2024.toml")]);
    assert_eq!(said(&["budget", "close", "us-fy2024"]), "us-fy2024: closed\n");
    assert!(said(&["budget", "list"]).contains("closed"));
    assert_eq!(said(&["budget", "open", "us-fy2024"]), "us-fy2024: open\n");
    assert_eq!(run(folder.path(), &["budget", "close", "atlantis"], &[]).status.code(), Some(1));
}

#[test]
fn health_is_an_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Serving::start(folder.path());
    let address = server.address.to_string();
    let ask = |arguments: &[&str]| run(folder.path(), arguments, &[("ALLOT_ADDR", &address)]);
    for arguments in [&["health"][..], &["health", "--live"]] {
        let healthy = ask(arguments);
        assert!(healthy.status.success() && out(&healthy).starts_with("{\"status\":\"ok\""), "{}", out(&healthy));
    }
    assert!(server.terminate());
    let gone = ask(&["health"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(err(&gone).contains(&address) && err(&gone).contains("hint: "), "{}", err(&gone));
}

#[test]
fn a_service_manager_is_told_when_requests_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let settings = [("NOTIFY_SOCKET".to_owned(), path.to_str().unwrap().to_owned())];
    let _server = Serving::start_at(folder.path(), "127.0.0.1:0", &settings);
    let mut message = [0; 64];
    let length = socket.recv(&mut message).unwrap();
    assert_eq!(&message[..length], b"READY=1");
}
