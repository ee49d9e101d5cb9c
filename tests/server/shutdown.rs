//! Stopping in order.

use crate::support::{SUBMIT, Server, new_id, points};
use serde_json::json;

#[tokio::test]
async fn what_was_accepted_before_a_stop_is_committed_and_answered() {
    let mut server = Server::start().await;
    server.submit(&json!({ "id": new_id(), "points": points(&[1]) })).await;
    let mut sent = tokio::task::JoinSet::new();
    for n in 0..200u64 {
        let http = server.http();
        sent.spawn(async move {
            let body = json!({ "id": new_id(), "points": points(&[n]) });
            http.try_post(SUBMIT, &body).await
        });
    }
    // Some are answered already, some are on their way, some find the door closed.
    let first = sent.join_next().await.unwrap().unwrap();
    server.ask_to_stop();
    let mut acknowledged = 1 + u64::from(first.is_some_and(|status| status == 201));
    while let Some(status) = sent.join_next().await {
        match status.unwrap().map(|status| status.as_u16()) {
            Some(201) => acknowledged += 1,
            Some(503) | None => {}
            Some(other) => panic!("{other}"),
        }
    }
    let server = Server::start_in(server.stop().await, &[], |_| {}).await;
    let counted = server.counted().await;
    assert!(counted >= acknowledged, "{counted} of {acknowledged}");
    assert!(acknowledged >= 2);
}
