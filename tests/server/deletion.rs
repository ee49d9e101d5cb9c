//! Taking a submission back.

use crate::support::{SUBMIT, Server, points, submission};
use serde_json::json;

#[tokio::test]
async fn the_manage_token_of_the_receipt_deletes_and_the_id_alone_does_not() {
    let server = Server::start().await;
    let receipt = server.submit(&submission(&[1])).await;
    let path = format!("/api/v1/submissions/{}", receipt["id"].as_str().unwrap());
    let token = receipt["manage"].as_str().unwrap();
    server.delete(&path).send().await.problem(403, "forbidden");
    for wrong in
        ["Bearer ", "Bearer 00", &format!("Basic {token}"), &format!("Bearer {}", token.replace('a', "b") + "0")]
    {
        server.delete(&path).header("authorization", wrong).send().await.problem(403, "forbidden");
    }
    assert_eq!(server.counted().await, 1);
    let answer = server.delete(&path).header("authorization", &format!("Bearer {token}")).send().await;
    assert_eq!(answer.status, 204);
    assert!(answer.body.is_empty());
    assert_eq!(server.counted().await, 0);
}

#[tokio::test]
async fn a_deleted_submission_is_gone_for_readers_replays_and_a_second_deletion() {
    let server = Server::start().await;
    let body = json!({ "id": crate::support::new_id(), "points": points(&[1]) });
    let receipt = server.submit(&body).await;
    let path = format!("/api/v1/submissions/{}", receipt["id"].as_str().unwrap());
    let token = format!("Bearer {}", receipt["manage"].as_str().unwrap());
    assert_eq!(server.delete(&path).header("authorization", &token).send().await.status, 204);
    server.get(&path).send().await.problem(410, "deleted");
    server.post(SUBMIT, &body).send().await.problem(410, "deleted");
    server.delete(&path).header("authorization", &token).send().await.problem(410, "deleted");
    assert_eq!(server.counted().await, 0);
}

#[tokio::test]
async fn the_participant_deletes_by_cookie_and_their_next_newest_counts() {
    let server = Server::start().await;
    let (mine, other) = (server.consent().await, server.consent().await);
    let mut paths = Vec::new();
    for first in [100, 200] {
        let answer = server.post(SUBMIT, &submission(&[first])).header("cookie", &mine).send().await;
        paths.push(answer.header("location").to_owned());
    }
    server.delete(&paths[1]).header("cookie", &other).send().await.problem(403, "forbidden");
    // A page may send a stale token along with the right cookie.
    let answer = server.delete(&paths[1]).header("cookie", &mine).header("authorization", "Bearer 00").send().await;
    assert_eq!(answer.status, 204);
    let aggregate = server.get(crate::support::AGGREGATE).send().await.json();
    assert_eq!(aggregate["submissions"], 1);
    assert_eq!(aggregate["categories"][0]["sum_points"], 100);
}

#[tokio::test]
async fn deleting_what_never_was_is_404() {
    let server = Server::start().await;
    for id in ["0192d3a4-58cc-7372-8567-0e02b2c3d479", "x"] {
        server.delete(&format!("/api/v1/submissions/{id}")).send().await.problem(404, "not-found");
    }
}
