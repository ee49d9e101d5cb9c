//! How many statements each page costs the database: one round trip at the most, and a second one for an older split of
//! one's own to begin with.
//!
//! PostgreSQL itself writes down every statement. A page is asked for many times, so that what the server does beside the
//! requests a few times a second doesn't count.

use crate::{
    client::Call,
    cluster::Cluster,
    support::{AGGREGATE, SUBMIT, Server, new_id, points, submission},
};
use allot::config::Key;
use serde_json::{Value, json};
use std::{collections::HashMap, fs, path::PathBuf};

/// So often a page is asked for.
const TIMES: usize = 40;

struct Database {
    cluster: Cluster,
    server: Server,
}

impl Database {
    async fn start() -> Self {
        let cluster = Cluster::start(&["log_statement = all\nlog_line_prefix = ''"]);
        cluster.run("createdb", &["counted"]);
        let url = format!("postgres://allot@localhost/counted?host={}", cluster.folder);
        let secret = "a secret of the tests, and of nobody else";
        let server = Server::start_with(&[(Key::DatabaseUrl, &url), (Key::Secret, secret)]).await;
        Self { cluster, server }
    }

    fn log(&self) -> PathBuf {
        PathBuf::from(&self.cluster.folder).join("log")
    }

    /// The statements that one request costs, each as often as it does.
    async fn cost(&self, request: impl Fn(&Server) -> Call, status: u16) -> Vec<String> {
        let before = fs::metadata(self.log()).unwrap().len() as usize;
        for _ in 0..TIMES {
            let answer = request(&self.server).send().await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        let log = fs::read(self.log()).unwrap();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for line in String::from_utf8_lossy(&log[before..]).lines() {
            *counts.entry(statement(line).unwrap_or_default().to_owned()).or_default() += 1;
        }
        counts.remove("");
        let rounded = counts.into_iter().map(|(statement, count)| (statement, (count + TIMES / 2) / TIMES));
        rounded.flat_map(|(statement, times)| vec![statement; times]).collect()
    }
}

/// The beginning of a statement that a line of the log tells of.
fn statement(line: &str) -> Option<&str> {
    let told = line.strip_prefix("LOG:  ")?;
    match told.strip_prefix("statement: ") {
        Some(statement) => Some(statement),
        // Names of prepared statements differ between connections.
        None => Some(told.strip_prefix("execute ")?.split_once(": ")?.1),
    }
}

#[tokio::test]
async fn pages_cost_one_round_trip_to_the_database_at_the_most_and_one_of_them_two() {
    let database = Database::start().await;
    let cookie = database.server.consent().await;
    let submit = async |body: &Value| {
        let answer = database.server.post(SUBMIT, body).header("cookie", &cookie).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    };
    let older = submit(&submission(&[1000])).await["id"].as_str().unwrap().to_owned();
    let own = submit(&submission(&[2500])).await;
    let own = (own["id"].as_str().unwrap().to_owned(), own["manage"].as_str().unwrap().to_owned());
    let other = database.server.submit(&submission(&[3000])).await["id"].as_str().unwrap().to_owned();
    let (id, token) = (&own.0, &own.1);
    let html = database.server.get("/").send().await.text();
    let palette = html.split('"').find(|part| part.starts_with("/palette/")).unwrap().to_owned();
    // Path, whether the cookie is sent, statements.
    let pages = [
        ("/".to_owned(), false, 0),
        ("/".to_owned(), true, 1),
        ("/es".to_owned(), true, 1),
        ("/b/us-fy2024".to_owned(), true, 1),
        ("/?preset=last".to_owned(), true, 1),
        (format!("/?from={id}"), true, 1),
        (format!("/?from={older}"), true, 2),
        (format!("/?from={other}"), false, 1),
        (format!("/results/{id}"), true, 1),
        (format!("/results/{other}"), false, 1),
        (format!("/results/{id}/delete"), true, 1),
        (format!("/results/{id}/manage?code={token}"), false, 1),
        (format!("/results/{id}/export.json"), true, 1),
        (format!("/results/{id}/export.csv"), true, 1),
        ("/history".to_owned(), true, 1),
        ("/history?skip=1".to_owned(), true, 1),
        ("/history".to_owned(), false, 0),
        ("/history/export.json".to_owned(), true, 1),
        ("/history/delete".to_owned(), true, 1),
        ("/aggregate".to_owned(), true, 0),
        ("/b/us-fy2024/aggregate".to_owned(), false, 0),
        ("/budgets".to_owned(), true, 0),
        ("/about".to_owned(), true, 0),
        ("/offline".to_owned(), true, 0),
        (palette, false, 0),
        (AGGREGATE.to_owned(), false, 0),
        ("/api/v1/budgets".to_owned(), false, 0),
        (format!("/api/v1/submissions/{id}"), false, 1),
    ];
    for (path, known, expected) in pages {
        let request = |server: &Server| {
            let call = server.get(&path);
            if known { call.header("cookie", &cookie) } else { call }
        };
        let cost = database.cost(request, 200).await;
        assert_eq!(cost.len(), expected, "{path}: {cost:#?}");
    }
    assert_eq!(database.cost(|server| server.get("/nowhere"), 404).await, [""; 0]);
    let nobody = format!("/results/{}", new_id());
    let cost = database.cost(|server| server.get(&nobody), 404).await;
    assert_eq!(cost.len(), 1, "{cost:#?}");

    let paths = [format!("/api/v1/submissions/{id}"), format!("/api/v1/submissions/{other}"), AGGREGATE.to_owned()];
    let batch = json!({ "requests": paths.map(|path| json!({ "path": path })) });
    let cost = database.cost(|server| server.post("/api/v1/batch", &batch), 200).await;
    assert_eq!(cost.len(), 1, "a batch looks all its submissions up together: {cost:#?}");

    let cost = database.cost(|server| server.post(SUBMIT, &submission(&[1])), 201).await;
    assert_eq!(cost.len(), 1, "a submission: {cost:#?}");
    let replay = json!({ "id": id, "points": points(&[2500]) });
    let cost = database.cost(|server| server.post(SUBMIT, &replay), 200).await;
    assert_eq!(cost.len(), 1, "a replay: {cost:#?}");
}
