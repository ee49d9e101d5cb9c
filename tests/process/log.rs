//! What the log says, and what it never says (docs/logging.md).

use crate::{
    program::{Connection, allot, signal},
    traffic::JSON,
};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    process::Stdio,
};

const SECRET: &str = "a secret that no log may ever show";
const ADDRESS: &str = "203.0.113.77";
/// What the predecessor called a session.
const OLD_KEY: &str = "abcdefghijklmnopqrstuvwxyz012345";
const AGENT: &str = "nobodys-browser/7";

#[test]
fn the_log_is_one_object_a_line_and_says_nothing_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = allot(folder.path(), &["serve", "--addr", "127.0.0.1:0"])
        .env("RUST_LOG", "debug")
        .env("ALLOT_SECRET", SECRET)
        .env("ALLOT_TRUSTED_PROXIES", "127.0.0.1")
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("Allot listens on http://").unwrap().parse().unwrap();
    let mut connection = Connection::open(address).unwrap();
    let about = format!("x-forwarded-for: {ADDRESS}\r\nuser-agent: {AGENT}\r\n");
    let consent = connection.ask("POST", "/api/v1/participant", &about, "").unwrap();
    let cookie = consent.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let about = format!("{about}cookie: {cookie}\r\n{JSON}");
    let points = |first: u32| {
        json!({ "points": {
            "healthcare": first, "education": 0, "defense-military": 0, "infrastructure": 0, "social-security": 0,
            "environment": 0, "science-research": 0, "public-safety": 0, "housing-community": 0, "other": 10_000_u32.saturating_sub(first)
        }})
        .to_string()
    };
    let submit = "/api/v1/budgets/tax-dollars/submissions";
    let (status, receipt) = connection.send("POST", submit, &about, &points(1234)).unwrap();
    assert_eq!(status, 201, "{receipt}");
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    let (id, manage) = (receipt["id"].as_str().unwrap(), receipt["manage"].as_str().unwrap());
    assert_eq!(connection.send("POST", submit, &about, &points(20_000)).unwrap().0, 422);
    connection.send("GET", &format!("/results/{id}?asked=by-somebody"), &about, "").unwrap();
    connection.send("GET", &format!("/results/{OLD_KEY}/"), &about, "").unwrap();
    connection.send("GET", &format!("/results/{OLD_KEY}"), &about, "").unwrap();
    let bearer = format!("{about}authorization: Bearer {manage}\r\n");
    assert_eq!(connection.send("DELETE", &format!("/api/v1/submissions/{id}"), &bearer, "").unwrap().0, 204);
    signal(server.id(), "TERM");
    assert!(server.wait().unwrap().success());

    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopping"), "{text}");
    for line in &lines {
        assert!(line["timestamp"].is_string() && line["level"].is_string() && line["target"].is_string(), "{line}");
    }
    let value = cookie.split_once('=').unwrap().1;
    for private in [SECRET, ADDRESS, AGENT, value, manage, OLD_KEY, "by-somebody", "healthcare"] {
        assert!(!text.contains(private), "{private} is in\n{text}");
    }
}
