//! Submitting and reading submissions.

use crate::support::{SUBMIT, Server, id_at, new_id, now, points, submission};
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;

#[tokio::test]
async fn a_submission_is_counted_at_once_and_can_be_read_by_its_address() {
    let server = Server::start().await;
    let answer = server.post(SUBMIT, &submission(&[2500, 500])).send().await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let receipt = answer.json();
    assert_eq!(receipt["budget"], "tax-dollars");
    assert_eq!(receipt["counted"], true);
    assert!(receipt["version"].as_i64().unwrap() > 0);
    assert_eq!(server.counted().await, 1);
    let read = server.get(answer.header("location")).send().await;
    assert_eq!(read.status, 200);
    let read = read.json();
    assert_eq!((&read["id"], &read["counted"]), (&receipt["id"], &json!(true)));
    assert_eq!(read["points"], points(&[2500, 500]));
    assert!(read["at"].as_str().unwrap().ends_with('Z'));
    assert!(read.get("manage").is_none(), "the shareable address must not give the token away");
}

#[tokio::test]
async fn a_replay_is_answered_to_the_letter_and_counts_once() {
    let server = Server::start().await;
    let body = json!({ "id": new_id(), "points": points(&[1]) });
    let first = server.post(SUBMIT, &body).send().await;
    let again = server.post(SUBMIT, &body).send().await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(server.counted().await, 1);
}

#[tokio::test]
async fn a_replay_of_a_superseded_submission_still_says_what_the_first_answer_said() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    let body = json!({ "id": id_at(now() - 5000, 1), "points": points(&[1]) });
    let send = |body: Value| server.post(SUBMIT, &body).header("cookie", &cookie).send();
    let first = send(body.clone()).await;
    assert_eq!(send(json!({ "id": id_at(now() - 4000, 2), "points": points(&[2]) })).await.status, 201);
    let again = send(body).await;
    assert_eq!(again.status, 200);
    assert_eq!(first.body, again.body);
    assert_eq!(server.counted().await, 1);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_a_conflict_and_changes_nothing() {
    let server = Server::start().await;
    let id = new_id();
    server.submit(&json!({ "id": id, "points": points(&[1]) })).await;
    server.post(SUBMIT, &json!({ "id": id, "points": points(&[2]) })).send().await.problem(409, "conflict");
    let elsewhere = "/api/v1/budgets/us-fy2024/submissions";
    let other = json!({ "id": id, "points": us_points() });
    server.post(elsewhere, &other).send().await.problem(409, "conflict");
    let read = server.get(&format!("/api/v1/submissions/{id}")).send().await.json();
    assert_eq!(read["points"], points(&[1]));
}

fn us_points() -> Value {
    json!({ "social-security": 10_000, "medicare": 0, "medicaid": 0, "defense": 0, "income-security-veterans": 0,
        "net-interest": 0, "foreign-aid": 0, "other": 0 })
}

#[tokio::test]
async fn a_participant_has_one_counted_submission_the_newest() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    for first in [100, 200, 300] {
        assert_eq!(server.post(SUBMIT, &submission(&[first])).header("cookie", &cookie).send().await.status, 201);
    }
    assert_eq!(server.counted().await, 1);
    let aggregate = server.get(crate::support::AGGREGATE).send().await.json();
    assert_eq!(aggregate["categories"][0]["sum_points"], 300);
}

#[tokio::test]
async fn without_a_cookie_and_with_a_forged_one_each_submission_stands_alone() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    let (name, value) = cookie.split_once('=').unwrap();
    let mut forged = value.to_owned().into_bytes();
    forged[0] = if forged[0] == b'0' { b'1' } else { b'0' };
    let forged = format!("{name}={}", String::from_utf8(forged).unwrap());
    for cookie in ["", &forged, &forged, "allot_participant=", "allot_participant=0000000000000000.0"] {
        let answer = server.post(SUBMIT, &submission(&[1])).header("cookie", cookie).send().await;
        assert_eq!(answer.json()["counted"], true);
        assert_eq!(answer.header("set-cookie"), "", "no cookie without consent");
    }
    assert_eq!(server.counted().await, 5);
}

#[tokio::test]
async fn wrong_values_are_422_with_a_complaint_for_each_field() {
    let server = Server::start().await;
    let with = |slug: &str, value: Value| {
        let mut body = submission(&[]);
        body["points"][slug] = value;
        body
    };
    let mut missing = submission(&[]);
    missing["points"].as_object_mut().unwrap().remove("education");
    for (body, field) in [
        (with("healthcare", json!(-1)), "points.healthcare"),
        (with("healthcare", json!(10_001)), "points.healthcare"),
        (with("healthcare", json!(0.5)), "points.healthcare"),
        (with("healthcare", json!("0")), "points.healthcare"),
        (with("healthcare", json!(i64::MIN)), "points.healthcare"),
        (with("healthcare", json!(u64::MAX)), "points.healthcare"),
        (with("healthcare", json!(1)), "points"),
        (with("unknown", json!(0)), "points.unknown"),
        (missing, "points.education"),
        (json!({ "points": {} }), "points.healthcare"),
        (json!({}), "points"),
        (json!([]), "body"),
        (json!({ "points": points(&[]), "id": "f47ac10b-58cc-4372-a567-0e02b2c3d479" }), "id"),
        (json!({ "points": points(&[]), "id": 7 }), "id"),
        (json!({ "points": points(&[]), "segments": { "age": "old" } }), "segments.age"),
        (json!({ "points": points(&[]), "segments": [] }), "segments"),
        (json!({ "points": points(&[]), "comment": "hello" }), "comment"),
    ] {
        let problem = server.post(SUBMIT, &body).send().await.problem(422, "invalid");
        let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
        assert!(fields.contains(&json!(field)), "{body}: {problem}");
        assert!(problem["errors"][0]["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    assert_eq!(server.counted().await, 0);
}

#[tokio::test]
async fn a_new_id_must_be_of_our_time() {
    let server = Server::start().await;
    for (millis, status) in
        [(now() - 91 * DAY, 422), (now() + 2 * DAY, 422), (now() - 89 * DAY, 201), (now() + DAY / 2, 201)]
    {
        let answer = server.post(SUBMIT, &json!({ "id": id_at(millis, 7), "points": points(&[]) })).send().await;
        assert_eq!(answer.status, status, "{}", answer.text());
        if status == 422 {
            assert_eq!(answer.json()["errors"][0]["field"], "id");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let server = Server::start().await;
    server.post("/api/v1/budgets/atlantis/submissions", &submission(&[])).send().await.problem(404, "not-found");
    for id in ["0192d3a4-58cc-7372-8567-0e02b2c3d479", "7", "%ff", "0192d3a4-58cc-4372-8567-0e02b2c3d479"] {
        server.get(&format!("/api/v1/submissions/{id}")).send().await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_closed_budget_takes_nothing_but_replays() {
    let server = Server::start().await;
    let body = json!({ "id": new_id(), "points": points(&[1]) });
    let first = server.post(SUBMIT, &body).send().await;
    let folder = server.stop().await;
    close(folder.path()).await;
    let server = Server::start_in(folder, &[], |_| {}).await;
    server.post(SUBMIT, &submission(&[2])).send().await.problem(409, "closed");
    let again = server.post(SUBMIT, &body).send().await;
    assert_eq!((again.status.as_u16(), again.body), (200, first.body));
    assert_eq!(server.counted().await, 1);
}

async fn close(folder: &std::path::Path) {
    use service::port::{Clock, Store, SystemClock};
    let store = store_sqlite::SqliteStore::open(folder.join("allot.sqlite").to_str().unwrap()).unwrap();
    let budgets = store.budgets().await.unwrap();
    let budget = budgets.iter().find(|record| record.budget.slug == "tax-dollars").unwrap();
    assert!(store.set_closed(budget.id, true, SystemClock.now()).await.unwrap());
}
