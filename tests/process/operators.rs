//! What operators ask the command line for: a check-up, a look into the database, caches, and what people request.

use crate::{
    fleet::{Fleet, Postgres},
    jobs,
    program::{Connection, Serving, allot, err, out, run},
    traffic::{JSON, Random, SUBMIT, submission},
};
use serde_json::Value;
use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, process::Output};

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).unwrap_or_else(|error| panic!("{error}: {}{}", out(output), err(output)))
}

#[test]
fn the_doctor_makes_nothing_and_says_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = |arguments: &[&str], settings: &[(&str, &str)]| {
        let mut command = allot(folder.path(), &[&["doctor"], arguments].concat());
        command.env_remove("RUST_LOG").envs(settings.iter().copied()).output().unwrap()
    };
    let nothing_yet = doctor(&[], &[("ALLOT_ADDR", "127.0.0.1:1")]);
    assert!(nothing_yet.status.success(), "{}{}", out(&nothing_yet), err(&nothing_yet));
    assert!(out(&nothing_yet).contains("WARN  sqlite:data/allot.sqlite is not there yet"), "{}", out(&nothing_yet));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it makes nothing");

    let server = Serving::start(folder.path());
    let address = server.address.to_string();
    let here = [("ALLOT_ADDR", address.as_str())];
    let healthy = doctor(&[], &here);
    let text = out(&healthy);
    assert!(healthy.status.success(), "{text}{}", err(&healthy));
    for line in
        ["ok    SQLite 3.", "ok    the schema is of this version", &format!("ok    the server at {address} is ready")]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    for (file, mode) in [("data", 0o755), ("data/secret", 0o644)] {
        fs::set_permissions(folder.path().join(file), fs::Permissions::from_mode(mode)).unwrap();
    }
    let open = doctor(&["--json"], &here);
    let machine = json(&open).as_array().unwrap().iter().find(|area| area["area"] == "machine").unwrap().clone();
    let secret =
        machine["checks"].as_array().unwrap().iter().find(|check| check["advice"] == "`chmod 600 data/secret`");
    assert_eq!(secret.unwrap()["verdict"], "warn", "{machine}");

    let no_redis = doctor(&[], &[("ALLOT_ADDR", &address), ("REDIS_URL", "redis://127.0.0.1:1")]);
    assert_eq!(no_redis.status.code(), Some(1));
    assert!(out(&no_redis).contains("FAIL  Redis at 127.0.0.1:1"), "{}", out(&no_redis));
    assert!(err(&no_redis).starts_with("error: 1 checks failed"), "{}", err(&no_redis));
    let wrong = doctor(&["--json"], &[("ALLOT_PROFILE", "live")]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(json(&wrong)[0]["checks"][0]["what"].as_str().unwrap().starts_with("ALLOT_PROFILE is \"live\""));
}

#[test]
fn a_sqlite_database_is_looked_into_and_a_missing_index_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| run(folder.path(), arguments, &[]);
    let nothing = run(&["db", "analyze"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(err(&nothing).contains("there is no file data/allot.sqlite"), "{}", err(&nothing));
    assert!(run(&["simulate", "--submissions", "2000", "--seed", "3"]).status.success());
    let all = run(&["db", "analyze"]);
    assert!(all.status.success(), "{}{}", out(&all), err(&all));
    for part in ["== slow", "== pool", "== indexes", "== sizes", "== cache", "ok    the file is whole", "can't tell: "]
    {
        assert!(out(&all).contains(part), "{part} in {}", out(&all));
    }
    let sizes = json(&run(&["db", "analyze", "--mode", "sizes", "--json"]));
    let rows = sizes["sizes"]["rows"].as_array().unwrap();
    assert_eq!(rows.iter().find(|row| row["table"] == "submission").unwrap()["rows"], 2000, "{sizes}");
    let file = rusqlite::Connection::open(folder.path().join("data/allot.sqlite")).unwrap();
    file.execute_batch("DROP INDEX submission_of_participant").unwrap();
    let slow = run(&["db", "analyze", "--mode", "slow"]);
    assert_eq!(slow.status.code(), Some(1));
    assert!(err(&slow).contains("every submission is read by: SELECT"), "{}", err(&slow));

    let stats = json(&run(&["db", "stats", "--days", "3", "--budget", "tax-dollars", "--json"]));
    let of = &stats["budgets"][0];
    assert_eq!((&of["participation"]["submissions"], of["days"].as_array().unwrap().len()), (&2000.into(), 3), "{of}");
    let (returning, participants) =
        (of["participation"]["returning"].as_u64(), of["participation"]["participants"].as_u64());
    assert!(returning > Some(0) && returning < participants, "{of}");
    assert_eq!(of["categories"].as_array().unwrap().len(), 10);
}

/// A participant's two submissions: the cookie, and the link of each receipt.
fn two_of_a_participant(connection: &mut Connection) -> (String, [String; 2]) {
    let consent = connection.ask("POST", "/api/v1/participant", "", "").unwrap();
    let cookie = consent.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let mut random = Random(7);
    let links = [(); 2].map(|()| {
        let sent = submission(&mut random);
        let answer = connection.send("POST", SUBMIT, &format!("{JSON}cookie: {cookie}\r\n"), &sent.body).unwrap();
        let receipt: Value = serde_json::from_str(&answer.1).unwrap();
        format!("https://allot.example/es/results/{}/manage?code={}", sent.id, receipt["manage"].as_str().unwrap())
    });
    (cookie, links)
}

fn counted(connection: &mut Connection) -> Value {
    let (_, body) = connection.send("GET", "/api/v1/budgets/us-fy2024/aggregate", "", "").unwrap();
    serde_json::from_str::<Value>(&body).unwrap()["submissions"].clone()
}

#[test]
fn a_persons_submissions_are_found_by_their_receipt_and_deleted_when_they_ask() {
    let folder = tempfile::tempdir().unwrap();
    let server = Serving::start(folder.path());
    let mut connection = Connection::open(server.address).unwrap();
    let (_, [first, second]) = two_of_a_participant(&mut connection);
    let stranger = submission(&mut Random(8));
    assert_eq!(connection.send("POST", SUBMIT, JSON, &stranger.body).unwrap().0, 201);
    assert_eq!(counted(&mut connection), 2);
    let ask = |arguments: &[&str]| run(folder.path(), &[&["submissions"], arguments].concat(), &[]);
    let mine = json(&ask(&["find", "--link", &first, "--json"]));
    assert_eq!(mine["submissions"].as_array().unwrap().len(), 2, "{mine}");
    let forged = first.replace("code=", "code=0");
    for refused in [&["find", "--link", &forged][..], &["find", "--link", &stranger.id], &["delete", &forged, "--yes"]]
    {
        let refused = ask(refused);
        assert_eq!((refused.status.code(), out(&refused).as_str()), (Some(1), ""), "{}", err(&refused));
    }
    let shown = ask(&["show", &second]);
    assert!(out(&shown).contains("The code of the link fits"), "{}", out(&shown));
    let at_the_time = ask(&["find", "--from", "2020-01-01", "--to", "2100-01-01", "--limit", "2"]);
    assert!(out(&at_the_time).contains("There are more than 2"), "{}", out(&at_the_time));

    let asked = ask(&["delete", &second]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(err(&asked).contains("1 submission would be deleted; nothing was"), "{}", err(&asked));
    assert!(err(&ask(&["delete", &stranger.id, "--all", "--yes"])).contains("--all needs the link of a receipt"));
    // The newest goes, so the older one counts again.
    assert!(out(&ask(&["delete", &second, "--yes"])).ends_with("us-fy2024: 2 counted now\n"));
    let all = ask(&["delete", &first, "--all", "--yes"]);
    assert_eq!(out(&all), "1 submission deleted\nus-fy2024: 1 counted now\n", "{}", err(&all));
    let log = err(&all);
    assert!(!log.contains(&stranger.id) && !log.contains("code="), "{log}");
    let gone = ask(&["show", &first]);
    assert!(err(&gone).contains("was deleted in the last 92 days"), "{}", err(&gone));
    until(&mut connection, 1);
    assert!(run(folder.path(), &["aggregates", "verify"], &[]).status.success());
}

/// The running server follows what the command did.
fn until(connection: &mut Connection, submissions: u64) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while counted(connection) != submissions {
        assert!(std::time::Instant::now() < deadline, "{}", counted(connection));
    }
}

#[test]
fn a_server_warms_its_own_memory_when_it_starts() {
    let (folder, token) = (tempfile::tempdir().unwrap(), "a-token-of-operators-that-is-long-enough");
    let operators = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings =
        [("ALLOT_OPS_ADDR", operators.to_string()), ("ALLOT_OPS_TOKEN", token.into()), ("ALLOT_WORKER", "off".into())];
    let _server =
        Serving::start_at(folder.path(), "127.0.0.1:0", &settings.map(|(name, value)| (name.to_owned(), value)));
    let mut connection = Connection::open(operators).unwrap();
    jobs::until("every budget to be in memory, though nobody has asked", || {
        let asked = connection.send("GET", "/ops/cache/stats", &format!("authorization: Bearer {token}\r\n"), "");
        let stats: Value = serde_json::from_str(&asked.unwrap().1).unwrap();
        let budgets = stats["budgets"].as_array().unwrap();
        !budgets.is_empty() && budgets.iter().all(|of| of["memory"]["state"] == "current")
    });
}

#[test]
fn caches_of_several_servers_are_warmed_counted_checked_and_cleared() {
    let postgres = Postgres::start_with("shared_preload_libraries = 'pg_stat_statements'");
    let fleet = Fleet::start_with(postgres, |_, _, _| {});
    let servers: Vec<String> =
        fleet.addresses().iter().flat_map(|address| ["--server".to_owned(), address.to_string()]).collect();
    let with_servers = |arguments: &[&str]| {
        let servers: Vec<&str> = servers.iter().map(String::as_str).collect();
        fleet.command(&[arguments, servers.as_slice()].concat())
    };
    let key = |text: &str| text.replace("{}", &fleet.postgres.sql("SELECT id FROM instance"));
    let snapshots =
        || fleet.redis.ask(&format!("EVAL \"return #redis.call('KEYS','{}')\" 0", key("allot:{{}}:snapshot:*")));

    assert!(fleet.command(&["simulate", "--submissions", "300"]).0);
    let (done, warmed) = with_servers(&["cache", "warm", "--days", "1000"]);
    assert!(done, "{warmed}");
    assert!(
        warmed.contains("tax-dollars") && !warmed.contains("us-fy2024"),
        "only the budget with submissions: {warmed}"
    );
    assert!(warmed.contains("1 snapshots in memory") && warmed.contains("9 addresses of pages kept"), "{warmed}");
    assert!(with_servers(&["cache", "warm"]).0);
    assert_eq!(snapshots().unwrap(), ":3");
    let (healthy, told) = with_servers(&["cache", "health"]);
    assert!(healthy && told.matches("current").count() == 3 * 5, "{told}");

    let (_, stats) = with_servers(&["cache", "stats", "--json"]);
    let stats: Value = serde_json::from_str(&stats).unwrap_or_else(|error| panic!("{error}: {stats}"));
    assert_eq!(stats["servers"].as_array().unwrap().len(), 3);
    assert!(stats["servers"][0]["tiers"][0]["hits"].as_u64() > Some(0), "{stats}");
    let kinds = stats["redis"]["keys"].as_array().unwrap();
    assert_eq!((&kinds[0]["kind"], &kinds[0]["keys"]), (&"snapshots".into(), &3.into()), "{stats}");

    assert!(fleet.command(&["cache", "clear"]).1.starts_with("3 keys were taken out of Redis"));
    assert_eq!(snapshots().unwrap(), ":0");
    let (healthy, told) = fleet.command(&["cache", "health", "--no-server"]);
    assert!(healthy && told.matches("cold").count() == 3, "cold is no illness: {told}");
    let phantom = format!("SET {} 9000000000000000000x", key("allot:{{}}:snapshot:1:1"));
    assert_eq!(fleet.redis.ask(&phantom).unwrap(), "+OK");
    let (healthy, told) = fleet.command(&["cache", "health", "--no-server"]);
    assert!(!healthy && told.contains("DAMAGED") && told.contains("hint: "), "{told}");
    assert!(with_servers(&["cache", "warm"]).0);
    assert!(with_servers(&["cache", "health"]).0, "warming mends it");
    let (healthy, told) = fleet.command(&["cache", "health", "--server", "127.0.0.1:1"]);
    assert!(!healthy && told.contains("UNAVAILABLE"), "{told}");

    let (_, cleared) = fleet.command(&["limits", "clear"]);
    assert!(cleared.starts_with("0 limits were taken out of Redis") && cleared.contains("in memory"), "{cleared}");
    database(&fleet);
    let (done, doctor) = fleet.command(&["doctor"]);
    // The tests' own server does without fsync, to be quick.
    assert!(!done && doctor.contains("FAIL  fsync is off") && doctor.contains("takes writes"), "{doctor}");
}

/// PostgreSQL tells about itself.
fn database(fleet: &Fleet) {
    let (_, slow) = fleet.command(&["db", "analyze", "--mode", "slow"]);
    assert!(slow.contains("CREATE EXTENSION pg_stat_statements"), "{slow}");
    fleet.postgres.sql("CREATE EXTENSION pg_stat_statements");
    let (done, slow) = fleet.command(&["db", "analyze", "--mode", "slow"]);
    assert!(done && slow.contains("SELECT"), "{slow}");
    assert!(!fleet.command(&["db", "analyze", "--mode", "slow", "--threshold", "3600000"]).1.contains("SELECT"));
    let (_, pool) = fleet.command(&["db", "analyze", "--mode", "pool"]);
    assert!(pool.contains("of 300 connections are in use"), "{pool}");
    let (done, indexes) = fleet.command(&["db", "analyze", "--mode", "indexes"]);
    assert!(done && indexes.contains("submission_counted_of_participant"), "{indexes}");
    let (done, sizes) = fleet.command(&["db", "analyze", "--mode", "sizes"]);
    assert!(done && sizes.contains("summary_cell"), "{sizes}");
    assert!(fleet.command(&["db", "analyze", "--mode", "cache"]).1.contains("shared_buffers"));
    let (_, health) = fleet.command(&["db", "analyze", "--mode", "health"]);
    assert!(health.contains("ok    the months to come have their partitions"), "{health}");
    let (done, stats) = fleet.command(&["db", "stats"]);
    assert!(done && stats.contains("300 submissions stored"), "{stats}");
}

#[test]
fn admin_is_another_name_for_the_same_commands() {
    let folder = tempfile::tempdir().unwrap();
    let same = |arguments: &[&str]| {
        let run = |folder: &Path, arguments: &[&str]| run(folder, arguments, &[]);
        let (one, other) = (run(folder.path(), arguments), run(folder.path(), &[&["admin"], arguments].concat()));
        assert_eq!((out(&one), one.status.code()), (out(&other), other.status.code()));
        assert!(!out(&one).is_empty(), "{}", err(&one));
    };
    same(&["budget", "list"]);
    same(&["limits", "clear"]);
}
